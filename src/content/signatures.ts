/** What bytes are by how they begin, where that decides what is opened: archives, what is encrypted, and the most common rest. */
import { isTarHeader } from '../wire/tar-header.ts'
import { isOpenPgpMessage } from './open-pgp.ts'

export interface Signature {
  readonly mediaType: string
  /** What opens it. */
  readonly opens: 'zip' | 'gzip' | 'zstd' | 'tar' | null
  /** An archive that nothing here opens, by its name for people. */
  readonly archive: string | null
  /** What is encrypted, by its name for people. */
  readonly encrypted: string | null
}

/** Null where its beginning does not tell. `head` is the first 4 KiB, or all; of text only what begins as text is asked. */
export function signatureOf(head: Uint8Array, isText: boolean): Signature | null {
  const rows = BY_FIRST_BYTE.get(head[0] ?? 0)
  if (rows === undefined && isText) return null
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  for (const row of rows ?? []) if (row.fits(bytes)) return row.signature
  if (isText) return null
  for (const row of ANYWHERE) if (row.fits(bytes)) return row.signature
  return null
}

/** What a beginning has to be, and the first bytes that it then has; null where that may be any. */
interface Beginning {
  readonly first: readonly number[] | null
  readonly fits: (head: Buffer) => boolean
}

interface Row extends Beginning {
  readonly signature: Signature
}

function opened(opens: NonNullable<Signature['opens']>, mediaType: string, beginning: Beginning): Row {
  return { ...beginning, signature: { mediaType, opens, archive: null, encrypted: null } }
}

function closed(archive: string, mediaType: string, beginning: Beginning): Row {
  return { ...beginning, signature: { mediaType, opens: null, archive, encrypted: null } }
}

function encrypted(what: string, mediaType: string, beginning: Beginning): Row {
  return { ...beginning, signature: { mediaType, opens: null, archive: null, encrypted: what } }
}

function plain(mediaType: string, beginning: Beginning): Row {
  return { ...beginning, signature: { mediaType, opens: null, archive: null, encrypted: null } }
}

function begins(...starts: readonly (string | Buffer)[]): Beginning {
  const all = starts.map((start) => (typeof start === 'string' ? Buffer.from(start, 'latin1') : start))
  return {
    first: all.map((start) => start[0] ?? 0),
    fits: (head) =>
      all.some((start) => head.length >= start.length && head.compare(start, 0, start.length, 0, start.length) === 0),
  }
}

function fits(check: Beginning['fits'], ...first: readonly number[]): Beginning {
  return { first: first.length === 0 ? null : first, fits: check }
}

function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex')
}

/** DER of a ContentInfo: a sequence of any length that begins with the object identifier. */
function pkcs7(kind: number): Beginning {
  const oid = hex(`06 09 2a 86 48 86 f7 0d 01 07 ${kind.toString(16).padStart(2, '0')}`)
  return fits((head) => head.subarray(0, 24).includes(oid), 0x30)
}

const ENCRYPTED_TYPE = 'application/pgp-encrypted'
const CMS = 'application/pkcs7-mime'

