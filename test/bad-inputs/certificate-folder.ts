/** What the tests of bad certificates share: a folder before and after, and the problem that must name a file in it. */
import { generateKeyPairSync } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { loadAuthority } from '../../src/tls/authority.ts'
import { KeyFileProblem } from '../../src/tls/authority-problem.ts'

/** What is wrong, which must name a file in the folder and lead with it; and nothing may have been written. */
export async function problemOf(folder: string, act: () => Promise<unknown>): Promise<string> {
  const before = snapshot(folder)
  const error: unknown = await act().then(
    () => new Error('it was taken'),
    (cause: unknown) => cause,
  )
  expect(snapshot(folder)).toEqual(before)
  expect(error).toBeInstanceOf(KeyFileProblem)
  if (!(error instanceof KeyFileProblem)) return ''
  expect(error.file.startsWith(folder)).toBe(true)
  expect(error.message.startsWith(`${error.file}: `)).toBe(true)
  expect(error.message).not.toContain('s3cret')
  return error.message.replaceAll(`${folder}/`, '')
}

function snapshot(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(
    names.map((name) => {
      const { mode } = lstatSync(join(folder, name))
      const isFile = (mode & 0o170000) === 0o100000
      return [name, `${mode} ${isFile ? readFileSync(join(folder, name), 'base64') : ''}`]
    }),
  )
}

export function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

export function write(folder: string, name: string, text: string | Buffer): void {
  writeFileSync(join(folder, name), text, { mode: 0o600 })
}

export const loading =
  (folder: string, passphrase: string | null = null) =>
  (): Promise<unknown> =>
    loadAuthority(folder, Date.now(), { passphrase })

/** PEM of a new key, encrypted under `s3cret` where a cipher is named. */
export function newKey(options: { cipher?: string } = {}): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const sealed = options.cipher === undefined ? {} : { cipher: options.cipher, passphrase: 's3cret' }
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...sealed }).toString()
}
