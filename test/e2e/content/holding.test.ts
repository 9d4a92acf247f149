/** What is held until it was looked into, and what is not: and that nothing of it stays behind, however it ends. */
import { readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../channels/shape.ts'
import { pairsOf, TOKEN, WITHOUT_TOKEN } from './files.ts'
import { bodyOf } from './site.ts'
import { startUpload } from './slow-upload.ts'
import { policyWith, type Stage, startStage, warmUp } from './stage.ts'

const DENYING = policyWith('no-secrets', '{ secrets: true }')
// For a report alone no TLS is opened.
const REPORTING = policyWith('no-secrets', '{ secrets: true }', '    mode: report\ninspection: { mode: always }\n')
const SILENT = policyWith('no-paste', '{ paths: /paste }')
const DECIDED = `
version: 1
default: allow
rules:
  - name: drop-anything
    to: { hosts: drop.acme.example }
    operations: [write, unknown-write]
    action: allow
  - name: no-secrets
    when: { secrets: true }
    action: deny
`
const MORE_BYTES = 200_000
const QUIET_MS = 150
const SETTLED_WITHIN_MS = 10_000
const [SECRETS] = pairsOf(MORE_BYTES)
const MARKED = SECRETS?.marked.bytes ?? Buffer.alloc(0)
const HARMLESS = SECRETS?.harmless.bytes ?? Buffer.alloc(0)
const HALF = Math.floor(HARMLESS.length / 2)

let stage: Stage

async function begin(limits: Parameters<typeof startStage>[0]['limits'] = {}): Promise<void> {
  // Less in memory than an upload has, so that both places are used.
  stage = await startStage({ policy: DENYING, limits: { heldMemoryBytesMax: 64 * 1024, ...limits } })
  await warmUp(stage, put(WITHOUT_TOKEN.bytes))
}

function put(bytes: Uint8Array, name = 'a.txt') {
  return send('PUT', `https://drop.acme.example/${name}`, bytes, 'Content-Type: text/plain')
}

function heardBytes(): number {
  return stage.site.heard.reduce((sum, heard) => sum + bodyOf(heard).length, 0)
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; !holds(); await wait(5)) {
    if (Date.now() > deadline) throw new Error(`${what}: ${JSON.stringify([heardBytes(), usedOf()])}`)
  }
}

/** What is held, and who scans. */
function usedOf(): Readonly<Record<string, number>> {
  const names = ['heldMemoryTotalBytesMax', 'spoolBytesMax', 'scansMax', 'scansWaitingMax']
  const limits = stage.weir.status().limits.filter(({ name }) => names.includes(name))
  return Object.fromEntries(limits.map(({ name, used }) => [name, used]))
}

const NOTHING = { heldMemoryTotalBytesMax: 0, spoolBytesMax: 0, scansMax: 0, scansWaitingMax: 0 }

async function expectNothingLeft(): Promise<void> {
  await until(() => Object.values(usedOf()).every((used) => used === 0), 'something is still held')
  expect(usedOf()).toEqual(NOTHING)
  expect(readdirSync(stage.weir.data).filter((name) => /^(?:scan|held)-/.test(name))).toEqual([])
}

