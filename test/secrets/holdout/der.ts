/** Keys and certificates of the hold-out set: whole DER and OpenSSH structures around numbers that no key has. */
import { fill, uuid } from './fill.ts'
import type { Chance } from './chance.ts'

export const privateKeys: Readonly<Record<string, (chance: Chance) => string>> = {
  'rsa-private-key': (chance) => pem('RSA PRIVATE KEY', rsaKey(chance)),
  'pkcs8-private-key': (chance) => pem('PRIVATE KEY', pkcs8(chance, '06092a864886f70d0101010500', rsaKey(chance))),
  'ec-private-key': (chance) => pem('EC PRIVATE KEY', ecKey(chance)),
  'ed25519-private-key': (chance) =>
    pem('PRIVATE KEY', Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), chance.bytes(32)])),
  'dsa-private-key': (chance) =>
    pem(
      'DSA PRIVATE KEY',
      sequence(integer(Buffer.from([0])), ...[128, 20, 128, 128, 20].map((size) => number(chance, size))),
    ),
  'encrypted-private-key': (chance) =>
    pem(
      'ENCRYPTED PRIVATE KEY',
      sequence(
        Buffer.from('305706092a864886f70d01050d304a', 'hex'),
        chance.bytes(74),
        tagged(0x04, chance.bytes(1232)),
      ),
    ),
  'openssh-private-key': (chance) => pem('OPENSSH PRIVATE KEY', opensshKey(chance), 70),
  'pgp-private-key': (chance) =>
    armored(
      'PGP PRIVATE KEY BLOCK',
      Buffer.concat([Buffer.from('9505860400', 'hex'), chance.bytes(chance.between(900, 1500))]),
      chance,
    ),
  'putty-private-key': puttyKey,
}

/** A certificate in DER, with a name and validity that a reader can tell. */
export function certificate(chance: Chance): string {
  const name = (text: string): Buffer =>
    sequence(tagged(0x31, sequence(Buffer.from('0603550403', 'hex'), tagged(0x0c, Buffer.from(text)))))
  const algorithm = Buffer.from('300d06092a864886f70d01010b0500', 'hex')
  const day = (year: number): Buffer => tagged(0x17, Buffer.from(`${year}0101000000Z`))
  const body = sequence(
    Buffer.from('a003020102', 'hex'),
    number(chance, 16),
    algorithm,
    name(`${fill('%company%', chance).text} CA`),
    sequence(day(24), day(29)),
    name(fill('%host%', chance).text),
    publicKeyInfo(chance),
  )
  return pem('CERTIFICATE', sequence(body, algorithm, bitString(chance.bytes(256))))
}

export const publicKeys: readonly ((chance: Chance) => string)[] = [
  (chance) => pem('PUBLIC KEY', publicKeyInfo(chance)),
  (chance) => pem('RSA PUBLIC KEY', sequence(number(chance, 256), integer(Buffer.from([1, 0, 1])))),
  (chance) =>
    armored('PGP PUBLIC KEY BLOCK', Buffer.concat([Buffer.from('99010d0400', 'hex'), chance.bytes(900)]), chance),
  (chance) =>
    armored('PGP SIGNATURE', Buffer.concat([Buffer.from('89013304000108', 'hex'), chance.bytes(300)]), chance),
  (chance) =>
    pem('CERTIFICATE REQUEST', sequence(sequence(integer(Buffer.from([0])), publicKeyInfo(chance)), chance.bytes(256))),
  (chance) => pem('DH PARAMETERS', sequence(number(chance, 256), integer(Buffer.from([2])))),
  (chance) => `ssh-ed25519 ${sshPublic(chance).toString('base64')} ${fill('%email%', chance).text}`,
  (chance) =>
    `ssh-rsa ${Buffer.concat([sshString('ssh-rsa'), sshString(Buffer.from([1, 0, 1])), sshString(Buffer.concat([Buffer.from([0]), chance.bytes(256)]))]).toString('base64')} ${fill('%user%@%app%', chance).text}`,
]

function rsaKey(chance: Chance): Buffer {
  return sequence(
    integer(Buffer.from([0])),
    number(chance, 256),
    integer(Buffer.from([1, 0, 1])),
    number(chance, 256),
    ...[128, 128, 128, 128, 128].map((size) => number(chance, size)),
  )
}

