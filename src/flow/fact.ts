/** What may be known of a flow, in the states that a three-valued policy needs. */

/**
 * - `known`: seen, with its value.
 * - `absent`: there is none (a page without a repository; the inside of bypassed TLS): every condition on it is "no".
 * - `unseen`: not visible yet; a later checkpoint will tell.
 * - `never`: it can never be seen; an allow rule needs proof and a deny rule only doubt.
 */
export type Fact<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unseen' }
  | { readonly state: 'never' }

export const ABSENT = Object.freeze({ state: 'absent' } as const)
export const UNSEEN = Object.freeze({ state: 'unseen' } as const)
export const NEVER = Object.freeze({ state: 'never' } as const)

export function known<T>(value: T): Fact<T> {
  return { state: 'known', value }
}

/**
 * A number of bytes that is counted while it goes by.
 * - `atLeast`: so many were seen, and more may come.
 */
export type Amount = Fact<number> | { readonly state: 'atLeast'; readonly value: number }
