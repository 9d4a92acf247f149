/** A certificate authority of the tests and one leaf for all names of their upstreams, made once a process by openssl. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary.ts'

const NAMES = [
  'github.com',
  'www.github.com',
  'api.github.com',
  'uploads.github.com',
  'gist.github.com',
  'codeload.github.com',
  'raw.githubusercontent.com',
  'objects.githubusercontent.com',
  'gitlab.com',
  'bitbucket.org',
  'api.bitbucket.org',
  'mega.nz',
  'api.dropboxapi.com',
  'www.googleapis.com',
  'api.box.com',
  'graph.microsoft.com',
  'api.openai.com',
  'acme.blob.core.windows.net',
  'lfs.github.com',
  'objects.lfs-storage.example',
  'git.acme.example',
  'www.acme.example',
  'localhost',
]

interface Certificates {
  /** The authority's certificate: a file for clients, and the same as PEM. */
  readonly caFile: string
  readonly ca: string
  /** PEM of the leaf and its key, for servers. */
  readonly key: string
  readonly cert: string
}

let made: Certificates | null = null

export function certificates(): Certificates {
  made ??= make(temporaryFolder('certificates'))
  return made
}

function make(folder: string): Certificates {
  const file = (name: string): string => join(folder, name)
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-sha256']
  const dated = ['-days', '30']
  openssl(
    'req',
    '-x509',
    ...newKey,
    ...dated,
    '-subj',
    '/CN=Weir test upstream CA',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  )
  const names = [...NAMES.map((name) => `DNS:${name}`), 'IP:127.0.0.1']
  writeFileSync(
    file('leaf.ext'),
    `subjectAltName=${names.join(',')}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  )
  openssl('req', '-new', ...newKey, '-subj', '/CN=upstream', '-keyout', file('leaf.key'), '-out', file('leaf.csr'))
  const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('leaf.ext')]
  openssl('x509', '-req', '-in', file('leaf.csr'), ...signer, ...dated, '-sha256', '-out', file('leaf.pem'))
  const read = (name: string): string => readFileSync(file(name), 'utf8')
  return { caFile: file('ca.pem'), ca: read('ca.pem'), key: read('leaf.key'), cert: read('leaf.pem') }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    timeout: 20_000,
  })
}
