/** One look into one upload: the same credential, whatever carries it, and what is told of a push. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { createLook, type LookRequest } from '../../src/content/look.ts'
import { placeInWords } from '../../src/content/place-words.ts'
import { WINDOW_BYTES } from '../../src/content/secrets/scanner.ts'
import type { ScanForm } from '../../src/flow/scan.ts'
import { CONTENT_FACTS, type ContentFacts } from '../../src/flow/subject.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'
import { git } from '../pack/git.ts'
import { MemoryStore } from '../wire/pack/memory-store.ts'
import { githubToken, RULES } from './secrets/upload.ts'
import { makeZip } from './support/zip.ts'

const TOKEN = githubToken(0)
const ENV = `# settings\nTOKEN=${TOKEN}\n`
const CODE = Array.from({ length: 400 }, (_, at) => `const value${at} = compute(${at * 7})`).join('\n')
const PUSH = { kind: 'push', objectFormat: 'sha1', texts: ['refs/heads/main'], hasPack: true } as const

class Store extends MemoryStore {
  close(): void {}
}

async function look(
  form: ScanForm,
  bytes: Uint8Array,
  wants: LookRequest['wants'] = CONTENT_FACTS,
): Promise<ContentFacts> {
  const upload = createLook(
    { form, wants },
    { secrets: RULES, fingerprints: null, store: () => new Store() },
    () => undefined,
  )
  for (let at = 0; at < bytes.length; at += 1_000) await upload.feed(Uint8Array.from(bytes.subarray(at, at + 1_000)))
  return upload.finish()
}

function body(contentType: string | null, bytes: string | Uint8Array): Promise<ContentFacts> {
  return look({ kind: 'body', contentType, file: null }, Buffer.from(bytes))
}

/** `rule at place:line`, of all that was found. */
function found({ secrets }: ContentFacts): readonly string[] {
  if (secrets.state !== 'known') return [secrets.state]
  return secrets.value.findings.map(({ rule, place, line }) => `${rule} at ${placeInWords(place)}:${line}`)
}

function multipart(name: string, fileName: string, content: Uint8Array): Buffer {
  const head = `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\n\r\n`
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--b--\r\n')])
}

const ZIP = makeZip([{ name: 'conf/app.env', content: Buffer.from(ENV), method: 8 }])

describe('one credential', () => {
  it.each<[string, string | null, string | Uint8Array, string]>([
    ['as it is', 'text/plain', ENV, 'the upload:2'],
    ['in JSON', 'application/json', JSON.stringify({ a: { note: ENV } }), 'a.note:2'],
    [
      'in base64 in JSON',
      'application/json',
      JSON.stringify({ message: 'add', content: Buffer.from(ENV).toString('base64') }),
      'content › base64:2',
    ],
    ['in a form', 'application/x-www-form-urlencoded', `api_paste=${encodeURIComponent(ENV)}`, 'api_paste:2'],
    ['in a file of a form', 'multipart/form-data; boundary=b', multipart('file', 'a.env', Buffer.from(ENV)), 'a.env:2'],
    ['in a zip of a form', 'multipart/form-data; boundary=b', multipart('file', 'a.zip', ZIP), 'conf/app.env:2'],
    ['under gzip', 'application/octet-stream', gzipSync(ENV), 'gzip'],
    ['under zstd', 'application/octet-stream', zstdCompressSync(Buffer.from(ENV)), 'zst'],
    ['in a zip in JSON', 'application/json', JSON.stringify({ content: ZIP.toString('base64') }), 'conf/app.env:2'],
  ])('is found %s', async (_how, contentType, bytes, place) => {
    const findings = found(await body(contentType, bytes))
    expect(findings).toEqual([expect.stringMatching(/^github-token at /)])
    expect(findings[0]).toContain(place)
  })

  it.each([-30, -10, -1, 0, 1])('is found over an edge of a window, %d bytes from it', async (shift) => {
    const before = WINDOW_BYTES + shift - 'TOKEN='.length
    const text = `${'x = 1\n'.repeat(Math.ceil(before / 6)).slice(0, before - 1)}\nTOKEN=${TOKEN}\n${CODE}`
    expect(found(await body('text/plain', text))).toEqual([expect.stringContaining('github-token at the upload:')])
  })
})

