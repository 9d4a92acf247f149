/** Throw-away keys to sign pushes with: OpenPGP by gpg, and SSH. Each answers what git has to be told. */
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'

export interface Signer {
  readonly config: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** Before the first push that is signed. */
  makeKey(): Promise<void>
}

export function gpgSigner(): Signer {
  const home = temporaryFolder('gnupg')
  // Its agent outlives it.
  afterAll(() => succeed('gpgconf', ['--homedir', home, '--kill', 'all']))
  const words = ['--batch', '--quiet', '--homedir', home, '--passphrase', '', '--quick-gen-key', PERSON, 'ed25519']
  return {
    config: { 'gpg.format': 'openpgp', 'user.signingKey': PERSON },
    env: { GNUPGHOME: home },
    makeKey: () => succeed('gpg', [...words, 'sign', 'never']),
  }
}

export function sshSigner(): Signer {
  const key = join(temporaryFolder('ssh'), 'key')
  return {
    config: { 'gpg.format': 'ssh', 'user.signingKey': key },
    env: {},
    makeKey: () => succeed('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', key]),
  }
}

const PERSON = 'Ada <ada@acme.example>'

async function succeed(program: string, words: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(program, words)
  if (code !== 0) throw new Error(`${program}: ${stderr}`)
}
