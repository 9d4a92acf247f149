/** What is recognised by its beginning, made by hand where no program here makes it, and what only looks like it. */
import { describe, expect, it } from 'vitest'
import { isOpenPgpMessage } from '../../src/content/open-pgp.ts'
import { isRarEncrypted } from '../../src/content/rar-encryption.ts'
import { signatureOf } from '../../src/content/signatures.ts'

function bytesOf(...parts: readonly string[]): Buffer {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
}

const BODY = '00'.repeat(300)

describe('a beginning', () => {
  it.each([
    ['504b0304 1400', 'application/zip', 'zip'],
    ['504b0506 00000000', 'application/zip', 'zip'],
    ['1f8b08', 'application/gzip', 'gzip'],
    ['28b52ffd', 'application/zstd', 'zstd'],
    ['5e2a4d18 00000000', 'application/zstd', 'zstd'],
  ])('%s opens %s', (hex, mediaType, opens) => {
    expect(signatureOf(bytesOf(hex, BODY), false)).toMatchObject({ mediaType, opens })
  })

  it.each([
    ['526172211a0700', 'rar'],
    ['526172211a070100', 'rar'],
    ['377abcaf271c', '7z'],
    ['fd377a585a00', 'xz'],
    ['425a6839314159265359', 'bzip2'],
    ['425a6831177245385090', 'bzip2'],
    ['04224d18', 'lz4'],
    ['4c5a495001', 'lzip'],
    ['1f9d90', 'compress'],
    ['4d534346 00000000', 'cabinet'],
    ['edabeedb', 'rpm'],
    ['5041434b 00000002', 'git pack'],
    [Buffer.from('!<arch>\n').toString('hex'), 'ar'],
    [Buffer.from('# v3 git bundle\n').toString('hex'), 'git bundle'],
  ])('%s is an archive that is not opened: %s', (hex, archive) => {
    expect(signatureOf(bytesOf(hex, BODY), false)).toMatchObject({ archive, opens: null })
  })

  it.each([
    ['4c554b53babe', 'a LUKS volume'],
    ['03d9a29a 67fb4bb5', 'a KeePass database'],
    ['004749544352595054 00', 'a file of git-crypt'],
    [Buffer.from('Salted__').toString('hex'), 'a file of openssl enc'],
    [Buffer.from('$ANSIBLE_VAULT;1.1;AES256\n').toString('hex'), 'an Ansible vault'],
    ['3080 06092a864886f70d010703 a080', 'a CMS message'],
    ['308201ff 06092a864886f70d010706 a080', 'a CMS message'],
  ])('%s is encrypted: %s', (hex, encrypted) => {
    expect(signatureOf(bytesOf(hex, BODY), false)).toMatchObject({ encrypted })
  })

  it.each([
    '',
    '50',
    '504b',
    '1f8b',
    '1f8b09',
    '425a68',
    '425a6839',
    'ffd8',
    '3082 0500 06092a864886f70d010702',
    '28b52f',
  ])('%s tells nothing', (hex) => {
    expect(signatureOf(bytesOf(hex), false)).toBeNull()
  })

  it('that is text is not asked for what only bytes begin with', () => {
    expect(signatureOf(Buffer.from('text'), true)).toBeNull()
    expect(signatureOf(Buffer.from('-----BEGIN PGP MESSAGE-----\n'), true)).toMatchObject({
      encrypted: 'an OpenPGP message',
    })
    expect(signatureOf(Buffer.from('%PDF-1.4'), true)).toMatchObject({ mediaType: 'application/pdf' })
  })
})

describe('OpenPGP', () => {
  it.each([
    ['a session key of version 3, in the old form', '85010c 03 0123456789abcdef 01'],
    ['a session key of version 3, in the new form', 'c1c04c 03 0123456789abcdef 12'],
    ['a session key of version 6', 'c135 06 21 06'],
    ['a passphrase of version 4', '8c0d 04 09 03'],
    ['a passphrase of version 5', 'c320 05 09 02'],
    ['a passphrase of version 6', 'c328 06 1d 09'],
  ])('with %s is encrypted', (_, hex) => {
    expect(isOpenPgpMessage(bytesOf(hex, BODY))).toBe(true)
  })

  it.each([
    ['a public key', '99010d 04'],
    ['a signature', '890133 04 00 01'],
    ['a session key of no algorithm', '85010c 03 0123456789abcdef 63'],
    ['a session key of no version', '85010c 09 0123456789abcdef 01'],
    ['a session key that is too long', '859000 03 0123456789abcdef 01'],
    ['a passphrase of no cipher', '8c0d 04 63 03'],
    ['a passphrase that is too long', '8cff 04 09 03'],
    ['a length in parts', 'c1f0 03 0123456789abcdef 01'],
    ['nothing', ''],
    ['one byte', '85'],
  ])('with %s is not', (_, hex) => {
    expect(isOpenPgpMessage(bytesOf(hex))).toBe(false)
  })
})

describe('RAR', () => {
  const RAR4 = '526172211a0700'
  const RAR5 = '526172211a070100'
  it.each([
    ['4 with its headers', RAR4, '0000 73 8000 0d00', true],
    ['4 with a file', RAR4, '0000 73 0000 0d00 000000000000', '0000 74 0480 2000', true],
    ['4 that is not', RAR4, '0000 73 0000 0d00 000000000000', '0000 74 0080 2000', false],
    ['4 with a header that is too short', RAR4, '0000 73 0000 0300', false],
    ['5 with its headers', RAR5, '00000000 04 04 00 00 00', true],
    ['5 with a file', RAR5, '00000000 03 01 00 00', '00000000 08 02 01 04 aa 03 01 00', true],
    ['5 that is not', RAR5, '00000000 03 01 00 00', '00000000 05 02 00 00 00 00', false],
    ['5 with a size without an end', RAR5, '00000000 ffffffffffffffff', false],
    ['5 that ends', RAR5, '', false],
  ])('%s', (_, ...parts) => {
    const expected = parts.at(-1) === true
    expect(isRarEncrypted(bytesOf(...parts.slice(0, -1).map(String)))).toBe(expected)
  })
})
