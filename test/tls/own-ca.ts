/** CAs of an admin's own, as openssl makes them, in folders that go away with the test file. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-own-ca-'))
  folders.push(folder)
  return folder
}

/** What `openssl ARGUMENTS` prints, run in `folder`, with an environment of its own; what it writes is private. */
export function opensslInto(folder: string, ...args: string[]): string {
  const text = execFileSync('openssl', args, {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
    stdio: 'pipe',
  })
  const out = args.indexOf('-out')
  if (out !== -1) chmodSync(join(folder, args[out + 1] ?? ''), 0o600)
  return text
}

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'RSA-2048' | 'RSA-1024' | 'RSA-PSS' | 'ED25519'

const KEYS: Readonly<Record<KeyKind, readonly string[]>> = {
  'P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  'RSA-2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'RSA-1024': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  'RSA-PSS': ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ED25519: ['-algorithm', 'ED25519'],
}

export interface OwnCaOptions {
  readonly key?: KeyKind
  readonly name?: string
  /** Lines of the extension section; by default those of an authority. */
  readonly extensions?: readonly string[]
  readonly days?: number
  /** The folder of the authority that issues it; by default it is self-signed. */
  readonly issuer?: string
  readonly digest?: string
}

export const AUTHORITY_EXTENSIONS = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
]

/** A folder with `ca.pem` and `ca-key.pem`, the latter PKCS#8 and not encrypted. */
export function makeOwnCa(options: OwnCaOptions = {}): string {
  const {
    key = 'P-256',
    name = 'Acme Root',
    extensions = AUTHORITY_EXTENSIONS,
    days = 30,
    issuer,
    digest = 'sha256',
  } = options
  const folder = makeFolder()
  opensslInto(folder, 'genpkey', ...KEYS[key], '-out', 'ca-key.pem')
  const config = `[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nO=Acme\nCN=${name}\n[v3]\n${extensions.join('\n')}\n`
  writeFileSync(join(folder, 'ca.cnf'), config)
  const signer =
    issuer === undefined ? ['-x509'] : ['-x509', '-CA', join(issuer, 'ca.pem'), '-CAkey', join(issuer, 'ca-key.pem')]
  const made = ['-key', 'ca-key.pem', '-config', 'ca.cnf', '-extensions', 'v3', '-days', String(days), `-${digest}`]
  opensslInto(folder, 'req', '-new', ...signer, ...made, '-out', 'ca.pem')
  rmSync(join(folder, 'ca.cnf'))
  return folder
}
