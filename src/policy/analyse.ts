/** What `weir check` says of a policy that compiles: what will be opened and for which rule, and rules that do nothing. */
import { type Problem, sortProblems } from '../text/problem.ts'
import type { CompiledPolicy } from './compiled.ts'
import type { Finding } from './finding.ts'
import { findHidden } from './hidden.ts'
import { listOpenings, type Opening } from './openings.ts'
import { findSecretRules } from './secret-findings.ts'
import { findServices } from './service-findings.ts'
import { findShadows } from './shadow.ts'
import type { PolicySource } from './source.ts'
import { findTenants } from './tenant-findings.ts'
import { parseInstant } from './time.ts'
import { findUnused } from './unused.ts'

export interface Analysis {
  readonly openings: readonly Opening[]
  /** Warnings only, in the order of the text. */
  readonly problems: readonly Problem[]
}

/** `at`, in milliseconds since the epoch, is the instant at which `until` is judged. */
export function analyse(policy: CompiledPolicy, source: PolicySource, at: number): Analysis {
  return { openings: listOpenings(policy), problems: findWarnings(policy, source, at) }
}

/** The problems of `analyse` alone, which a policy of a million hosts has far sooner than its openings. */
export function findWarnings(policy: CompiledPolicy, source: PolicySource, at: number): readonly Problem[] {
  const findings = [
    ...findEnded(policy, at),
    ...findShadowed(policy),
    ...findHidden(policy),
    ...findTenants(policy),
    ...findServices(source.input),
    ...findSecretRules(source.input),
    ...findUnused(source.input),
  ]
  const problems = findings.map(({ path, part, message, hint }): Problem => {
    const problem: Problem = { severity: 'warning', message, ...source.locate(path, part) }
    return hint === undefined ? problem : { ...problem, hint }
  })
  return sortProblems(problems)
}

function findEnded(policy: CompiledPolicy, at: number): readonly Finding[] {
  return policy.rules.flatMap((rule) => {
    const until = rule.conditions.find(({ key }) => key === 'until')?.items[0]
    const end = until === undefined ? null : parseInstant(until)
    if (rule.position === null || end === null || end > at) return []
    const path = ['rules', rule.position, 'until']
    return {
      path,
      message: `rule ${rule.name ?? ''} ended at ${until ?? ''}`,
      hint: 'remove it, or set a later `until`',
    }
  })
}

function findShadowed(policy: CompiledPolicy): readonly Finding[] {
  return [...findShadows(policy.rules)].flatMap(([rule, shadow]) => {
    if (rule.position === null) return []
    const message = `rule ${rule.name ?? ''} is never reached: ${shadow.name ?? ''} decides everything it matches`
    return { path: ['rules', rule.position, 'name'], message, hint: 'move it up, or remove it' }
  })
}
