/** A POST that says it reads or signs in: it does where its body proves it, at its end, and is a write where it does not. */
import { describe, expect, it } from 'vitest'
import { SIGN_IN_BYTES_MAX } from '../../src/catalog/classify.ts'
import { jsonFieldsBytesMax } from '../../src/catalog/json-fields.ts'
import {
  awaitsBody,
  createStatedRead,
  isToldByBody,
  otherOperations,
  type StatedRead,
  type UploadForm,
} from '../../src/proxy/stated-read.ts'
import { shortFetchRequestBytesMax } from '../../src/wire/fetch-request.ts'
import { graphqlBytesMax } from '../../src/wire/graphql-request.ts'
import { lfsBatchBytesMax, shortLfsBatchBytesMax } from '../../src/wire/lfs-batch.ts'
import { megaCommandsBytesMax } from '../../src/wire/mega-commands.ts'
import { A, packets } from '../wire/push.ts'

const FETCH = packets(`want ${A}\n`, null, 'done\n')
const DONE = packets('done\n')
const HAVE = packets(`have ${A}\n`)
/** As long as it may be, but for less than a line. */
const SHORT_FETCH = packets(
  `want ${A}\n`,
  null,
  ...Array.from({ length: Math.floor((shortFetchRequestBytesMax - 63) / HAVE.length) }, () => `have ${A}\n`),
  'done\n',
)

/** What the body turns out to do after each piece, and at its end. */
function readAs(form: UploadForm, ...pieces: readonly (string | Uint8Array)[]): readonly (string | null)[] {
  const read = createStatedRead(form)
  if (read === null) throw new Error('it has nothing to prove')
  const seen = pieces.map((piece) => {
    read.push(Buffer.from(piece))
    return operationOf(read)
  })
  read.end()
  return [...seen, operationOf(read)]
}

function operationOf({ told }: StatedRead): string | null {
  return told?.map(({ operation }) => operation).join() ?? null
}

function faultOf(form: UploadForm, ...pieces: readonly (string | Uint8Array)[]): string | null | undefined {
  const read = createStatedRead(form)
  for (const piece of pieces) read?.push(Buffer.from(piece))
  read?.end()
  return read?.fault
}

describe('what is wrong', () => {
  it('is nothing with what is proven, nor with a list of commands that upload', () => {
    expect(faultOf('git-fetch', FETCH)).toBeNull()
    expect(faultOf('mega-commands', '[{"a":"f","c":1}]')).toBeNull()
    expect(faultOf('mega-commands', '[{"a":"p"}]')).toBeNull()
  })

  it.each<[UploadForm, readonly (string | Uint8Array)[], string]>([
    ['git-fetch', ['data'], 'its body is no fetch: a pkt-line length is not hexadecimal'],
    ['git-fetch', ['data', FETCH], 'its body is no fetch: a pkt-line length is not hexadecimal'],
    ['git-fetch', [FETCH.subarray(0, 9)], 'its body is no fetch: a fetch request that ends too early'],
    [
      'short-git-fetch',
      [SHORT_FETCH.subarray(0, SHORT_FETCH.length - DONE.length), HAVE],
      'its body is no fetch at a server that no service names: the fetch request is longer than 16384 bytes',
    ],
    [
      'short-lfs-locks',
      ['{"cursor":"x"}'],
      'its body is no question for locks at a server that no service names: a request for locks with a cursor',
    ],
    [
      'short-lfs-batch',
      [' '.repeat(shortLfsBatchBytesMax + 1)],
      `its body is longer than ${shortLfsBatchBytesMax} bytes`,
    ],
    ['lfs-locks', ['x'], 'its body is no question for locks: a request for locks that is no JSON object'],
    ['sign-in', [Buffer.alloc(SIGN_IN_BYTES_MAX), 'x'], 'its body is no sign-in: it is longer than a sign-in'],
    ['mega-commands', [' '.repeat(megaCommandsBytesMax + 1)], `its body is longer than ${megaCommandsBytesMax} bytes`],
    ['mega-commands', ['secret'], 'this is no list of commands'],
  ])('%s', (form, pieces, fault) => {
    expect(faultOf(form, ...pieces)).toBe(fault)
  })
})

