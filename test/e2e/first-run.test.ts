/** The first minute of a new user: Weir as a process of its own, under the default policy, and curl through it. */
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spawnWeir } from '../cli/weir-child.ts'
import { curl } from './support/curl.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { temporaryFolder } from './support/temporary.ts'

const DEFAULT_POLICY = resolve(import.meta.dirname, '../../policies/default.yaml')

let origin: Origin
beforeAll(async () => {
  origin = await startPlainOrigin()
})
afterAll(async () => {
  await origin?.close()
})

async function run(flags: readonly string[]) {
  const folder = temporaryFolder('first-run')
  const child = spawnWeir(['run', '--policy', DEFAULT_POLICY, '--listen', '127.0.0.1:0', ...flags], { cwd: folder })
  const { event, listen } = JSON.parse(await child.firstLine()) as { event: string; listen: readonly string[] }
  expect(event).toBe('ready')
  return { child, folder, proxy: `http://${listen[0] ?? ''}` }
}

/** The lines of the record on standard output, behind the one that says ready. */
function recordsOf(out: string): Record<string, unknown>[] {
  const lines = out.trimEnd().split('\n').slice(1)
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('a first run', () => {
  it('reaches a loopback origin where the operator allows it, and writes one line about it', async () => {
    const { child, proxy, folder } = await run(['--allow-private', '127.0.0.0/8'])
    const answer = await curl([`http://127.0.0.1:${origin.port}/`], { proxy, cwd: join(folder) })
    expect([answer.exitCode, answer.status]).toEqual([0, 200])
    expect(answer.body.toString()).toContain('Weir test origin')
    child.process.kill('SIGTERM')
    expect(await child.ended()).toBe(0)
    expect(recordsOf(child.out())).toMatchObject([
      { 'event.action': 'allowed', 'http.response.status_code': 200, 'destination.port': origin.port },
    ])
  })

  it('is refused with the reason where nobody does', async () => {
    const { child, proxy } = await run([])
    const before = origin.log.length
    const answer = await curl([`http://127.0.0.1:${origin.port}/`], { proxy })
    expect([answer.exitCode, answer.status]).toEqual([0, 403])
    const problem = JSON.parse(answer.body.toString()) as { detail: string; event: string }
    expect(problem.detail).toContain('loopback address, which this proxy does not reach unless its operator allows it')
    expect(origin.log.length).toBe(before)
    child.process.kill('SIGTERM')
    expect(await child.ended()).toBe(0)
    expect(recordsOf(child.out())).toMatchObject([
      { 'event.id': problem.event, 'event.action': 'denied', 'weir.reason': 'address-refused' },
    ])
  })

  it('closes paste sites with a rule and a message', async () => {
    const { proxy } = await run([])
    const answer = await curl(['-d', 'secret', 'http://pastebin.com/api'], { proxy })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body.toString())).toMatchObject({ rule: expect.any(String), event: expect.any(String) })
  })
})
