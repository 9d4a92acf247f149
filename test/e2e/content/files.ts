/** Files for each condition on content: a marked one that its rule is about, and a harmless twin. */
import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import { makeZip } from '../../content/support/zip.ts'
import { FILES } from '../../secrets/kinds/files.ts'
import { FORGES } from '../../secrets/kinds/forges.ts'
import { createRandom, seedOf } from '../../secrets/random.ts'
import { randomBytes } from '../support/git-client.ts'
import { disguised, OWN_SOURCE, sourceOf } from './own-source.ts'

export interface Sample {
  /** Of the file, with its folder. */
  readonly name: string
  readonly bytes: Buffer
}

export interface Pair {
  /** The key of a rule's `when`, and the name of the rule. */
  readonly condition: string
  /** What stands behind the key. */
  readonly wanted: string
  readonly marked: Sample
  readonly harmless: Sample
  /** The condition is on text alone, which channels without base64 carry as well. */
  readonly isText: boolean
  /** What must stand nowhere in the record. */
  readonly hidden: string | null
}

const CODE = sourceOf(99)
const LINE_BYTES = 64

/** One that no rule of Weir's was fitted to, from the labelled set. */
function secretOf(kind: string): string {
  const known = [...FORGES, ...FILES].find(({ id }) => id === kind)
  if (known === undefined) throw new Error(`no kind of secret is called ${kind}`)
  const { secrets, block } = known.make(createRandom(seedOf(`content ${kind}`)))
  return block ?? secrets[0] ?? ''
}

export const TOKEN = secretOf('github-classic')
const PRIVATE_KEY = secretOf('private-key-rsa')

function text(name: string, content: string): Sample {
  return { name, bytes: Buffer.from(content) }
}

export const WITH_TOKEN = text('src/client.ts', `${CODE}\nconst githubToken = '${TOKEN}'\n`)
export const WITHOUT_TOKEN = text('src/client.ts', `${CODE}\nconst githubToken = process.env['GITHUB_TOKEN']\n`)

/** A pixel and a note, as a PNG (ISO/IEC 15948). */
function png(noteBytes: number): Buffer {
  const chunk = (type: string, content: Buffer): Buffer => {
    const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
    size.writeUInt32BE(content.length)
    checksum.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, checksum])
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
    chunk('tEXt', Buffer.from(`Comment\0${'x'.repeat(80 + noteBytes)}`, 'latin1')),
    chunk('IDAT', deflateSync(Buffer.alloc(2))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Lines of no meaning, each of them another, so that nothing makes them small. */
function filling(bytes: number): string {
  const lines = randomBytes(bytes - (bytes % LINE_BYTES), 'filling').toString('hex')
  return (lines.match(/.{2,24}/g) ?? []).map((words) => `// ${words.match(/.{1,4}/g)?.join(' ') ?? ''}\n`).join('')
}

/** Bit 0 of its flags says that it is enciphered (APPNOTE.TXT 4.4.4). */
export function encryptedZip(bytes: number): Buffer {
  return makeZip([
    { name: 'notes.txt', content: Buffer.from(CODE), flags: 1, packed: randomBytes(bytes, 'zip'), method: 0 },
  ])
}

/** With so many bytes more than it takes to show what is meant. */
export function pairsOf(moreBytes: number): readonly Pair[] {
  const more = filling(moreBytes)
  const plainZip = makeZip([{ name: 'notes.txt', content: Buffer.from(more + CODE) }])
  const code = (name: string, content: string): Sample => text(name, more + content)
  const withToken = code(WITH_TOKEN.name, WITH_TOKEN.bytes.toString())
  return [
    {
      condition: 'secrets',
      wanted: 'true',
      marked: withToken,
      harmless: code(WITHOUT_TOKEN.name, WITHOUT_TOKEN.bytes.toString()),
      isText: true,
      hidden: TOKEN,
    },
    {
      condition: 'secrets',
      wanted: '[private-key]',
      marked: code('deploy/key.txt', `The key of the build:\n${PRIVATE_KEY}\n`),
      // A secret, and of another kind.
      harmless: withToken,
      isText: true,
      hidden: PRIVATE_KEY.split('\n')[2] ?? '',
    },
    {
      condition: 'types',
      wanted: 'image/png',
      marked: { name: 'docs/notes.txt', bytes: png(moreBytes) },
      harmless: code('docs/picture.png', CODE),
      isText: false,
      hidden: null,
    },
    {
      condition: 'encrypted',
      wanted: 'true',
      marked: { name: 'out/plans.bin', bytes: encryptedZip(2_000 + moreBytes) },
      harmless: { name: 'out/plans.zip', bytes: plainZip },
      isText: false,
      hidden: null,
    },
    {
      condition: 'entropy',
      wanted: '{ over: 7.5 }',
      marked: { name: 'out/table.csv', bytes: randomBytes(8_192 + moreBytes, 'entropy') },
      harmless: code('out/table.bin', CODE),
      isText: false,
      hidden: null,
    },
    {
      condition: 'archive',
      wanted: 'true',
      marked: { name: 'out/readme.md', bytes: plainZip },
      harmless: code('out/readme.zip', CODE),
      isText: false,
      hidden: null,
    },
    {
      condition: 'files',
      wanted: '"*.pem"',
      marked: code('s.pem', CODE),
      harmless: code('s.ts', CODE),
      isText: true,
      hidden: null,
    },
    {
      condition: 'ownSource',
      wanted: '{ size: { over: 2 KB }, repositories: acme/* }',
      marked: code('lib/helpers.ts', disguised(OWN_SOURCE)),
      harmless: code('lib/helpers.ts', sourceOf(12)),
      isText: true,
      hidden: null,
    },
  ]
}

export const PAIRS = pairsOf(0)

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
