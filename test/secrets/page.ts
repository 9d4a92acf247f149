/** Writes what the evaluation of the search for credentials found as a page of the documentation. */
import { OWN_RULES } from '../../src/content/secrets/rules/all.ts'
import { kindPrecision, precision, recall, type Score } from './evaluation.ts'
import type { Sources } from './packages.ts'

export interface Speed {
  readonly what: string
  readonly megabytes: number
  readonly perSecond: number
}

export interface Evaluation {
  readonly score: Score
  readonly holdout: Score | null
  readonly sources: Sources
  readonly speeds: readonly Speed[]
}

export function renderPage({ score, holdout, sources, speeds }: Evaluation): string {
  return [
    '# Secrets in uploads',
    '',
    'Weir looks for credentials in all that goes out and that it can read. `npm run eval:secrets` writes this page; run it on Debian with the packages below.',
    '',
    ...renderHow(),
    '## How well',
    '',
    'The labelled set in `test/secrets/` was put together before the scanner was tuned. It is made anew at each run, from a seed.',
    'A credential is found when a finding lies on it. A finding on nothing that is labelled is wrong, also where a real package really has a key in it.',
    '',
    '| set | credentials | found | recall | texts without | wrong findings | precision |',
    '|---|---|---|---|---|---|---|',
    row('own', score),
    ...(holdout === null ? [] : [row('hold-out, by somebody who has not seen the scanner', holdout)]),
    '',
    ...renderSpeeds(speeds),
    ...renderKinds('By kind', score),
    ...(holdout === null ? [] : renderKinds('By kind, hold-out', holdout)),
    ...renderSources(sources),
    ...renderRules(),
  ].join('\n')
}

function renderHow(): readonly string[] {
  return [
    '## How it looks',
    '',
    '- Text in UTF-8, Latin-1 and UTF-16 is read, in files of any kind. Runs of base64 from 40 characters on are undone once and read too.',
    '- Content is read in windows of 64 KiB that overlap. A credential over an edge is found once, with its line.',
    '- What stands for a credential is none: placeholders, references to variables and vaults, examples of documentation.',
    '- A finding names rule, place and line. Its excerpt never shows more than four characters of the credential.',
    '- An upload has at most 100 findings; what is found besides is counted.',
    '- Rules in the format of gitleaks may be added. They need keywords, and run as RE2, in linear time. A match lies from 256 bytes before a keyword',
    '  to 1,024 behind it, or 4,096 where the expression names line breaks. Exceptions by commit and comments such as `gitleaks:allow` excuse nothing.',
    '- Rules that are added look at 32 MiB of each upload around their keywords. Where that does not do, the rest is doubt.',
    '',
    'What is encrypted, cut into pieces, or written in another code is not found. This is a net for mistakes, not for somebody who hides.',
    '',
  ]
}

function renderSpeeds(speeds: readonly Speed[]): readonly string[] {
  if (speeds.length === 0) return []
  return [
    '| content | MB | MB per second of processor time |',
    '|---|---|---|',
    ...speeds.map(
      ({ what, megabytes, perSecond }) => `| ${what} | ${megabytes.toFixed(0)} | ${perSecond.toFixed(0)} |`,
    ),
    '',
  ]
}

function renderKinds(title: string, score: Score): readonly string[] {
  return [
    `## ${title}`,
    '',
    'Precision is that of the rules that found the kind, over the whole set.',
    '',
    '| kind | credentials | recall | precision | found by |',
    '|---|---|---|---|---|',
    ...score.kinds.map((kind) => {
      const rules = [...kind.rules].toSorted(([, left], [, right]) => right - left).map(([rule]) => `\`${rule}\``)
      const right = kindPrecision(kind, score)
      return `| ${kind.kind} | ${kind.secrets} | ${percent(recall(kind))} | ${right === null ? '' : percent(right)} | ${rules.join(', ')} |`
    }),
    '',
  ]
}

function renderSources({ packages, absent }: Sources): readonly string[] {
  return [
    '## Real packages',
    '',
    'Files of source and documentation, up to 1 MiB each.',
    '',
    '| package | version | files |',
    '|---|---|---|',
    ...packages.map(({ from, name, version, files }) => `| ${name} (${from}) | ${version} | ${files.length} |`),
    '',
    ...absent.map((sentence) => `${sentence}.`),
  ]
}

function renderRules(): readonly string[] {
  const titles = new Map(OWN_RULES.toReversed().map(({ id, title }) => [id, title]))
  return [
    '## Rules',
    '',
    'The names that a policy may use.',
    '',
    '| rule | finds |',
    '|---|---|',
    ...[...titles]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([id, title]) => `| \`${id}\` | ${title} |`),
    '',
  ]
}

function row(name: string, score: Score): string {
  const cells = [
    name,
    score.secrets,
    score.found,
    percent(recall(score)),
    score.negatives,
    score.wrong.length,
    percent(precision(score)),
  ]
  return `| ${cells.join(' | ')} |`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
