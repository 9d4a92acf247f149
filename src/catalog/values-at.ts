/** Values inside of JSON, by dotted paths. */

/** Items that a path may lead through. */
export const valuesMax = 10_000

/** What stands for more values than that: one that is no text, no number and no list, so that nobody takes a part for all. */
const TOO_MANY: readonly unknown[] = Object.freeze([Object.freeze({})])

/** The values at a dotted path, in which `*` is each item of a list. */
export function valuesAt(value: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [value]
  for (const step of path.split('.')) {
    if (step === '*' && countItems(values) > valuesMax) return TOO_MANY
    values = values.flatMap((at): readonly unknown[] => {
      if (step === '*') return Array.isArray(at) ? at : []
      return typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? [(at as Readonly<Record<string, unknown>>)[step]]
        : []
    })
  }
  return values.filter((at) => at !== null && at !== undefined)
}

function countItems(lists: readonly unknown[]): number {
  return lists.reduce((sum: number, list) => sum + (Array.isArray(list) ? list.length : 0), 0)
}
