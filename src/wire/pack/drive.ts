/** Runs steps one after another, and waits only behind one that asks for it: most packs are read without a single wait. */

/** True: go on. False: nothing to do now. A promise: go on when it is kept. */
export type Step = boolean | Promise<void>

export function drive(step: () => Step): void | Promise<void> {
  for (;;) {
    const answer = step()
    if (answer === false) return
    if (answer !== true) return driveOn(answer, step)
  }
}

/** One promise for all that is left: a chain of them would grow with the pack. */
async function driveOn(first: Promise<void>, step: () => Step): Promise<void> {
  for (let answer: Step = first; answer !== false; answer = step()) if (answer !== true) await answer
}
