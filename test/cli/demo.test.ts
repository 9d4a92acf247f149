import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { spawnWeir } from './weir-child.ts'
import { folderWith } from './weir-command.ts'

interface Push {
  readonly exitStatus: number
  readonly git: string
  readonly upstreamPackBytes: number
}

describe('demo', () => {
  it('shows a push that goes through and one that does not, and leaves nothing behind', async () => {
    const folder = folderWith()
    const child = spawnWeir(['demo'], { cwd: folder, env: { TMPDIR: folder } })
    const status = await child.ended()
    expect(child.err()).toBe('')
    const out = child.out()
    expect(out).toContain(' * [new branch]      main -> main')
    expect(out).toMatch(/! \[remote rejected\] main -> main \(weir: .*no-writes-elsewhere/)
    expect(out).toContain('Push to github.com/acme, or ask at https://help.acme.example/egress')
    expect(out).toContain('\n    0 bytes of the refused pack\n')
    expect(out).toMatch(/\n {4}2\d{5} bytes of the pack\n/)
    expect(status).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says it in JSON', async () => {
    const folder = folderWith()
    const child = spawnWeir(['demo', '--json'], { cwd: folder, env: { TMPDIR: folder } })
    expect(await child.ended()).toBe(0)
    const { good, allowed, refused } = JSON.parse(child.out()) as { good: boolean; allowed: Push; refused: Push }
    expect(good).toBe(true)
    expect([allowed.exitStatus, refused.exitStatus]).toEqual([0, 1])
    expect(allowed.upstreamPackBytes).toBeGreaterThan(256 * 1024)
    expect(refused.upstreamPackBytes).toBe(0)
  })

  it('is cut short by a signal, and leaves nothing behind', async () => {
    const folder = folderWith()
    const child = spawnWeir(['demo'], { cwd: folder, env: { TMPDIR: folder } })
    await child.firstLine()
    child.process.kill('SIGINT')
    expect(await child.ended()).toBe(1)
    expect(child.err()).toContain('cut short')
    expect(readdirSync(folder)).toEqual([])
  })
})
