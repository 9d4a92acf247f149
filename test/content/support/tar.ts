/** Makes tar archives for tests, good ones and bad ones. */

export interface TarHeaderFields {
  readonly type?: string
  /** As it stands in the header, in place of the octal size. */
  readonly size?: Buffer
  readonly prefix?: string
  readonly magic?: string
  readonly checksum?: string
}

export function tarHeader(name: string, size: number, fields: TarHeaderFields = {}): Buffer {
  const { type = '0', magic = 'ustar\u000000', prefix = '' } = fields
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000644\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  fields.size?.copy(block, 124)
  block.write('00000000000\0', 136)
  block.write('        ', 148)
  block.write(type, 156)
  block.write(magic, 257, 'latin1')
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(fields.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

export function tarMember(name: string, content: Buffer, fields: TarHeaderFields = {}): Buffer {
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([tarHeader(name, content.length, fields), content, padding])
}

export const TAR_END = Buffer.alloc(1_024)

export function tarOf(files: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  return Buffer.concat([...files.map(([name, content]) => tarMember(name, content)), TAR_END])
}
