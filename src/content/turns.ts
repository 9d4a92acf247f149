/** One thing after another, waiting only where there is something to wait for. */

type Wait = void | Promise<void>

/** Hands each event on; what follows one that is waited for comes when it is done. */
export function inTurn<T>(events: Iterable<T>, take: (event: T) => Wait): Wait {
  const iterator = events[Symbol.iterator]()
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    const wait = take(next.value)
    if (wait !== undefined) return goOn(wait, iterator, take)
  }
}

export function after(wait: Wait, next: () => Wait): Wait {
  return wait === undefined ? next() : wait.then(next)
}

async function goOn<T>(wait: Promise<void>, iterator: Iterator<T>, take: (event: T) => Wait): Promise<void> {
  await wait
  for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
    const more = take(next.value)
    if (more !== undefined) await more
  }
}
