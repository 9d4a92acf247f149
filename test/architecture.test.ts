/** Holds the style of the source: who imports whom, what is pure, how long things are, and what they are called. */
import { describe, expect, it } from 'vitest'
import { importCircles, importsAgainstTheOrder, impureImports } from './architecture/imports.ts'
import { emptyNames, strayText } from './architecture/names.ts'
import { impureGlobals } from './architecture/purity.ts'
import {
  bannedConstructs,
  FILE_LINES_MAX,
  FUNCTION_LINES_MAX,
  longFiles,
  longFunctions,
  missingDocComment,
} from './architecture/shape.ts'
import { type Breach, parseSource, readSources, readTree, type Source } from './architecture/source.ts'

const sources = readSources('src')

const CHECKS: readonly (readonly [string, (source: Source) => readonly Breach[]])[] = [
  ['imports only from its own folder and those to its left', importsAgainstTheOrder],
  ['imports in a pure folder only what is pure', impureImports],
  ['reads in a pure folder no clock, environment, timer or chance', impureGlobals],
  ['is short', longFiles],
  ['has only short functions', longFunctions],
  ['does without any, !, empty catch and default export', bannedConstructs],
  ['opens with a comment that tells its job', missingDocComment],
  ['has names that say something', emptyNames],
]

describe('every source file', () => {
  it.each(CHECKS)('%s', (_, check) => {
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.flatMap(check)).toEqual([])
  })

  it('is on no circle of imports', () => {
    expect(importCircles(sources)).toEqual([])
  })
})

describe('every file of the project', () => {
  it('names no registry, no path of one machine, and leaves no work over', () => {
    expect(readTree('').flatMap(strayText)).toEqual([])
  })
})

type BadSample = readonly [name: string, check: (source: Source) => readonly Breach[], path: string, text: string]

const lines = (count: number): string => '\n'.repeat(count)

const BAD: readonly BadSample[] = [
  ['an import to the right', importsAgainstTheOrder, 'src/net/host.ts', "import { a } from '../wire/pack.ts'"],
  ['a type import to the right', importsAgainstTheOrder, 'src/net/a.ts', "import type { A } from '../cli/main.ts'"],
  ['a re-export to the right', importsAgainstTheOrder, 'src/policy/a.ts', "export { a } from '../settings/b.ts'"],
  ['a dynamic import to the right', importsAgainstTheOrder, 'src/tls/a.ts', "await import('../proxy/b.ts')"],
  ['an import type expression', importsAgainstTheOrder, 'src/tls/a.ts', "let a: import('../proxy/b.ts').B"],
  ['an import out of src', importsAgainstTheOrder, 'src/cli/a.ts', "import { a } from '../../test/b.ts'"],
  ['a folder without a place', importsAgainstTheOrder, 'src/stuff/a.ts', ''],
  ['a file in no folder', importsAgainstTheOrder, 'src/main.ts', ''],
  ['node:fs in a pure folder', impureImports, 'src/policy/a.ts', "import { readFileSync } from 'node:fs'"],
  ['node:net beyond isIP', impureImports, 'src/net/a.ts', "import { connect, isIP } from 'node:net'"],
  ['the whole of node:net', impureImports, 'src/net/a.ts', "import * as net from 'node:net'"],
  ['chance from node:crypto', impureImports, 'src/text/a.ts', "import { randomUUID } from 'node:crypto'"],
  ['an I/O package in a pure folder', impureImports, 'src/catalog/a.ts', "import pino from 'pino'"],
  ['a module without its scheme', impureImports, 'src/flow/a.ts', "import { readFileSync } from 'fs'"],
  ['a computed import', impureImports, 'src/flow/a.ts', 'await import(name)'],
  ['the clock', impureGlobals, 'src/policy/a.ts', 'const now = Date.now()'],
  ['the clock by new', impureGlobals, 'src/policy/a.ts', 'const now = new Date()'],
  ['the clock by call', impureGlobals, 'src/policy/a.ts', 'const now = Date(0)'],
  ['the monotonic clock', impureGlobals, 'src/wire/a.ts', 'const now = performance.now()'],
  ['the environment', impureGlobals, 'src/settings/a.ts', 'const home = process.env'],
  ['the environment in an object', impureGlobals, 'src/settings/a.ts', 'const all = { process }'],
  ['a timer', impureGlobals, 'src/detect/a.ts', 'setTimeout(() => 1, 2)'],
  ['chance', impureGlobals, 'src/sigma/a.ts', 'const a = Math.random()'],
  ['a long file', longFiles, 'src/net/a.ts', `a${lines(FILE_LINES_MAX)}b`],
  ['a long function', longFunctions, 'src/net/a.ts', `function a() {${lines(FUNCTION_LINES_MAX)}}`],
  ['a long arrow function', longFunctions, 'src/net/a.ts', `const a = () => {${lines(FUNCTION_LINES_MAX)}}`],
  ['any', bannedConstructs, 'src/net/a.ts', 'let a: any'],
  ['a non-null assertion', bannedConstructs, 'src/net/a.ts', 'b(a!)'],
  ['a definite assignment', bannedConstructs, 'src/net/a.ts', 'let a!: string'],
  ['an empty catch', bannedConstructs, 'src/cli/a.ts', 'try { a() } catch { /* never mind */ }'],
  ['a default export', bannedConstructs, 'src/cli/a.ts', 'export default 1'],
  ['a default function', bannedConstructs, 'src/cli/a.ts', 'export default function a() {}'],
  ['no opening comment', missingDocComment, 'src/net/a.ts', "import { a } from './b.ts'\n/** Late. */"],
  ['a file named utils', emptyNames, 'src/net/host-utils.ts', ''],
  ['a file in camel case', emptyNames, 'src/net/hostName.ts', ''],
  ['a manager', emptyNames, 'src/net/a.ts', 'class SessionManager {}'],
  ['a get', emptyNames, 'src/net/a.ts', 'function getHost() {}'],
  ['a verb that says nothing', emptyNames, 'src/net/a.ts', 'const handleRequest = 1'],
  ['data', emptyNames, 'src/net/a.ts', 'const data = 1'],
  ['a file named common', emptyNames, 'src/net/common.ts', ''],
]

