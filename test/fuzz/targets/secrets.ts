/** Files of an admin's own: users and their hashes, certificates, keys, and the ledger of budgets. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { HTPASSWD_PROBLEMS_MAX, parseHtpasswd } from '../../../src/identity/htpasswd.ts'
import { parsePasswordHash } from '../../../src/identity/password-hash.ts'
import { openLedgerDatabase } from '../../../src/store/ledger-database.ts'
import { LedgerProblem } from '../../../src/store/ledger-problem.ts'
import { blameKeyFile, KeyFileProblem } from '../../../src/tls/authority-problem.ts'
import { parseAuthorityPem, parseCertificates, parseCredentials } from '../../../src/tls/authority-pem.ts'
import { encodeDomains, parseNameConstraints, permits } from '../../../src/tls/name-constraints.ts'
import { splitPem } from '../../../src/tls/pem.ts'
import { parsePkcs12 } from '../../../src/tls/pkcs12.ts'
import { isPrivateKey, parsePrivateKey } from '../../../src/tls/private-key.ts'
import { parseHost } from '../../../src/net/host.ts'
import { createTestCa } from '../../tls/pki.ts'
import { mutatedBytes, mutatedText } from '../corpus.ts'
import { checkSentence } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const BCRYPT = '$2y$05$abcdefghijklmnopqrstuu5LrDAUVCvMYTgMRYHOvSgGHKnMQs5Nq'
const ARGON2 = '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObGkyGVIeO9LoU'
const SECRET = 'Hunter2xyzzy'

const hashes = mutatedText([BCRYPT, ARGON2, '{SHA}x', '$apr1$a$b', '$2x$05$a', SECRET], ['$', 'm=', ',', 't=99'])

const passwordHash = defineTarget({
  name: 'password-hash',
  parsers: ['identity/password-hash.ts#parsePasswordHash'],
  inputs: hashes,
  shortRuns: 1_000,
  check(text) {
    const parsed = parsePasswordHash(text)
    if (parsed.state === 'done') {
      assert(/^[\x21-\x7e]+$/.test(text))
      if (parsed.value.kind === 'argon2id') assert(parsed.value.memoryKib <= 262_144 && parsed.value.salt.length >= 8)
      return
    }
    checkSentence(parsed.fault)
    assert(!`${parsed.fault}${parsed.hint}`.includes(SECRET), 'tells what may be a password')
  },
})

const htpasswd = defineTarget({
  name: 'htpasswd',
  parsers: ['identity/htpasswd.ts#parseHtpasswd'],
  inputs: fc.oneof(
    mutatedText([`ada:${BCRYPT}\n# x\ngrace:${ARGON2}\r\n`, `\ufeffada:${BCRYPT}`], ['\n', ':', `ada:${SECRET}\n`]),
    fc
      .array(fc.tuple(fc.string({ maxLength: 6 }), hashes).map(([user, hash]) => `${user}:${hash}`))
      .map((all) => all.join('\n')),
  ),
  check(text) {
    const { accounts, problems } = parseHtpasswd(text, 'users')
    assert.equal(accounts === null, problems.length > 0)
    assert(problems.length <= HTPASSWD_PROBLEMS_MAX + 1)
    const lines = text.split('\n')
    const namesSecret = lines.some((line) => line.split(':', 1)[0]?.includes(SECRET))
    for (const { line, column, message, hint = '' } of problems) {
      assert(line >= 1 && line <= lines.length && column >= 1)
      // Of what stands behind the colon nothing is told.
      if (!namesSecret) assert(!`${message}${hint}`.includes(SECRET), 'tells what may be a password')
    }
    for (const user of accounts?.keys() ?? []) assert(!/[:\p{Cc}]/u.test(user) && user.trim() === user && user !== '')
  },
})

const FOLDER = mkdtempSync(join(tmpdir(), 'weir-fuzz-'))
process.on('exit', () => rmSync(FOLDER, { recursive: true, force: true }))

const ca = createTestCa({ name: 'Fuzzed' })
const leaf = ca.issue({ names: ['a.example', '192.0.2.1'] })
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const SEALED = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 's3cret' })
  .toString()
const PEMS = [ca.certificatePem, leaf.cert, leaf.key, `${ca.certificatePem}\nwords\n${leaf.cert}`, SEALED]
const PEM_WORDS = [
  '-----BEGIN ',
  '-----END CERTIFICATE-----',
  '-----',
  'PRIVATE KEY',
  '\n\n',
  'Proc-Type: 4,ENCRYPTED\n',
]
const blame = blameKeyFile('a.pem')

const pem = defineTarget({
  name: 'pem',
  parsers: [
    'tls/authority-pem.ts#parseCertificates',
    'tls/authority-pem.ts#parseCredentials',
    'tls/authority-pem.ts#parseAuthorityPem',
    'tls/private-key.ts#parsePrivateKey',
    'tls/pem.ts#splitPem',
  ],
  inputs: fc.tuple(mutatedText(PEMS, PEM_WORDS), fc.constantFrom(null, 's3cret', 'wrong')),
  shortRuns: 150,
  check([text, passphrase]) {
    for (const block of splitPem(text) ?? []) {
      assert(text.includes(block.text.trimEnd()))
      if (isPrivateKey(block)) told(() => parsePrivateKey(block, passphrase, blame).asymmetricKeyType)
    }
    told(() => parseCertificates(text, blame).length)
    const files = { certificate: 'a.pem', key: 'b.pem' }
    for (const words of [
      { certificatePem: text, keyPem: leaf.key },
      { certificatePem: ca.certificatePem, keyPem: text },
    ]) {
      told(() => parseCredentials(words, files, passphrase).chain.length)
      told(() => parseAuthorityPem(words, files, Date.now(), passphrase).subject)
    }
  },
})

/** It is read, or an admin hears why not: which file, and what. */
function told(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    assert(error instanceof KeyFileProblem, error instanceof Error ? error.stack : 'not an error')
    assert(!error.message.includes('s3cret') && error.message.length > error.file.length + 5)
  }
}

