/** Throw-away certificates for the bench, made by `openssl`: authorities, and the origin's own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './program.ts'
import { ORIGIN_NAME } from './work.ts'

export interface KeyPair {
  readonly certificateFile: string
  readonly keyFile: string
}

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']

/** An authority on P-256, the curve of Weir's own: both proxies sign handshakes at the same price. */
export async function makeAuthority(folder: string, name: string): Promise<KeyPair> {
  const pair = pairIn(folder, name)
  const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign']
  await runCommand(['openssl', ...request(pair, `${name} authority`), ...extensions], folder)
  return pair
}

export async function makeOriginCertificate(folder: string, authority: KeyPair): Promise<KeyPair> {
  const pair = pairIn(folder, 'origin')
  const signer = ['-CA', authority.certificateFile, '-CAkey', authority.keyFile]
  const extensions = [
    ['-addext', `subjectAltName=DNS:${ORIGIN_NAME}`],
    ['-addext', 'basicConstraints=critical,CA:FALSE'],
    ['-addext', 'extendedKeyUsage=serverAuth'],
  ].flat()
  await runCommand(['openssl', ...request(pair, ORIGIN_NAME), ...signer, ...extensions], folder)
  return pair
}

export function readPem(file: string): string {
  return readFileSync(file, 'utf8')
}

function pairIn(folder: string, name: string): KeyPair {
  return { certificateFile: join(folder, `${name}-cert.pem`), keyFile: join(folder, `${name}-key.pem`) }
}

function request({ certificateFile, keyFile }: KeyPair, commonName: string): readonly string[] {
  return ['req', '-x509', ...P256, '-subj', `/CN=${commonName}`, '-keyout', keyFile, '-out', certificateFile]
}
