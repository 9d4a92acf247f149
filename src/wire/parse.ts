/** The answer of every incremental parser: a value, "not yet", or "wrong". */

export type Parse<T> =
  | { readonly state: 'done'; readonly value: T /** Bytes consumed, from the start. */; readonly size: number }
  | { readonly state: 'more' }
  | { readonly state: 'bad'; readonly fault: string }

export const MORE = Object.freeze({ state: 'more' } as const)

export function done<T>(value: T, size: number): Parse<T> {
  return { state: 'done', value, size }
}

export function bad(fault: string): { readonly state: 'bad'; readonly fault: string } {
  return { state: 'bad', fault }
}