describe('an upload', () => {
  beforeAll(() => begin())
  afterAll(() => stage?.close())
  afterEach(expectNothingLeft)

  it.each([
    ['that a rule decides without its content', DECIDED, undefined],
    ['that a rule only reports', REPORTING, ['no-secrets']],
    ['that nobody asks about', SILENT, undefined],
  ])('%s streams at once', async (_, policy, wouldDeny) => {
    stage.weir.renew(policy)
    stage.site.forget()
    const since = stage.weir.records.length
    for (const size of [MARKED.length, null]) {
      stage.site.forget()
      const upload = await startUpload(stage, size)
      await upload.send(MARKED.subarray(0, HALF))
      await until(() => heardBytes() === HALF, 'the first half is not at the site')
      await upload.send(MARKED.subarray(HALF))
      if (size === null) await upload.send(Buffer.alloc(0))
      expect((await upload.answer()).status).toBe(200)
      expect(stage.site.heard.map((heard) => bodyOf(heard).equals(MARKED))).toEqual([true])
    }
    await until(() => stage.weir.records.length === since + 2, 'it is not recorded')
    for (const record of stage.weir.records.slice(since)) {
      expect(record['event.action']).toBe('allowed')
      expect(record['weir.wouldDeny']).toEqual(wouldDeny)
      expect(record['weir.secrets.count']).toBe(wouldDeny === undefined ? undefined : 1)
      expect(JSON.stringify(record)).not.toContain(TOKEN)
    }
  })

  it('that is held for another reason is reported on as well', async () => {
    stage.weir.renew(`
version: 1
default: deny
inspection: { mode: always }
rules:
  - name: no-secrets
    when: { secrets: true }
    mode: report
    action: deny
  - name: so-much
    limits: [{ per: request, size: 1 MB }]
    action: allow
`)
    const since = stage.weir.records.length
    const upload = await startUpload(stage, null)
    await upload.send(MARKED)
    await upload.send(Buffer.alloc(0))
    expect((await upload.answer()).status).toBe(200)
    await until(() => stage.weir.records.length > since, 'it is not recorded')
    expect(stage.weir.records[since]).toMatchObject({ 'weir.wouldDeny': ['no-secrets'], 'weir.secrets.count': 1 })
  })

  it.each([
    ['a length', true],
    ['chunks', false],
  ])('with %s waits for the rule that asks, and goes on whole or not at all', async (_, isSized) => {
    stage.weir.renew(DENYING)
    for (const [body, status] of [
      [HARMLESS, 200],
      [MARKED, 403],
    ] as const) {
      stage.site.forget()
      const upload = await startUpload(stage, isSized ? body.length : null)
      await upload.send(body.subarray(0, HALF))
      await until(() => (usedOf()['spoolBytesMax'] ?? 0) > 0, 'nothing is spooled')
      await wait(QUIET_MS)
      expect(stage.site.heard).toEqual([])
      await upload.send(body.subarray(HALF))
      if (!isSized) await upload.send(Buffer.alloc(0))
      const answer = await upload.answer()
      expect(answer.status, answer.text).toBe(status)
      expect(stage.site.heard.map((heard) => bodyOf(heard).equals(body))).toEqual(status === 200 ? [true] : [])
    }
  })

  it('whose client leaves leaves nothing behind', async () => {
    for (const policy of [DENYING, REPORTING]) {
      stage.weir.renew(policy)
      stage.site.forget()
      const since = stage.weir.records.length
      const upload = await startUpload(stage, MARKED.length)
      await upload.send(MARKED.subarray(0, HALF))
      await until(() => usedOf()['scansMax'] === 1, 'nobody scans')
      upload.leave()
      await expectNothingLeft()
      await until(() => stage.weir.records.length > since, 'it is not recorded')
      expect(stage.site.heard.filter(({ ended }) => ended)).toEqual([])
    }
  })

  it('is judged by the policy that it began with', async () => {
    for (const [first, second, status] of [
      [DENYING, SILENT, 403],
      [SILENT, DENYING, 200],
    ] as const) {
      stage.weir.renew(first)
      stage.site.forget()
      const upload = await startUpload(stage, MARKED.length)
      await upload.send(MARKED.subarray(0, HALF))
      await until(() => usedOf()['scansMax'] === 1 || heardBytes() > 0, 'it has not begun')
      stage.weir.renew(second)
      await upload.send(MARKED.subarray(HALF))
      expect((await upload.answer()).status).toBe(status)
      expect(stage.site.heard.length).toBe(status === 200 ? 1 : 0)
    }
  })

  it('is one of twenty at once, each with its own end', async () => {
    stage.weir.renew(DENYING)
    stage.site.forget()
    const bodies = Array.from({ length: 20 }, (_, at) =>
      Buffer.concat([Buffer.from(`Upload ${at}.\n`), at % 2 === 0 ? MARKED : HARMLESS]),
    )
    const statuses = await Promise.all(
      bodies.map(async (body, at) => {
        const upload = await startUpload(stage, at % 3 === 0 ? null : body.length)
        for (let from = 0; from < body.length; from += HALF) await upload.send(body.subarray(from, from + HALF))
        if (at % 3 === 0) await upload.send(Buffer.alloc(0))
        return (await upload.answer()).status
      }),
    )
    expect(statuses).toEqual(bodies.map((_, at) => (at % 2 === 0 ? 403 : 200)))
    const arrived = stage.site.heard.map((heard) => bodies.findIndex((body) => body.equals(bodyOf(heard))))
    expect(arrived.toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
  })
})

describe('where scanners are few', () => {
  const WAIT_MS = 600

  beforeAll(() => begin({ scansMax: 1, scansWaitingMax: 1, scanWaitMs: WAIT_MS }))
  afterAll(() => stage?.close())
  afterEach(expectNothingLeft)

  /** One that is looked into, and does not end. */
  async function occupy(): ReturnType<typeof startUpload> {
    const first = await startUpload(stage, HARMLESS.length)
    await first.send(HARMLESS.subarray(0, HALF))
    await until(() => usedOf()['scansMax'] === 1, 'nobody scans')
    return first
  }

  it('one more than may wait is doubt, and so is one that waits too long', async () => {
    stage.weir.renew(DENYING)
    const first = await occupy()
    const second = await startUpload(stage, HARMLESS.length)
    await second.send(HARMLESS)
    await until(() => usedOf()['scansWaitingMax'] === 1, 'nobody waits')
    const third = await stage.send(put(WITHOUT_TOKEN.bytes))
    expect(third.status, third.answer).toBe(403)
    expect(third.record).toMatchObject({ 'rule.name': 'no-secrets', 'weir.reason': 'doubt' })
    expect(third.record['weir.content.incomplete']).toEqual(['the scanners are busy'])
    expect((await second.answer()).status).toBe(403)
    await first.send(HARMLESS.subarray(HALF))
    expect((await first.answer()).status).toBe(200)
  })

  it('one that waits gets its turn', async () => {
    stage.weir.renew(DENYING)
    const first = await occupy()
    const second = await startUpload(stage, HARMLESS.length)
    await second.send(HARMLESS)
    await until(() => usedOf()['scansWaitingMax'] === 1, 'nobody waits')
    await first.send(HARMLESS.subarray(HALF))
    expect([(await first.answer()).status, (await second.answer()).status]).toEqual([200, 200])
  })

  it('one that is asked about by no rule, or by one that decides otherwise, waits for nobody', async () => {
    stage.weir.renew(DENYING)
    const first = await occupy()
    for (const policy of [SILENT, DECIDED]) {
      stage.weir.renew(policy)
      expect((await stage.send(put(MARKED))).status).toBe(200)
    }
    first.leave()
  })

  it('one that a rule only reports does not wait for its turn either', async () => {
    stage.weir.renew(DENYING)
    const first = await occupy()
    stage.weir.renew(REPORTING)
    const began = performance.now()
    const sent = await stage.send(put(MARKED))
    expect(performance.now() - began).toBeLessThan(WAIT_MS)
    expect(sent.status).toBe(200)
    expect(sent.record['weir.content.incomplete']).toEqual(['the scanners are busy'])
    first.leave()
  })
})
