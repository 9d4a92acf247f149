/** Files for each condition on content: a marked one that its rule is about, and a harmless twin. */
import { createHash } from 'node:crypto'
import { deflateSync, crc32 } from 'node:zlib'
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

/** One that no rule of Weir's was fitted to, from the labelled set. */
export function secretOf(kind: string): string {
  const known = [...FORGES, ...FILES].find(({ id }) => id === kind)
  if (known === undefined) throw new Error(`no kind of secret is called ${kind}`)
  const { secrets, block } = known.make(createRandom(seedOf(`content ${kind}`)))
  return block ?? secrets[0] ?? ''
}

const TOKEN = secretOf('github-classic')

function text(name: string, content: string): Sample {
  return { name, bytes: Buffer.from(content) }
}

export const WITH_TOKEN = text('src/client.ts', `${CODE}\nconst githubToken = '${TOKEN}'\n`)
export const WITHOUT_TOKEN = text('src/client.ts', `${CODE}\nconst githubToken = process.env['GITHUB_TOKEN']\n`)

/** A pixel, as a PNG (ISO/IEC 15948). */
function png(): Buffer {
  const chunk = (type: string, content: Buffer): Buffer => {
    const [size, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
    const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
    size.writeUInt32BE(content.length)
    checksum.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, checksum])
  }
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const header = Buffer.from('00000001000000010800000000', 'hex')
  const note = Buffer.from(`Comment\0${'x'.repeat(80)}`, 'latin1')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('tEXt', note),
    chunk('IDAT', deflateSync(Buffer.alloc(2))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const SECOND = { name: 'notes.txt', content: Buffer.from(CODE) }
/** Bit 0 of its flags says that it is enciphered (APPNOTE.TXT 4.4.4). */
export const ENCRYPTED_ZIP = makeZip([{ ...SECOND, flags: 1, packed: randomBytes(2_000, 'enciphered'), method: 0 }])
const PLAIN_ZIP = makeZip([SECOND])

export const PAIRS: readonly Pair[] = [
  {
    condition: 'secrets',
    wanted: 'true',
    marked: WITH_TOKEN,
    harmless: WITHOUT_TOKEN,
    isText: true,
    hidden: TOKEN,
  },
  {
    condition: 'secrets',
    wanted: '[private-key]',
    marked: text('deploy/key.txt', `The key of the build:\n${secretOf('private-key-rsa')}\n`),
    // A secret, and of another kind.
    harmless: WITH_TOKEN,
    isText: true,
    hidden: secretOf('private-key-rsa').split('\n')[2] ?? '',
  },
  {
    condition: 'types',
    wanted: 'image/png',
    marked: { name: 'docs/notes.txt', bytes: png() },
    harmless: text('docs/picture.png', CODE),
    isText: false,
    hidden: null,
  },
  {
    condition: 'encrypted',
    wanted: 'true',
    marked: { name: 'out/plans.bin', bytes: ENCRYPTED_ZIP },
    harmless: { name: 'out/plans.zip', bytes: PLAIN_ZIP },
    isText: false,
    hidden: null,
  },
  {
    condition: 'entropy',
    wanted: '{ over: 7.5 }',
    marked: { name: 'out/table.csv', bytes: randomBytes(8_192, 'entropy') },
    harmless: text('out/table.bin', CODE),
    isText: false,
    hidden: null,
  },
  {
    condition: 'archive',
    wanted: 'true',
    marked: { name: 'out/readme.md', bytes: PLAIN_ZIP },
    harmless: text('out/readme.zip', CODE),
    isText: false,
    hidden: null,
  },
  {
    condition: 'files',
    wanted: '"*.pem"',
    marked: text('certs/server.pem', CODE),
    harmless: text('certs/server.ts', CODE),
    isText: true,
    hidden: null,
  },
  {
    condition: 'ownSource',
    wanted: '{ share: { over: 0.2 }, repositories: acme/* }',
    marked: text('lib/helpers.ts', disguised(OWN_SOURCE)),
    harmless: text('lib/helpers.ts', sourceOf(12)),
    isText: true,
    hidden: null,
  },
]

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
