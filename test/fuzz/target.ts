/** What is fuzzed: the inputs of one parser, what must hold of each, and how long one of them may take. */
import * as fc from 'fast-check'

export interface FuzzTarget {
  readonly name: string
  /** The exports that it holds to account, as `FILE#NAME` with the file below src. */
  readonly parsers: readonly string[]
  /** Inputs of the short run: as many as take about half a second. */
  readonly shortRuns: number
  run(plan: FuzzPlan): Promise<FuzzOutcome>
}

/** The same plan makes the same inputs. */
export interface FuzzPlan {
  readonly seed: number
  readonly runs: number
}

export interface FuzzOutcome {
  readonly runs: number
  /** The smallest input found that does not hold, and how; null where all did. */
  readonly finding: string | null
}

interface Definition<T> {
  readonly name: string
  readonly parsers: readonly string[]
  readonly inputs: fc.Arbitrary<T>
  /** Throws where something does not hold. */
  readonly check: (input: T) => void | Promise<void>
  readonly shortRuns?: number
  /** Of this thread, for one input. */
  readonly cpuMaxMs?: number
}

const SHORT_RUNS = 400
/** A hundred times what any input takes: only what grows faster than its input comes near it. */
const CPU_MAX_MS = 1_000
/** A finding may cost its own second each time it is made smaller. */
const SHRINKS_MAX = 2_000

export function defineTarget<T>(definition: Definition<T>): FuzzTarget {
  const { name, parsers, inputs, check, shortRuns = SHORT_RUNS, cpuMaxMs = CPU_MAX_MS } = definition
  const property = fc.asyncProperty(fc.limitShrink(inputs, SHRINKS_MAX), async (input) => {
    const before = process.threadCpuUsage()
    await check(input)
    const { user, system } = process.threadCpuUsage(before)
    const spentMs = (user + system) / 1_000
    if (spentMs > cpuMaxMs) throw new Error(`one input took ${spentMs} ms, which may take ${cpuMaxMs} ms`)
  })
  return { name, parsers, shortRuns, run: (plan) => runProperty(property, plan) }
}

async function runProperty<T>(property: fc.IAsyncPropertyWithHooks<[T]>, plan: FuzzPlan): Promise<FuzzOutcome> {
  const details = await fc.check(property, { seed: plan.seed, numRuns: plan.runs })
  return { runs: details.numRuns, finding: details.failed ? describe(details) : null }
}

function describe<T>({ seed, counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[T]>): string {
  const [input] = counterexample ?? []
  const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance)
  return `seed ${seed}, path ${counterexamplePath ?? 'none'}\ninput ${fc.stringify(input)}\n${why}`
}