describe('a fetch', () => {
  it('is one at its end and not before', () => {
    expect(readAs('git-fetch', FETCH)).toEqual([null, 'git-fetch'])
    expect(readAs('git-fetch', FETCH.subarray(0, 9), FETCH.subarray(9))).toEqual([null, null, 'git-fetch'])
  })

  it('is none where its body is another, and what follows does not mend it', () => {
    expect(readAs('git-fetch', 'data')).toEqual(['unknown-write', 'unknown-write'])
    expect(readAs('git-fetch', 'data', FETCH)).toEqual(['unknown-write', 'unknown-write', 'unknown-write'])
  })

  it('is none where it ends too early', () => {
    expect(readAs('git-fetch', FETCH.subarray(0, 9))).toEqual([null, 'unknown-write'])
    expect(readAs('git-fetch')).toEqual(['unknown-write'])
  })
})

describe('what is asked of a server that no service names', () => {
  it('is a fetch up to its size, and none one line past it', () => {
    const most = SHORT_FETCH.subarray(0, SHORT_FETCH.length - DONE.length)
    expect(readAs('short-git-fetch', most, DONE)).toEqual([null, null, 'git-fetch'])
    expect(readAs('short-git-fetch', most, HAVE, DONE).at(-1)).toBe('unknown-write')
    expect(readAs('git-fetch', most, HAVE, DONE).at(-1)).toBe('git-fetch')
  })

  it('is a check of locks without a cursor', () => {
    expect(readAs('short-lfs-locks', '{"ref":{"name":"refs/heads/main"}}').at(-1)).toBe('lock-check')
    expect(readAs('short-lfs-locks', '{"cursor":"x"}').at(-1)).toBe('unknown-write')
    expect(readAs('lfs-locks', '{"cursor":"x"}').at(-1)).toBe('lock-check')
  })

  it('is a batch up to its size, and none one byte past it', () => {
    const batch = JSON.stringify({ operation: 'download', objects: [{ oid: 'c'.repeat(64), size: 24 }] })
    expect(readAs('short-lfs-batch', batch.padEnd(shortLfsBatchBytesMax))).toEqual([null, 'download'])
    expect(readAs('short-lfs-batch', batch.padEnd(shortLfsBatchBytesMax + 1)).at(-1)).toBe('unknown-write')
    expect(readAs('lfs-batch', batch.padEnd(shortLfsBatchBytesMax + 1)).at(-1)).toBe('download')
    expect(readAs('short-lfs-batch', batch.replace('download', 'upload')).at(-1)).toBe('lfs-upload')
  })
})

describe('a check of locks', () => {
  it('is one with what git-lfs asks, and else none', () => {
    expect(readAs('lfs-locks', '{"ref":{"name":"refs/heads/main"}}').at(-1)).toBe('lock-check')
    expect(readAs('lfs-locks', '{"data":"x"}').at(-1)).toBe('unknown-write')
  })
})

describe('a sign-in', () => {
  const most = Buffer.alloc(SIGN_IN_BYTES_MAX)
  it('is one up to its size, and none one byte past it', () => {
    expect(readAs('sign-in', most)).toEqual([null, 'sign-in'])
    expect(readAs('sign-in', most, 'x')).toEqual([null, 'unknown-write', 'unknown-write'])
    expect(readAs('sign-in', 'x', most)).toEqual([null, 'unknown-write', 'unknown-write'])
  })
})

describe('a list of MEGA’s commands', () => {
  it('is what the commands do, known at the end', () => {
    expect(readAs('mega-commands', '[{"a":"f",', '"c":1}]')).toEqual([null, null, 'api-read'])
    expect(readAs('mega-commands', '[{"a":"us0","user":"ada"}]')).toEqual([null, 'sign-in'])
    expect(readAs('mega-commands', '[{"a":"p"}]')).toEqual([null, 'file-upload'])
    expect(readAs('mega-commands')).toEqual(['file-upload'])
  })

  it('is held up to its size, and an upload one byte past it', () => {
    const list = '[{"a":"f","c":1}]'
    const most = list + ' '.repeat(megaCommandsBytesMax - list.length)
    expect(readAs('mega-commands', most)).toEqual([null, 'api-read'])
    expect(readAs('mega-commands', most, ' ')).toEqual([null, 'file-upload', 'file-upload'])
    expect(readAs('mega-commands', `${most}  `, list)).toEqual(['file-upload', 'file-upload', 'file-upload'])
  })

  it('keeps its own copy of what goes by', () => {
    const read = createStatedRead('mega-commands')
    const bytes = Buffer.from('[{"a":"f","c":1}]')
    read?.push(bytes)
    bytes.fill(' ')
    read?.end()
    expect(read?.told).toEqual([{ operation: 'api-read' }])
  })
})