describe('each check fails on a bad sample', () => {
  it.each(BAD)('%s', (_, check, path, text) => {
    expect(check(parseSource(path, text))).toHaveLength(1)
  })

  it('a circle of three files', () => {
    const circle = ['a', 'b', 'c'].map((name, at, names) =>
      parseSource(`src/net/${name}.ts`, `import type { X } from './${names[(at + 1) % 3]}.ts'`),
    )
    expect(importCircles(circle)).toEqual([
      'src/net/a.ts:1: imports itself by src/net/a.ts → src/net/b.ts → src/net/c.ts → src/net/a.ts',
    ])
    expect(importCircles(circle.slice(0, 2))).toEqual([])
  })

  it.each([
    ['a registry', `"resolved": "https://${['registry', 'npmjs', 'org'].join('.')}/a"`],
    ['a path of one machine', `cd ${['', 'home', 'ada', 'weir'].join('/')}`],
    ['work left over', `// ${['TO', 'DO'].join('')}: later`],
  ])('%s', (_, text) => {
    expect(strayText({ path: 'docs/a.md', text })).toHaveLength(1)
  })
})

const GOOD: readonly BadSample[] = [
  ['an import to the left', importsAgainstTheOrder, 'src/cli/a.ts', "import { a } from '../net/b.ts'"],
  ['an import beside', importsAgainstTheOrder, 'src/net/a.ts', "import { a } from './b.ts'"],
  ['isIP', impureImports, 'src/net/a.ts', "import { isIP } from 'node:net'"],
  ['node:fs in a shell', impureImports, 'src/cli/a.ts', "import { readFileSync } from 'node:fs'"],
  ['a time that was passed in', impureGlobals, 'src/policy/a.ts', 'const day = new Date(now).getUTCDay()'],
  ['a member called process', impureGlobals, 'src/catalog/a.ts', 'const a = b.process({ process: 1 })'],
  ['the clock in a shell', impureGlobals, 'src/cli/a.ts', 'const now = Date.now()'],
  ['a file at its limit', longFiles, 'src/net/a.ts', `a${lines(FILE_LINES_MAX - 1)}b\n`],
  ['a function at its limit', longFunctions, 'src/net/a.ts', `function a() {${lines(FUNCTION_LINES_MAX - 1)}}`],
  ['an assertion in the cursor', bannedConstructs, 'src/wire/cursor.ts', 'b(a!)'],
  ['a default case', bannedConstructs, 'src/net/a.ts', 'switch (a) { default: b() }'],
  ['a comment after #!', missingDocComment, 'src/cli/main.ts', '#!/usr/bin/env node\n/** Its job. */'],
  [
    'metadata and forget',
    emptyNames,
    'src/net/a.ts',
    'const metadata = 1, forget = 2, target = 3, handle = 4, commonName = 5',
  ],
]

describe('each check passes what is near and allowed', () => {
  it.each(GOOD)('%s', (_, check, path, text) => {
    expect(check(parseSource(path, text))).toEqual([])
  })

  it('addresses and words that look alike', () => {
    const text = 'https://host.example/work/a\n--tmpfs /tmp\nsrc/home/a.ts\nan autodoc'
    expect(strayText({ path: 'docs/a.md', text })).toEqual([])
  })
})
