/** All attacks on HTTP/2 that Weir is held against. */
import type { Attack } from './attack.ts'
import { frameAttacks } from './frame-attacks.ts'
import { headAttacks } from './head-attacks.ts'
import { slowAttacks } from './slow-attacks.ts'
import { streamAttacks } from './stream-attacks.ts'

export const attacks: readonly Attack[] = [...streamAttacks, ...headAttacks, ...frameAttacks, ...slowAttacks]

export function attackOf(name: string): Attack {
  const attack = attacks.find((each) => each.name === name)
  if (attack === undefined) throw new Error(`no attack ${name}`)
  return attack
}