const CERTIFICATE = new X509Certificate(ca.certificatePem).raw
const encodedPem = (der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
const key = createPrivateKey(leaf.key).export({ type: 'pkcs8', format: 'pem' }).toString()

const certificate = defineTarget({
  name: 'certificate',
  parsers: [
    'tls/certificate.ts#readParts',
    'tls/certificate.ts#parse',
    'tls/extensions.ts#readPathLength',
    'tls/extensions.ts#readKeyId',
  ],
  inputs: mutatedBytes(
    [CERTIFICATE, new X509Certificate(leaf.cert).raw],
    [Buffer.from('3080', 'hex'), Buffer.from('a300', 'hex')],
  ),
  shortRuns: 200,
  check(der) {
    // As loading an authority does: the whole way from a file whose bytes are anything.
    const files = { certificate: 'a.pem', key: 'b.pem' }
    told(() => parseAuthorityPem({ certificatePem: encodedPem(der), keyPem: key }, files, Date.now()))
  },
})

const constraints = defineTarget({
  name: 'name-constraints',
  parsers: ['tls/name-constraints.ts#parseNameConstraints'],
  inputs: mutatedBytes([encodeDomains([hostOf('a.example'), hostOf('b.example')])], [Buffer.from('8204', 'hex')]),
  check(der) {
    const parsed = parseNameConstraints(Buffer.from(der))
    if (typeof parsed === 'string') {
      assert(parsed.length > 0)
      return
    }
    assert.equal(typeof permits(parsed, hostOf('a.example')), 'boolean')
  },
})

function hostOf(text: string) {
  const host = parseHost(text)
  assert(host !== null)
  return host
}

const P12 = makePkcs12()

/** Sealed by few rounds: the time goes into reading. */
function makePkcs12(): Uint8Array {
  writeFileSync(join(FOLDER, 'a.pem'), leaf.key + leaf.cert)
  const words = ['pkcs12', '-export', '-in', 'a.pem', '-out', 'a.p12', '-iter', '2', '-passout', 'pass:s3cret']
  execFileSync('openssl', words, { cwd: FOLDER, env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, stdio: 'pipe' })
  return Uint8Array.from(readFileSync(join(FOLDER, 'a.p12')))
}

const pkcs12 = defineTarget({
  name: 'pkcs12',
  parsers: ['tls/pkcs12.ts#parsePkcs12'],
  inputs: fc.tuple(mutatedBytes([P12], [Buffer.from('3080', 'hex')]), fc.constantFrom(null, 's3cret')),
  shortRuns: 60,
  check([bytes, passphrase]) {
    told(() => parsePkcs12(Buffer.from(bytes), passphrase, blame).chain.length)
  },
})

const LEDGER = makeLedger()

function makeLedger(): Uint8Array {
  const file = join(FOLDER, 'good.sqlite')
  const database = openLedgerDatabase(file)
  const run = { owner: 'a', bootId: 'b', monotonicMs: 1, wallMs: 2, ledgerMs: 3 }
  const puts = ['ada', 'grace'].map((name) => {
    return {
      budget: 'uploads',
      key: name,
      windowMs: 60_000,
      size: 1_000,
      leasedBytes: 10,
      sent: [[1, 5]] as [number, number][],
    }
  })
  database.write({ replaces: true, run, deletes: [], puts })
  database.close()
  return Uint8Array.from(readFileSync(file))
}

const ledger = defineTarget({
  name: 'ledger-file',
  parsers: ['store/ledger-rows.ts#readKept'],
  inputs: mutatedBytes([LEDGER], ['[[1,5]]', '[]', '[[1,-5]]', 'NULL', '1e999']),
  shortRuns: 30,
  check(bytes) {
    const file = join(FOLDER, 'changed.sqlite')
    for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true })
    writeFileSync(file, bytes)
    try {
      const database = openLedgerDatabase(file)
      try {
        const { rows } = database.read()
        assert(rows.every(({ leasedBytes, sent }) => leasedBytes >= 0 && sent.every(([, spent]) => spent >= 0)))
        // SQLite takes a file of no byte, and of one, for a database that is still to be made.
        assert(bytes.length < 2 || bytes.length > 100, 'a ledger that was made anew')
      } finally {
        database.close()
      }
    } catch (error) {
      assert(error instanceof LedgerProblem, error instanceof Error ? error.stack : 'not an error')
      assert(error.message.startsWith(file))
    }
  },
})

export const SECRET_TARGETS: readonly FuzzTarget[] = [
  passwordHash,
  htpasswd,
  pem,
  certificate,
  constraints,
  pkcs12,
  ledger,
]
