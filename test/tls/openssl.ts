/** The openssl binary as an independent judge of certificates. A machine without it fails these tests. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What `openssl ARGUMENTS` prints, run in a folder that holds `files`; throws with its complaint where it fails. */
export function openssl(files: Readonly<Record<string, string>>, ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-openssl-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    // An environment of its own: the machine's may name other trust anchors.
    return execFileSync('openssl', args, {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Strict verification of a server's certificate; `more` are further options, of which the last wins. */
export function verifyStrictly(ca: string, leaf: string, more: readonly string[] = []): string {
  const anchors = ['-no-CApath', '-no-CAstore', '-CAfile', 'ca.pem']
  const options = ['-x509_strict', '-check_ss_sig', '-purpose', 'sslserver', ...anchors, ...more]
  return openssl({ 'ca.pem': ca, 'leaf.pem': leaf }, 'verify', ...options, 'leaf.pem')
}
