/** What a credential of the hold-out set is: named values, of which some are secret, and lines that use them. */
import type { Chance } from '../chance.ts'
import { draw, fill } from '../fill.ts'

export interface Credential {
  readonly kind: string
  readonly parts: readonly Part[]
  /** Lines as people type them; `{0}` is the value of the first part. */
  readonly uses: readonly string[]
}

/** A value under one of its usual names; without «…» in its template all of it is secret, or none of it. */
interface Part {
  readonly names: readonly string[]
  readonly templates: readonly string[]
  readonly isSecret: boolean
}

export interface Field {
  /** In upper snake case. */
  readonly name: string
  readonly value: string
  readonly secrets: readonly string[]
}

export interface Leak {
  readonly fields: readonly Field[]
  readonly uses: readonly string[]
}

export function credential(kind: string, parts: readonly Part[], ...uses: readonly string[]): Credential {
  return { kind, parts, uses }
}

export function secret(names: string, ...templates: readonly string[]): Part {
  return { names: names.split(' '), templates, isSecret: true }
}

export function known(names: string, ...templates: readonly string[]): Part {
  return { names: names.split(' '), templates, isSecret: false }
}

export function leak(from: Credential, chance: Chance): Leak {
  const fields = from.parts.map((part) => {
    const { text, secrets } = fill(chance.pick(part.templates), chance)
    return {
      name: chance.pick(part.names),
      value: text,
      secrets: part.isSecret && secrets.length === 0 ? [text] : secrets,
    }
  })
  return { fields, uses: used(from.uses, fields, chance) }
}

/** The lines with the values of the fields in them; where nobody wrote any, the last field is exported. */
export function used(uses: readonly string[], fields: readonly Field[], chance: Chance): readonly string[] {
  const last = fields.at(-1)
  if (uses.length === 0) return [`export ${last?.name}='${last?.value}'`]
  return uses.map((use) => draw(use, chance).replace(/\{(\d)\}/g, (_, at: string) => fields[Number(at)]?.value ?? ''))
}
