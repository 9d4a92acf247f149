/** Ways in which a file is sent out by HTTP: each as its service documents it, with the file's name where it takes one. */
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { tarOf } from '../../content/support/tar.ts'
import { makeZip } from '../../content/support/zip.ts'
import { base64, chunked, json, type RequestStep, send } from '../channels/shape.ts'
import type { Pair, Sample } from './files.ts'
import { sha256 } from './files.ts'

export interface Channel {
  readonly name: string
  /** The last step carries the file; those before it lead up to it. */
  readonly steps: (file: Sample) => readonly RequestStep[]
  /** The name of the file goes along. */
  readonly isNamed: boolean
  /** It takes text as it is, and nothing else. */
  readonly isText: boolean
  /** What goes by it is in an archive. */
  readonly isArchived: boolean
}

type Making = Partial<Pick<Channel, 'isNamed' | 'isText' | 'isArchived'>>

function channel(name: string, steps: (file: Sample) => readonly RequestStep[], making: Making = {}): Channel {
  return { name, steps, isNamed: true, isText: false, isArchived: false, ...making }
}

const API = 'https://api.github.com'
const LAB = 'https://gitlab.com/api/v4/projects/acme%2Fapp'
const BINARY = 'Content-Type: application/octet-stream'
const BOUNDARY = '----weircontent7f3a'

export const CHANNELS: readonly Channel[] = [
  channel('the contents API of GitHub', ({ name, bytes }) => [
    json('PUT', `${API}/repos/acme/app/contents/${name}`, { message: 'Add', content: base64(bytes) }),
  ]),
  channel('createCommitOnBranch by GraphQL', (file) => [json('POST', `${API}/graphql`, commitOnBranch(file))]),
  channel('createCommitOnBranch in the document itself', (file) => [
    json('POST', `${API}/graphql`, { query: inlineCommit(file) }),
  ]),
  channel(
    'a blob of GitHub',
    ({ bytes }) => [json('POST', `${API}/repos/acme/app/git/blobs`, { content: base64(bytes), encoding: 'base64' })],
    { isNamed: false },
  ),
  channel(
    'a tree of GitHub',
    ({ name, bytes }) => [
      json('POST', `${API}/repos/acme/app/git/trees`, {
        tree: [{ path: name, mode: '100644', type: 'blob', content: bytes.toString() }],
      }),
    ],
    { isText: true },
  ),
  channel('an asset of a release', ({ name, bytes }) => [
    send('POST', `https://uploads.github.com/repos/acme/app/releases/1/assets?name=${baseName(name)}`, bytes, BINARY),
  ]),
  channel(
    'an object of LFS',
    ({ bytes }) => [
      {
        ...json('POST', 'https://gitlab.com/acme/app.git/info/lfs/objects/batch', batchOf(bytes)),
        headers: ['Content-Type: application/vnd.git-lfs+json', 'Accept: application/vnd.git-lfs+json'],
        prelude: true,
      },
      send('PUT', `https://lfs-store.example/objects/${sha256(bytes)}`, bytes, BINARY),
    ],
    { isNamed: false },
  ),
  channel('an upload by a form', (file) => [multipart('https://gitlab.com/acme/app/uploads', file)]),
  channel('a zip in a form', ({ name, bytes }) => [zipInForm(name, bytes)], { isArchived: true }),
  channel('commits of GitLab', ({ name, bytes }) => [
    json('POST', `${LAB}/repository/commits`, {
      branch: 'main',
      commit_message: 'Two files',
      actions: [
        { action: 'create', file_path: 'README.md', content: 'Read me.' },
        { action: 'update', file_path: name, content: base64(bytes), encoding: 'base64' },
      ],
    }),
  ]),
  channel('a package of npm', (file) => [npm(file)], { isArchived: true }),
  channel('a plain PUT', (file) => [put(file)]),
  channel('a PUT in gzip', (file) => [coded(file, 'gzip', gzipSync)]),
  channel('a PUT in brotli', (file) => [coded(file, 'br', brotliCompressSync)]),
  channel('a PUT in zstd', (file) => [coded(file, 'zstd', zstdCompressSync)]),
  channel(
    'a paste by a form',
    ({ bytes }) => [
      send(
        'POST',
        'https://paste.acme.example/api/paste',
        `title=x&text=${percent(bytes)}&expires=1d`,
        'Content-Type: application/x-www-form-urlencoded',
      ),
    ],
    { isNamed: false },
  ),
]