const ROWS: readonly Row[] = [
  opened(
    'zip',
    'application/zip',
    begins('PK\x03\x04', 'PK\x05\x06\0\0\0\0', 'PK\x07\x08PK\x03\x04', 'PK00PK\x03\x04'),
  ),
  opened('gzip', 'application/gzip', begins('\x1f\x8b\x08')),
  opened('zstd', 'application/zstd', begins(hex('28 b5 2f fd'))),
  opened('zstd', 'application/zstd', fits(isSkippableFrame)),
  opened('tar', 'application/x-tar', fits(isTarHeader)),
  closed('bzip2', 'application/x-bzip2', fits(isBzip2, 0x42)),
  closed('xz', 'application/x-xz', begins(hex('fd 37 7a 58 5a 00'))),
  closed('7z', 'application/x-7z-compressed', begins(hex('37 7a bc af 27 1c'))),
  closed('rar', 'application/vnd.rar', begins('Rar!\x1a\x07\0', 'Rar!\x1a\x07\x01\0')),
  closed('lz4', 'application/x-lz4', begins(hex('04 22 4d 18'))),
  closed('lzip', 'application/x-lzip', begins('LZIP\x01')),
  closed('lzma', 'application/x-lzma', begins(hex('5d 00 00 80 00'), hex('5d 00 00 00 04'), hex('5d 00 00 00 01'))),
  closed('compress', 'application/x-compress', begins(hex('1f 9d 90'))),
  closed('cabinet', 'application/vnd.ms-cab-compressed', begins('MSCF\0\0\0\0')),
  closed('ar', 'application/x-archive', begins('!<arch>\n')),
  closed('cpio', 'application/x-cpio', begins('070701', '070702', '070707')),
  closed('rpm', 'application/x-rpm', begins(hex('ed ab ee db'))),
  closed('git bundle', 'application/x-git-bundle', begins('# v2 git bundle\n', '# v3 git bundle\n')),
  closed('git pack', 'application/x-git-pack', begins('PACK\0\0\0\x02', 'PACK\0\0\0\x03')),
  closed('chrome extension', 'application/x-google-chrome-extension', begins('Cr24')),
  closed('squashfs', 'application/x-squashfs', begins('hsqs')),
  encrypted(
    'a file of age',
    'application/x-age',
    begins('age-encryption.org/v1\n', '-----BEGIN AGE ENCRYPTED FILE-----'),
  ),
  encrypted('an OpenPGP message', ENCRYPTED_TYPE, begins('-----BEGIN PGP MESSAGE-----')),
  encrypted('an OpenPGP message', ENCRYPTED_TYPE, fits(isOpenPgpMessage)),
  encrypted('a file of openssl enc', 'application/x-openssl-enc', begins('Salted__')),
  encrypted('an Ansible vault', 'application/x-ansible-vault', begins('$ANSIBLE_VAULT;')),
  encrypted('a CMS message', CMS, pkcs7(3)),
  encrypted('a CMS message', CMS, pkcs7(6)),
  encrypted('a LUKS volume', 'application/x-luks', begins(hex('4c 55 4b 53 ba be'))),
  encrypted('a KeePass database', 'application/x-keepass', begins(hex('03 d9 a2 9a'))),
  encrypted('a file of git-crypt', 'application/x-git-crypt', begins('\0GITCRYPT\0')),
  plain('application/pdf', begins('%PDF-')),
  plain(
    'application/pdf',
    fits((head) => head.subarray(0, 1024).includes('%PDF-')),
  ),
  plain('application/x-cfb', begins(hex('d0 cf 11 e0 a1 b1 1a e1'))),
  plain('image/png', begins(hex('89 50 4e 47 0d 0a 1a 0a'))),
  plain('image/jpeg', begins(hex('ff d8 ff'))),
  plain('image/gif', begins('GIF87a', 'GIF89a')),
  plain(
    'image/webp',
    fits((head) => /^RIFF.{4}WEBP/s.test(head.toString('latin1', 0, 12)), 0x52),
  ),
  plain('application/wasm', begins('\0asm')),
  plain('application/x-elf', begins('\x7fELF')),
  plain(
    'application/java-vm',
    fits((head) => head.toString('hex', 0, 5) === 'cafebabe00' && (head[7] ?? 0) >= 45, 0xca),
  ),
  plain('application/vnd.sqlite3', begins('SQLite format 3\0')),
  plain('font/woff2', begins('wOF2')),
  plain('font/woff', begins('wOFF')),
]

function isSkippableFrame(head: Buffer): boolean {
  return head.length >= 12 && (head.readUInt32LE() & 0xfffffff0) >>> 0 === 0x184d2a50
}

/** A block, or the end of one that is empty: pi, or its root (bzip2's manual). */
function isBzip2(head: Buffer): boolean {
  const mark = head.toString('hex', 4, 10)
  return /^BZh[1-9]/.test(head.toString('latin1', 0, 4)) && (mark === '314159265359' || mark === '177245385090')
}

const BY_FIRST_BYTE = new Map<number, Row[]>()
const ANYWHERE = ROWS.filter(({ first }) => first === null)
for (const row of ROWS) {
  for (const byte of new Set(row.first)) BY_FIRST_BYTE.set(byte, [...(BY_FIRST_BYTE.get(byte) ?? []), row])
}
