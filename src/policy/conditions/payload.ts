/** `when.types`, `encrypted`, `archive`, `entropy` and `files`: what is in an upload, by its bytes. */
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, listing } from './condition.ts'
import { compileFilePatterns } from './file-patterns.ts'
import { judgeFound, whyFound } from './found.ts'

export function compileTypes({ when }: RuleInput): Condition | null {
  if (when?.types === undefined) return null
  const items = listOf(when.types)
  const isMeant = (type: string): boolean => items.some((item) => matchesType(item, type))
  return {
    key: 'when.types',
    about: ['payload'],
    items,
    value: ({ subject }) => judgeFound(subject, 'payload', ({ types }) => types.some(isMeant)),
    why: ({ subject }) =>
      whyFound(subject, 'payload', 'content', ({ types }) => {
        const found = types.filter(isMeant)
        return found.length > 0 ? `${listing(found)} is in it` : `none of ${listing(items)} is in it`
      }),
  }
}

/** `image/*` is every image. */
function matchesType(item: string, type: string): boolean {
  return item.endsWith('/*') ? type.startsWith(item.slice(0, -1)) : type === item
}

export function compileEncrypted({ when }: RuleInput): Condition | null {
  return when?.encrypted === undefined ? null : whether('encrypted', when.encrypted, 'is enciphered')
}

export function compileArchive({ when }: RuleInput): Condition | null {
  return when?.archive === undefined ? null : whether('archive', when.archive, 'is an archive')
}

function whether(key: 'encrypted' | 'archive', wanted: boolean, what: string): Condition {
  const list = key === 'encrypted' ? 'encrypted' : 'archives'
  return {
    key: `when.${key}`,
    about: ['payload'],
    items: [String(wanted)],
    value: ({ subject }) => judgeFound(subject, 'payload', (payload) => payload[list].length > 0, wanted),
    why: ({ subject }) =>
      whyFound(subject, 'payload', 'content', (payload) =>
        payload[list].length > 0 ? `something in it ${what} (${listing(payload[list])})` : `nothing in it ${what}`,
      ),
  }
}

export function compileEntropy({ when }: RuleInput): Condition | null {
  if (when?.entropy === undefined) return null
  const { over } = when.entropy
  return {
    key: 'when.entropy',
    about: ['payload'],
    items: [`over ${over}`],
    value: ({ subject }) => judgeFound(subject, 'payload', ({ entropy }) => entropy > over),
    why: ({ subject }) =>
      whyFound(subject, 'payload', 'content', ({ entropy }) => {
        return `its highest entropy, ${entropy.toFixed(2)} bits a byte, is ${entropy > over ? '' : 'not '}over ${over}`
      }),
  }
}

export function compileFiles({ when }: RuleInput, position: number, compiler: Compiler): Condition | null {
  if (when?.files === undefined) return null
  const patterns = compileFilePatterns(when.files, ['rules', position, 'when', 'files'], compiler)
  return compiler.share(
    `when.files ${patterns.items.join('\n')}`,
    (): Condition => ({
      key: 'when.files',
      about: ['payload'],
      items: patterns.items,
      value: ({ subject }) => judgeFound(subject, 'payload', ({ files }) => files.some(patterns.isMeant)),
      why: ({ subject }) =>
        whyFound(subject, 'payload', 'content', ({ files }) => {
          const found = files.find(patterns.isMeant)
          return found === undefined ? `no file is ${patterns.words}` : `file ${found} is ${patterns.words}`
        }),
    }),
  )
}
