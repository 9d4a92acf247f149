/** How many bad inputs the tables hold, by kind, and that none of them is there twice. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { REQUEST_CASES } from '../framing/corpus/requests.ts'
import { RESPONSE_CASES } from '../framing/corpus/responses.ts'
import { BAD_BODIES } from './tables/bodies.ts'
import { BAD_DNS } from './tables/dns.ts'
import { BAD_FOLDERS } from './tables/folders.ts'
import { BAD_HEADS } from './tables/heads.ts'
import { BAD_HELLOS } from './tables/hellos.ts'
import { BAD_FIELDS, BAD_LINES } from './tables/htpasswd.ts'
import { BAD_LEDGERS } from './tables/ledgers.ts'
import { BAD_LISTS } from './tables/lists.ts'
import { BAD_PARENTS } from './tables/parents.ts'
import { BAD_SETTINGS } from './tables/settings.ts'
import { BAD_UPSTREAMS } from './tables/upstreams.ts'

const INPUTS_MIN = 200

const POLICIES = parse(readFileSync(join(import.meta.dirname, '../policy/broken.yaml'), 'utf8')) as Named

type Named = readonly { readonly name: string }[]

const named = (rows: readonly (readonly [name: string, ...unknown[]])[]): Named => rows.map(([name]) => ({ name }))
const bodiesOf = (...kinds: readonly string[]): Named => BAD_BODIES.filter(({ kind }) => kinds.includes(kind))

/** By kind, with the fewest that there may be. Certificates and keys have tables of their own in their tests. */
const KINDS: readonly (readonly [kind: string, rows: Named, min: number])[] = [
  ['policies', POLICIES, 170],
  ['policy folders', BAD_FOLDERS, 20],
  ['list files', BAD_LISTS, 50],
  ['settings and flags', BAD_SETTINGS, 55],
  ['request heads', BAD_HEADS, 60],
  ['forbidden requests of the framing corpus', REQUEST_CASES.filter(({ forbidden }) => forbidden), 100],
  ['hellos', BAD_HELLOS, 40],
  ['pushes', bodiesOf('push'), 40],
  ['fetches', bodiesOf('fetch'), 15],
  ['questions for locks', bodiesOf('lfs'), 8],
  ['lists of MEGA commands', bodiesOf('mega'), 10],
  ['lines of users', named(BAD_LINES), 80],
  ['credentials', named(BAD_FIELDS), 45],
  ['ledgers', BAD_LEDGERS, 25],
  ['answers of a parent proxy', BAD_PARENTS, 30],
  ['answers of DNS', BAD_DNS, 20],
  ['answers of an origin', BAD_UPSTREAMS, 20],
  ['forbidden answers of the framing corpus', RESPONSE_CASES.filter(({ forbidden }) => forbidden), 40],
]

describe('the tables of bad inputs', () => {
  it.each(KINDS)('%s', (_, rows, min) => {
    expect(rows.length).toBeGreaterThanOrEqual(min)
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  })

  it(`are ${INPUTS_MIN} and more in all`, () => {
    const total = KINDS.reduce((sum, [, rows]) => sum + rows.length, 0)
    expect(total).toBeGreaterThanOrEqual(INPUTS_MIN)
    console.info(`${total} bad inputs: ${KINDS.map(([kind, rows]) => `${rows.length} ${kind}`).join(', ')}`)
  })
})
