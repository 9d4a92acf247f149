/** The reverse table holds: all that node:http passes on against the specification is known, and has a case that stops it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { spawnWeir } from '../cli/weir-child.ts'
import { startPlainOrigin } from '../e2e/support/plain-origin.ts'
import { openRaw } from '../e2e/support/raw-client.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'
import { PASSED_BY_NODE, PASSED_BY_TOLERANT_NODE } from './corpus/passed-by-node.ts'
import { REQUEST_CASES } from './corpus/requests.ts'
import { readByNode } from './support/node-reading.ts'

const FORBIDDEN = REQUEST_CASES.filter((each) => each.forbidden)

async function passedBy(tolerant: boolean): Promise<readonly string[]> {
  const read = await Promise.all(FORBIDDEN.map((each) => readByNode(each, tolerant)))
  return FORBIDDEN.filter((_, at) => (read[at] ?? []).length > 0).map(({ name }) => name)
}

describe('what the specification forbids and node:http passes on', () => {
  let passed: readonly string[]
  beforeAll(async () => {
    passed = await passedBy(false)
  })

  it('is in the table, as Node comes', () => {
    expect(passed).toEqual(PASSED_BY_NODE)
    console.info(`${passed.length} of ${FORBIDDEN.length} forbidden requests are passed on by node:http`)
  })

  it('is in the table, as Node is with --insecure-http-parser', async () => {
    const more = (await passedBy(true)).filter((name) => !passed.includes(name))
    expect(more).toEqual(PASSED_BY_TOLERANT_NODE)
    console.info(`${more.length} more are passed on with --insecure-http-parser`)
  })
})

describe('Weir under --insecure-http-parser', () => {
  it('reads as strictly as ever', async () => {
    const origin = await startPlainOrigin()
    const folder = temporaryFolder('insecure')
    const policy = join(folder, 'policy.yaml')
    writeFileSync(policy, 'version: 1\ndefault: allow\n')
    const flags = ['--policy', policy, '--listen', '127.0.0.1:0', '--allow-private', '127.0.0.0/8']
    const weir = spawnWeir(['run', ...flags], { cwd: folder, env: { NODE_OPTIONS: '--insecure-http-parser' } })
    const { listen } = JSON.parse(await weir.firstLine()) as { listen: readonly string[] }
    const host = `127.0.0.1:${origin.port}`
    const client = await openRaw(Number(listen[0]?.split(':')[1]))
    client.send(`POST http://${host}/upload HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`)
    client.send('3\nabc\r\n0\r\n\r\n')
    expect((await client.readToEnd()).toString()).toMatch(/^HTTP\/1\.1 400 /)
    expect(origin.log.filter(({ complete }) => complete)).toEqual([])
    weir.process.kill('SIGTERM')
    await weir.ended()
    await origin.close()
  })
})