/** Whether a channel can carry what the condition is about, and have a twin that is harmless. */
export function canCarry({ isNamed, isText, isArchived }: Channel, pair: Pair): boolean {
  if (pair.condition === 'files') return isNamed
  if (pair.condition === 'archive' && isArchived) return false
  return pair.isText || !isText
}

export interface Transport {
  readonly name: string
  readonly version: 'HTTP/1.1' | 'HTTP/2'
  readonly frame: (step: RequestStep) => RequestStep
}

export const TRANSPORTS: readonly Transport[] = (['HTTP/1.1', 'HTTP/2'] as const).flatMap((version) => [
  { name: `${version} with a length`, version, frame: (step: RequestStep) => step },
  { name: `${version} without a length`, version, frame: (step: RequestStep) => chunked(step) },
])

function baseName(name: string): string {
  return name.split('/').at(-1) ?? name
}

const MUTATION =
  'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'

function commitOnBranch({ name, bytes }: Sample): object {
  return {
    query: MUTATION,
    variables: {
      input: {
        branch: { repositoryNameWithOwner: 'acme/app', branchName: 'main' },
        message: { headline: 'Add' },
        expectedHeadOid: 'a'.repeat(40),
        fileChanges: { additions: [{ path: name, contents: base64(bytes) }] },
      },
    },
  }
}

function inlineCommit({ name, bytes }: Sample): string {
  const branch = 'branch: { repositoryNameWithOwner: "acme/app", branchName: "main" }'
  const changes = `fileChanges: { additions: [{ path: "${name}", contents: "${base64(bytes)}" }] }`
  const input = `{ ${branch}, message: { headline: "Add" }, expectedHeadOid: "${'a'.repeat(40)}", ${changes} }`
  return `mutation { createCommitOnBranch(input: ${input}) { commit { oid } } }`
}

function batchOf(bytes: Buffer): object {
  return { operation: 'upload', transfers: ['basic'], objects: [{ oid: sha256(bytes), size: bytes.length }] }
}

function multipart(url: string, { name, bytes }: Sample): RequestStep {
  const head = [
    `--${BOUNDARY}`,
    'Content-Disposition: form-data; name="authenticity_token"',
    '',
    'none',
    `--${BOUNDARY}`,
    `Content-Disposition: form-data; name="file"; filename="${baseName(name)}"`,
    BINARY,
    '',
    '',
  ].join('\r\n')
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  return send('POST', url, body, `Content-Type: multipart/form-data; boundary=${BOUNDARY}`)
}

function zipInForm(name: string, bytes: Buffer): RequestStep {
  const zip = makeZip([
    { name: 'README.md', content: Buffer.from('Read me.') },
    { name, content: bytes },
  ])
  return multipart('https://gitlab.com/acme/app/uploads', { name: 'all.zip', bytes: zip })
}

/** As `npm publish` sends it: the tarball in base64 beside its manifest. */
function npm({ name, bytes }: Sample): RequestStep {
  const manifest = Buffer.from(JSON.stringify({ name: 'engine', version: '1.0.0' }))
  const tarball = gzipSync(
    tarOf([
      ['package/package.json', manifest],
      [`package/${name}`, bytes],
    ]),
  )
  return json('PUT', 'https://npm.acme.example/engine', {
    _id: 'engine',
    name: 'engine',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: 'engine', version: '1.0.0', dist: { shasum: sha256(tarball).slice(0, 40) } } },
    _attachments: {
      'engine-1.0.0.tgz': {
        content_type: 'application/octet-stream',
        data: base64(tarball),
        length: tarball.length,
      },
    },
  })
}

function put({ name, bytes }: Sample): RequestStep {
  return send('PUT', `https://drop.acme.example/${name}`, bytes, BINARY)
}

function coded({ name, bytes }: Sample, coding: string, compress: (bytes: Buffer) => Buffer): RequestStep {
  return send('PUT', `https://drop.acme.example/${name}`, compress(bytes), BINARY, `Content-Encoding: ${coding}`)
}

function percent(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[^A-Za-z0-9._~-]/g, (each) => {
    return `%${each.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`
  })
}
