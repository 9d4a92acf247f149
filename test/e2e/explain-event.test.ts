/** The event id of a refusal, given to `weir explain` beside the Weir that runs, and beside the record that it wrote. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spawnWeir } from '../cli/weir-child.ts'
import { githubToken } from '../content/secrets/upload.ts'
import { makeZip } from '../content/support/zip.ts'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeirProcess, type WeirProcess } from './support/weir-process.ts'

const POLICY = `
version: 1
default: allow
rules:
  - name: watch-notes
    to: { hosts: [notes.example] }
    operations: [write]
    mode: report
    action: deny
  - name: no-drops
    to: { hosts: [drop.example] }
    operations: [write]
    action: deny
    message: Use our own share.
  - name: no-secrets
    to: { hosts: [files.example] }
    operations: [write]
    when: { secrets: true }
    action: deny
    message: A credential is in it.
`

const folder = temporaryFolder('explain-event')
let origin: Origin
let weir: WeirProcess
beforeAll(async () => {
  origin = await startPlainOrigin()
  weir = await startWeirProcess({
    folder,
    upstreamCa: certificates().ca,
    policy: POLICY,
    resolve: [`*:80:127.0.0.1:${origin.port}`],
  })
})
afterAll(async () => {
  await weir?.close()
  await origin?.close()
})

async function explain(words: readonly string[]) {
  const child = spawnWeir(['explain', ...words], { cwd: folder })
  const status = await child.ended()
  return { status, out: child.out(), err: child.err() }
}

describe('the event of a refusal', () => {
  it('is explained by the running Weir, and by its record', async () => {
    const refused = await curl(['-d', 'secret', 'http://drop.example/in'], { proxy: weir.proxy })
    expect(refused.status).toBe(403)
    const { event } = JSON.parse(refused.body.toString()) as { event: string }
    const told = await explain([event, '--data', weir.data])
    expect(told).toEqual({
      status: 0,
      err: '',
      out: expect.stringMatching(
        new RegExp(
          [
            `^Event ${event}: on [\\d-]+ at [\\d:]+ UTC, a client without a user, at 127\\.0\\.0\\.1, asked for POST http://drop\\.example/in\\.`,
            'It was the operation unknown-write\\.',
            'It was denied by rule no-drops, at the checkpoint request\\.',
            'The reason that was given: Use our own share\\.',
            'The client saw status 403\\.',
            'Nothing of its body went upstream\\.\n$',
          ].join('\n'),
        ),
      ),
    })
    const saved = join(folder, 'saved.jsonl')
    writeFileSync(saved, weir.records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    expect(await explain([event, '--record', saved])).toEqual(told)
    const { out } = await explain([event, '--data', weir.data, '--json'])
    expect(JSON.parse(out)).toEqual(weir.records.find((record) => record['event.id'] === event))
  })

  it('tells what was found in an upload, and where', async () => {
    const token = githubToken(0)
    const body = JSON.stringify({ message: 'add', content: Buffer.from(`a\nTOKEN=${token}\n`).toString('base64') })
    const refused = await curl(['-H', 'Content-Type: application/json', '-d', body, 'http://files.example/in'], {
      proxy: weir.proxy,
    })
    expect(refused.status).toBe(403)
    const { event } = JSON.parse(refused.body.toString()) as { event: string }
    const { status, out } = await explain([event, '--data', weir.data])
    expect(status).toBe(0)
    expect(out).toContain('It was denied by rule no-secrets, at the checkpoint body.')
    expect(out).toMatch(/Found:\n.*an access token of GitHub.*content.*line 2.*TOKEN=ghp_\*\*\*\*/)
    expect(out).toContain('Nothing of its body went upstream.')
    expect(JSON.stringify(weir.records) + out).not.toContain(token.slice(0, 12))
  })

  it('tells what could not be looked at', async () => {
    const archive = makeZip([{ name: 'a.txt', content: Buffer.from('x'), flags: 1 }])
    const file = join(folder, 'a.zip')
    writeFileSync(file, archive)
    const refused = await curl(['--data-binary', `@${file}`, 'http://files.example/in'], { proxy: weir.proxy })
    const { event } = JSON.parse(refused.body.toString()) as { event: string }
    const { out } = await explain([event, '--data', weir.data])
    expect(out).toMatch(/Not looked at:\n.*encrypted/)
  })

  it('is kept of what a reporting rule would have denied', async () => {
    await curl(['-d', 'note', 'http://notes.example/in'], { proxy: weir.proxy })
    const record = await weir.record((each) => each['destination.domain'] === 'notes.example')
    const { status, out } = await explain([String(record['event.id']), '--data', weir.data])
    expect(status).toBe(0)
    expect(out).toContain(
      'It was allowed by the default.\nIt would have been denied by rule watch-notes, which only reports.\n',
    )
    expect(out).toContain('4 B of its body went upstream.\n')
  })

  it('is not of what was simply allowed', async () => {
    await curl(['http://plain.example/'], { proxy: weir.proxy })
    const record = await weir.record((each) => each['destination.domain'] === 'plain.example')
    const { status, out, err } = await explain([String(record['event.id']), '--data', weir.data])
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toContain('look in its saved record with --record FILE')
  })
})
