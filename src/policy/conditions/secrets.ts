/** `when.secrets` and `when.ownSource`: credentials, and source of one's own, in what goes out. */
import type { OwnRepository } from '../../flow/content.ts'
import { formatSize, parseSize } from '../../text/quantity.ts'
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { matchesSegments, parseSegmentPattern } from '../segment-pattern.ts'
import { type Condition, listing } from './condition.ts'
import { type Known, judgeFound, whyFound } from './found.ts'

export function compileSecrets({ when }: RuleInput): Condition | null {
  const wanted = when?.secrets
  if (wanted === undefined) return null
  const rules = typeof wanted === 'boolean' ? null : new Set(listOf(wanted))
  const isMeant = ({ rule }: { readonly rule: string }): boolean => rules === null || rules.has(rule)
  return {
    key: 'when.secrets',
    about: ['secrets'],
    items: rules === null ? [String(wanted)] : [...rules],
    value: ({ subject }) => judgeFound(subject, 'secrets', ({ findings }) => findings.some(isMeant), wanted !== false),
    why: ({ subject }) =>
      whyFound(subject, 'secrets', 'content', ({ findings }) => {
        const found = findings.filter(isMeant).map(({ title }) => title)
        return found.length > 0 ? `it has ${listing([...new Set(found)])}` : 'no such secret is in it'
      }),
  }
}

export function compileOwnSource({ when }: RuleInput, position: number, compiler: Compiler): Condition | null {
  const wanted = when?.ownSource
  if (wanted === undefined) return null
  const asked = typeof wanted === 'boolean' ? {} : wanted
  const named = asked.repositories === undefined ? null : listOf(asked.repositories)
  const patterns = (named ?? []).flatMap((text, at) => {
    const pattern = parseSegmentPattern(text)
    if (pattern !== null) return pattern
    const path = ['rules', position, 'when', 'ownSource', 'repositories', at]
    compiler.report(
      path,
      `\`${text}\` is not a pattern of repositories`,
      'write it as `weir index` names them, such as github.com/acme/*',
    )
    return []
  })
  const sizeMax = asked.size === undefined ? 0 : (parseSize(asked.size.over) ?? 0)
  const shareMax = asked.share?.over ?? 0
  const isNamed = ({ name }: OwnRepository): boolean =>
    named === null || patterns.some((pattern) => matchesSegments(pattern, name.split('/')))
  const isMeant = ({ source }: Known<'ownSource'>): boolean => {
    const bytes = source.repositories.filter(isNamed).reduce((sum, { bytes: some }) => sum + some, 0)
    return bytes > sizeMax && bytes / source.ofBytes > shareMax
  }
  return {
    key: 'when.ownSource',
    about: ['ownSource'],
    items: [JSON.stringify(wanted)],
    value: ({ subject }) => judgeFound(subject, 'ownSource', isMeant, wanted !== false),
    why: ({ subject }) =>
      whyFound(subject, 'ownSource', 'content', ({ source }) => {
        const [first] = source.repositories
        if (first === undefined) return 'no source of one’s own is in it'
        const percent = Math.round((100 * source.bytes) / source.ofBytes)
        return `${formatSize(source.bytes)} of it (${percent} %) is of ${listing(source.repositories.map(({ name }) => name))}`
      }),
  }
}
