/** Long work in short turns: between two of them the event loop serves whoever waits. */
import { setImmediate } from 'node:timers/promises'

// What a flow may have to wait for a turn to end; a single step may take a little longer.
export const turnBudgetMs = 4

/** Runs steps to their end. `signal` ends it between two turns with its reason. */
export async function runInTurns<T>(steps: Generator<unknown, T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted()
    const end = performance.now() + turnBudgetMs
    do {
      const step = steps.next()
      if (step.done === true) return step.value
    } while (performance.now() < end)
    await setImmediate()
  }
}