describe('a push', () => {
  const folder = temporaryFolder('look')
  let first: string
  let second: string

  const commit = (message: string): string => {
    git(folder, ['add', '-A'])
    git(folder, ['commit', '-q', '-m', message])
    return git(folder, ['rev-parse', 'HEAD']).toString().trim()
  }
  const packOf = (...revisions: readonly string[]): Buffer =>
    git(folder, ['pack-objects', '--revs', '--stdout', '-q'], `${revisions.join('\n')}\n`)

  beforeAll(() => {
    git(folder, ['init', '-q'])
    writeFileSync(join(folder, 'code.ts'), CODE)
    writeFileSync(join(folder, 'b.env'), ENV)
    first = commit('one')
    writeFileSync(join(folder, 'code.ts'), CODE.replace('const value200', `const key = '${TOKEN}'\nconst value200`))
    writeFileSync(join(folder, 'b.env'), 'gone\n')
    second = commit(`two\n\nwith ${githubToken(1)} in its message`)
  })

  it('tells of each credential, in a blob, in a delta and in a message, by path, line and commit', async () => {
    const facts = await look(PUSH, packOf(second))
    expect([...found(facts)].toSorted()).toEqual([
      `github-token at b.env in commit ${first.slice(0, 10)}:2`,
      `github-token at code.ts in commit ${second.slice(0, 10)}:201`,
      expect.stringMatching(new RegExp(`^github-token at .*message.* in commit ${second.slice(0, 10)}:3$`)),
    ])
    expect(facts).toMatchObject({
      payload: { value: { files: expect.arrayContaining(['b.env', 'code.ts']), incomplete: [] } },
      pack: { value: { objects: 8, newRoot: true, authors: ['a@example'], ciFiles: [], ciNamed: [], incomplete: [] } },
    })
  })

  it('is known in part where it is thin', async () => {
    const thin = git(folder, ['pack-objects', '--revs', '--stdout', '--thin', '-q'], `${second}\n^${first}\n`)
    const facts = await look(PUSH, thin)
    expect(facts).toMatchObject({
      pack: {
        value: { newRoot: false, incomplete: expect.arrayContaining([expect.stringContaining('the pack is thin')]) },
      },
      secrets: { value: { incomplete: expect.arrayContaining([expect.stringContaining('the pack is thin')]) } },
    })
  })

  it('is not known where its pack is broken', async () => {
    const pack = packOf(second)
    pack[pack.length - 1] = (pack.at(-1) ?? 0) ^ 1
    const facts = await look(PUSH, pack)
    for (const fact of [facts.pack, facts.payload, facts.secrets]) {
      expect(fact).toMatchObject({ value: { incomplete: [expect.stringContaining('the pack cannot be read')] } })
    }
  })

  it('goes out with the names of its refs and its options', async () => {
    const facts = await look(
      { ...PUSH, texts: ['refs/heads/main', `token=${githubToken(2)}`] },
      packOf(`${first}^{tree}`),
    )
    expect(found(facts)).toContain('github-token at refs and options:2')
  })

  it('is looked into for its pack alone, where nobody asks for more', async () => {
    const facts = await look(PUSH, packOf(second), ['pack'])
    expect([facts.secrets.state, facts.ownSource.state, facts.pack.state]).toEqual(['unseen', 'unseen', 'known'])
  })
})

it('says that nothing is indexed, where somebody asks for source of one’s own', async () => {
  expect((await body('text/plain', CODE)).ownSource).toMatchObject({
    value: { source: { bytes: 0 }, incomplete: ['no source of one’s own is indexed'] },
  })
})
