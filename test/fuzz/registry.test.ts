/** No parser without fuzzing: what src exports under a parser's name is in the registry, or here with the reason why not. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TARGETS } from './registry.ts'

const SRC = resolve(import.meta.dirname, '../../src')
const PARSER =
  /^export (?:async )?function ((?:parse|read|sniff|decode|check)(?![a-z])\w*|create\w*(?:Reader|Counter|Decoder))\b/gm

/** What has a parser's name and is none, and what is a parser's shell. */
const EXEMPT: Readonly<Record<string, string>> = {
  'cli/case-targets.ts#readCasesFile': 'reads a file; its text goes to readCases',
  'cli/policy-files.ts#readPolicyFiles': 'finds files; their text goes to readPolicies',
  'cli/run-status.ts#parseStatus': 'holds what JSON.parse made of the word of a Weir of ours to a schema',
  'cli/text-file.ts#readTextFile': 'reads a file as UTF-8; its text goes to a parser',
  'cli/version.ts#readVersion': 'reads the number in our own package.json',
  'tls/authority.ts#readPemPair': 'reads two files; their text goes to parseAuthorityPem',
  'cli/fingerprints/index-store.ts#readKey': 'reads 64 hexadecimal digits of a file of the operator, and nothing else',
  'tls/key-file.ts#readKeyFile': 'reads a file within bounds; its bytes go to a parser',
  'tls/passphrase.ts#readPassphrase': 'reads a file; all that it parses is where the first line ends',
  'wire/json.ts#parseJson': 'is JSON.parse and what it throws; the readers of a body that call it are fuzzed',
}

function exportedParsers(): readonly string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  return files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8')
    return [...text.matchAll(PARSER)].map(([, name = '']) => `${file}#${name}`)
  })
}

function isExported(parser: string): boolean {
  const [file = '', name = ''] = parser.split('#')
  return new RegExp(`^export (?:async )?function ${name}\\b`, 'm').test(readFileSync(join(SRC, file), 'utf8'))
}

describe('the registry of fuzzed parsers', () => {
  const fuzzed = TARGETS.flatMap(({ parsers }) => parsers)

  it('has every parser of src', () => {
    const found = exportedParsers()
    expect(found.length).toBeGreaterThan(40)
    const known = new Set([...fuzzed, ...Object.keys(EXEMPT)])
    expect(found.filter((parser) => !known.has(parser))).toEqual([])
  })

  it('has nothing that is no longer there, and nothing twice', () => {
    expect(fuzzed.filter((parser) => !isExported(parser))).toEqual([])
    expect(fuzzed.filter((parser) => parser in EXEMPT)).toEqual([])
    expect(new Set(fuzzed).size).toBe(fuzzed.length)
    expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length)
  })
})