describe('every other body', () => {
  it.each<UploadForm>(['plain', 'git-push', { base64: 'content' }])('%o has nothing to prove', (form) => {
    expect(createStatedRead(form)).toBeNull()
    expect(otherOperations(form)).toEqual([])
  })

  it('tells nothing that the address does not', () => {
    for (const form of ['plain', 'git-push', { base64: 'content' }] as const) {
      expect([isToldByBody(form), awaitsBody(form)]).toEqual([false, false])
    }
    for (const form of [
      'git-fetch',
      'short-git-fetch',
      'lfs-locks',
      'short-lfs-locks',
      'sign-in',
      'mega-commands',
    ] as const) {
      expect([isToldByBody(form), awaitsBody(form)]).toEqual([false, true])
    }
    expect([isToldByBody('short-lfs-batch'), awaitsBody('short-lfs-batch')]).toEqual([true, true])
  })

  it('that has something to prove may turn out to be what it says it is not', () => {
    for (const form of ['git-fetch', 'short-git-fetch', 'lfs-locks', 'short-lfs-locks', 'sign-in'] as const) {
      expect(otherOperations(form)).toEqual(['unknown-write'])
    }
    expect(otherOperations('mega-commands')).toEqual(['api-read', 'sign-in'])
  })
})

describe('a body that alone tells what is done', () => {
  const GRAPHQL: UploadForm = { graphql: 'github', host: 'github.com', foldsCase: true }
  const FIELDS = (isJson: boolean): UploadForm => ({ fields: { private: 'repo-visibility' }, isJson })
  const BATCH = '{"operation":"download","objects":[]}'

  it.each<[string, UploadForm, readonly string[], string]>([
    ['a batch that downloads', 'lfs-batch', [BATCH], 'download'],
    ['a batch in pieces', 'lfs-batch', [BATCH.slice(0, 9), BATCH.slice(9)], 'download'],
    ['a batch that uploads', 'lfs-batch', [BATCH.replace('download', 'upload')], 'lfs-upload'],
    ['no batch', 'lfs-batch', ['{"operation":"download"}'], 'unknown-write'],
    ['nothing for a batch', 'lfs-batch', [], 'unknown-write'],
    ['more behind a batch', 'lfs-batch', [BATCH, 'x'], 'unknown-write'],
    ['a query', GRAPHQL, ['{"query":"{viewer', '{login}}"}'], 'api-read'],
    ['a mutation', GRAPHQL, ['{"query":"mutation{deleteRef(input:{refId:1}){x}}"}'], 'ref-write'],
    ['no query', GRAPHQL, ['{viewer{login}}'], 'unknown-write'],
    ['nothing for a query', GRAPHQL, [], 'unknown-write'],
    ['fields', FIELDS(true), ['{"private":true}'], 'repo-visibility'],
    ['other fields', FIELDS(true), ['{"name":"x"}'], 'settings-write'],
    [
      'other fields that may be read otherwise',
      FIELDS(false),
      ['{"name":"x&private=false"}'],
      'settings-write,repo-visibility',
    ],
    ['no fields', FIELDS(true), ['private=false'], 'settings-write,repo-visibility'],
  ])('%s', (_, form, pieces, told) => {
    const read = createStatedRead(form, 'settings-write')
    for (const piece of pieces) {
      read?.push(Buffer.from(piece))
      expect(read?.told).toBeNull()
    }
    read?.end()
    expect(read && operationOf(read)).toBe(told)
    expect([isToldByBody(form), awaitsBody(form), otherOperations(form)]).toEqual([true, true, []])
  })

  it.each<[UploadForm, number, string]>([
    ['lfs-batch', lfsBatchBytesMax, 'unknown-write'],
    [GRAPHQL, graphqlBytesMax, 'unknown-write'],
    [FIELDS(true), jsonFieldsBytesMax, 'unknown-write,repo-visibility'],
  ])('is kept up to its limit and no longer: %j', (form, bytesMax, told) => {
    const blank = Buffer.alloc(bytesMax, ' ')
    expect(readAs(form, blank, 'x')).toEqual([null, told, told])
    expect(readAs(form, blank)[0]).toBeNull()
  })

  it('is told once: what follows what is too long is not kept, and changes nothing', () => {
    const read = createStatedRead('lfs-batch')
    read?.push(Buffer.alloc(lfsBatchBytesMax, ' '))
    read?.push(Buffer.from('x'))
    const { told, fault } = read ?? {}
    read?.push(Buffer.from(BATCH))
    read?.end()
    expect([read?.told, read?.fault]).toEqual([told, fault])
    expect(read?.told).toBe(told)
  })

  it('is read as it was when it came', () => {
    const read = createStatedRead('lfs-batch')
    const piece = Buffer.from(BATCH)
    read?.push(piece)
    piece.fill('x')
    read?.end()
    expect(read?.told).toEqual([{ operation: 'download' }])
  })
})
