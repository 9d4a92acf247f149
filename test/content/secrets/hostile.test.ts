/** Texts that somebody wrote against the scanner: time grows as the text does, and memory not at all. */
import { describe, expect, it } from 'vitest'
import { scanOf } from './upload.ts'

const BYTES = 1024 * 1024
/** Of this thread for one MiB: ten times what the worst of them takes where nothing else runs. */
const CPU_MAX_MS = 20_000

function filled(unit: string, bytes = BYTES): Buffer {
  return Buffer.alloc(bytes, unit)
}

function cpuMsOf(content: Buffer): number {
  const before = process.threadCpuUsage()
  scanOf([{ within: [], content }])
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

describe('a MiB of', () => {
  it.each([
    ['one letter', 'a'],
    ['one letter of base64 in lines', `${'A'.repeat(76)}\n`],
    ['zero bytes', '\0'],
    ['letters of UTF-16', 'a\0'],
    ['a name and its sign', 'password='],
    ['a name with spaces', `password${' '.repeat(16)}:${' '.repeat(16)}`],
    ['names in one name', 'key_token_secret_'],
    ['a prefix', 'glpat-'],
    ['credentials', `ghp_${'a1B2'.repeat(9)} `],
    ['heads of private keys', `-----BEGIN PRIVATE KEY-----\n${'QUJD'.repeat(16)}\n`],
    ['heads of a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa\nx'],
    ['users of URLs', `://${'a'.repeat(70)}:${'b'.repeat(150)}`],
    ['web tokens', `eyJhbGciOiJ${'a'.repeat(700)}.eyJ${'b'.repeat(900)}.`],
    ['options of commands', `curl ${'x '.repeat(140)}`],
    ['members of web keys', '"d":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['short runs of base64', `${Buffer.from('abcdefghijklmnopqrstuvwxyzabcdefghijkl').toString('base64')} `],
  ])('%s', { timeout: 120_000 }, (_, unit) => {
    expect(cpuMsOf(filled(unit))).toBeLessThan(CPU_MAX_MS)
  })

  it('keeps no more of a large one than of a small one', () => {
    const large = filled(`token = "${'a1B2c3D4'.repeat(6)}"\n`, 32 * BYTES)
    scanOf([{ within: [], content: large.subarray(0, BYTES) }])
    const before = process.memoryUsage.rss()
    scanOf([{ within: [], content: large }], 64 * 1024)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024)
  })
})