function pkcs8(chance: Chance, algorithm: string, key: Buffer): Buffer {
  return sequence(
    integer(Buffer.from([0])),
    tagged(0x30, Buffer.from(algorithm, 'hex')),
    tagged(0x04, chance.once(2) ? key : rsaKey(chance)),
  )
}

function ecKey(chance: Chance): Buffer {
  const point = Buffer.concat([Buffer.from([4]), chance.bytes(64)])
  return sequence(
    integer(Buffer.from([1])),
    tagged(0x04, chance.bytes(32)),
    tagged(0xa0, Buffer.from('06082a8648ce3d030107', 'hex')),
    tagged(0xa1, bitString(point)),
  )
}

/** PROTOCOL.key of OpenSSH: an Ed25519 key without a passphrase. */
function opensshKey(chance: Chance): Buffer {
  const publicKey = sshPublic(chance)
  const check = chance.bytes(4)
  const inner = Buffer.concat([
    check,
    check,
    publicKey,
    sshString(chance.bytes(64)),
    sshString(fill('%user%@%app%', chance).text),
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, at) => at + 1))
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshString('none'),
    sshString('none'),
    sshString(''),
    Buffer.from([0, 0, 0, 1]),
    sshString(publicKey),
    sshString(Buffer.concat([inner, padding])),
  ])
}

function puttyKey(chance: Chance): string {
  const lines = (bytes: Buffer): readonly string[] => bytes.toString('base64').match(/.{1,64}/g) ?? []
  const open = lines(sshPublic(chance))
  const hidden = lines(chance.bytes(36))
  return [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: none',
    `Comment: eddsa-key-${chance.between(20220101, 20261231)}`,
    `Public-Lines: ${open.length}`,
    ...open,
    `Private-Lines: ${hidden.length}`,
    ...hidden,
    `Private-MAC: ${chance.bytes(32).toString('hex')}`,
  ].join('\n')
}

const sshPublic = (chance: Chance): Buffer => Buffer.concat([sshString('ssh-ed25519'), sshString(chance.bytes(32))])

function sshString(value: string | Buffer): Buffer {
  const size = Buffer.alloc(4)
  const bytes = Buffer.from(value)
  size.writeUInt32BE(bytes.length)
  return Buffer.concat([size, bytes])
}

function publicKeyInfo(chance: Chance): Buffer {
  return sequence(
    Buffer.from('300d06092a864886f70d0101010500', 'hex'),
    bitString(sequence(number(chance, 256), integer(Buffer.from([1, 0, 1])))),
  )
}

/** A positive number of as many bytes. */
function number(chance: Chance, size: number): Buffer {
  const bytes = chance.bytes(size)
  bytes[0] = 0x80 | chance.below(128)
  return integer(Buffer.concat([Buffer.from([0]), bytes]))
}

const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes)
const bitString = (bytes: Buffer): Buffer => tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]))
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts))

function tagged(tag: number, bytes: Buffer): Buffer {
  const size = bytes.length
  const head = size < 128 ? [tag, size] : size < 256 ? [tag, 0x81, size] : [tag, 0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from(head), bytes])
}

function pem(label: string, der: Buffer, width = 64): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}

function armored(label: string, packet: Buffer, chance: Chance): string {
  const lines = packet.toString('base64').match(/.{1,64}/g) ?? []
  const sum = `=${chance.bytes(3).toString('base64')}`
  return [`-----BEGIN ${label}-----`, '', ...lines, sum, `-----END ${label}-----`].join('\n')
}

/** The JSON file of a Google service account, in which the key stands with escaped line ends. */
export function serviceAccount(chance: Chance): { readonly text: string; readonly secrets: readonly string[] } {
  const make = privateKeys['pkcs8-private-key']
  if (make === undefined) throw new Error('there is no PKCS #8 key')
  const key = `${make(chance)}\n`
  const project = fill('%company%-%app%', chance).text
  const account = {
    type: 'service_account',
    project_id: project,
    private_key_id: chance.bytes(20).toString('hex'),
    private_key: key,
    client_email: `deployer@${project}.iam.gserviceaccount.com`,
    client_id: chance.chars('0123456789', 21),
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
    etag: uuid(chance),
  }
  return { text: JSON.stringify(account, null, 2), secrets: [JSON.stringify(key.trimEnd()).slice(1, -1)] }
}
