/** Makes zip archives field by field for tests, so that headers and directory can say different things. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipPart {
  readonly name: string
  readonly content: Buffer
  readonly method?: number
  /** As it stands in the archive; by default the content, deflated where the method is 8. */
  readonly packed?: Buffer
  readonly flags?: number
  readonly extra?: Buffer
  /** What the header in front says in place of what is so. */
  readonly local?: Partial<Numbers>
  readonly central?: Partial<Numbers>
  readonly centralName?: string
  /** Sizes behind the content, and zero in front of it. */
  readonly behind?: 'signed' | 'bare' | 'wide'
}

interface Numbers {
  readonly size: number
  readonly packedSize: number
  readonly checksum: number
  readonly at: number
}

export interface ZipMaking {
  readonly before?: Buffer
  readonly between?: Buffer
  readonly after?: Buffer
  readonly comment?: Buffer
  /** Members that the directory leaves out, and ones that it names again. */
  readonly unnamed?: readonly string[]
  readonly twice?: readonly string[]
}

export function makeZip(parts: readonly ZipPart[], making: ZipMaking = {}): Buffer {
  const { before = NOTHING, between = NOTHING, after = NOTHING, comment = NOTHING, unnamed = [], twice = [] } = making
  const chunks: Buffer[] = [before]
  const records: Buffer[] = []
  let at = before.length
  for (const part of parts) {
    const local = localOf(part)
    chunks.push(local)
    const record = centralOf(part, at)
    if (!unnamed.includes(part.name)) records.push(record)
    if (twice.includes(part.name)) records.push(record)
    at += local.length
  }
  const directory = Buffer.concat(records)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(records.length, 8)
  end.writeUInt16LE(records.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at + between.length, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...chunks, between, directory, end, comment, after])
}

const NOTHING = Buffer.alloc(0)

function packedOf({ content, method = 8, packed }: ZipPart): Buffer {
  return packed ?? (method === 8 ? deflateRawSync(content) : content)
}

function fixed(part: ZipPart, said: Partial<Numbers>): Buffer {
  const { content, method = 8, flags = 0, behind } = part
  const bytes = Buffer.alloc(22)
  bytes.writeUInt16LE(20, 0)
  bytes.writeUInt16LE(flags | (behind === undefined ? 0 : 8), 2)
  bytes.writeUInt16LE(method, 4)
  bytes.writeUInt32LE(said.checksum ?? crc32(content), 10)
  bytes.writeUInt32LE(said.packedSize ?? packedOf(part).length, 14)
  bytes.writeUInt32LE(said.size ?? content.length, 18)
  return bytes
}

function localOf(part: ZipPart): Buffer {
  const { content, extra = NOTHING, behind, local = {} } = part
  const said = behind === undefined ? local : { size: 0, packedSize: 0, checksum: 0, ...local }
  const name = Buffer.from(part.name)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(name.length, 0)
  lengths.writeUInt16LE(extra.length, 2)
  const packed = packedOf(part)
  const chunks = [Buffer.from('PK\x03\x04', 'latin1'), fixed(part, said), lengths, name, extra, packed]
  if (behind !== undefined) {
    const sizes = Buffer.alloc(behind === 'wide' ? 20 : 12)
    sizes.writeUInt32LE(crc32(content), 0)
    if (behind === 'wide') {
      sizes.writeBigUInt64LE(BigInt(packed.length), 4)
      sizes.writeBigUInt64LE(BigInt(content.length), 12)
    } else {
      sizes.writeUInt32LE(packed.length, 4)
      sizes.writeUInt32LE(content.length, 8)
    }
    chunks.push(behind === 'bare' ? sizes : Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), sizes]))
  }
  return Buffer.concat(chunks)
}

function centralOf(part: ZipPart, at: number): Buffer {
  const { central = {} } = part
  const name = Buffer.from(part.centralName ?? part.name)
  const rest = Buffer.alloc(18)
  rest.writeUInt16LE(name.length, 0)
  rest.writeUInt32LE(central.at ?? at, 14)
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), fixed(part, central), rest, name])
}
