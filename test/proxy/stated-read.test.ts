/** A POST that says it reads or signs in: it does where its body proves it, at its end, and is a write where it does not. */
import { describe, expect, it } from 'vitest'
import { SIGN_IN_BYTES_MAX } from '../../src/catalog/classify.ts'
import { createStatedRead, otherOperations, type UploadForm } from '../../src/proxy/stated-read.ts'
import { megaCommandsBytesMax } from '../../src/wire/mega-commands.ts'
import { A, packets } from '../wire/push.ts'

const FETCH = packets(`want ${A}\n`, null, 'done\n')

/** What the body turns out to do after each piece, and at its end. */
function readAs(form: UploadForm, ...pieces: readonly (string | Uint8Array)[]): readonly (string | null)[] {
  const read = createStatedRead(form)
  if (read === null) throw new Error('it has nothing to prove')
  const seen = pieces.map((piece) => {
    read.push(Buffer.from(piece))
    return read.operation
  })
  read.end()
  return [...seen, read.operation]
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
    ['lfs-locks', ['x'], 'its body is no question for locks: a request for locks that is no JSON object'],
    ['sign-in', [Buffer.alloc(SIGN_IN_BYTES_MAX), 'x'], 'its body is no sign-in: it is longer than a sign-in'],
    [
      'mega-commands',
      [' '.repeat(megaCommandsBytesMax + 1)],
      `a list of commands has at most ${megaCommandsBytesMax} bytes`,
    ],
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
    expect(read?.operation).toBe('api-read')
  })
})

describe('every other body', () => {
  it.each<UploadForm>(['plain', 'git-push', { base64: 'content' }])('%o has nothing to prove', (form) => {
    expect(createStatedRead(form)).toBeNull()
    expect(otherOperations(form)).toEqual([])
  })

  it('that has something to prove may turn out to be what it says it is not', () => {
    for (const form of ['git-fetch', 'lfs-locks', 'sign-in'] as const) {
      expect(otherOperations(form)).toEqual(['unknown-write'])
    }
    expect(otherOperations('mega-commands')).toEqual(['api-read', 'sign-in'])
  })
})
