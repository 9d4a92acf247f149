/** The policy has its word on what cannot be seen: a deny rule denies it by doubt, an allow rule does not match, and who does not ask lets it pass. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../channels/shape.ts'
import { TOKEN, WITH_TOKEN, WITHOUT_TOKEN } from './files.ts'
import { bodyOf } from './site.ts'
import { policyWith, type Sent, type Stage, startStage, unlookedOf, warmUp } from './stage.ts'
import { deletionOf, pushOf, SCAN_BYTES_MAX, UNSEEN, withComment } from './unseen.ts'
import { BLOB } from '../../../src/wire/pack/object-types.ts'

const DENYING = policyWith('no-secrets', '{ secrets: true }')
const ALLOWING = `
version: 1
default: deny
rules:
  - name: without-secrets
    operations: [read, write, unknown-write]
    when: { secrets: false }
    action: allow
`
const SILENT = policyWith('no-paste', '{ paths: /paste }')

function put(bytes: Uint8Array) {
  return send('PUT', 'https://drop.acme.example/a.txt', bytes, 'Content-Type: text/plain')
}

let stage: Stage

beforeAll(async () => {
  stage = await startStage({ policy: DENYING, limits: { scanBytesMax: SCAN_BYTES_MAX } })
  await warmUp(stage, put(WITHOUT_TOKEN.bytes))
})

afterAll(() => stage?.close())

function incompleteOf({ record }: Sent): string {
  return unlookedOf(record).join('\n')
}

describe.each(UNSEEN)('$name', ({ step, why }) => {
  it('is denied by doubt where a rule denies secrets, and the record says why', async () => {
    stage.weir.renew(DENYING)
    const sent = await stage.send(step)
    expect(sent.by, sent.answer).toBe('refused')
    expect(sent.record).toMatchObject({
      'event.action': 'denied',
      'rule.name': 'no-secrets',
      'weir.reason': 'doubt',
      'weir.upstream.bodyBytes': 0,
    })
    expect(incompleteOf(sent)).toMatch(why)
    expect(sent.heard).toEqual([])
  })

  it('is not allowed by a rule that wants no secrets', async () => {
    stage.weir.renew(ALLOWING)
    const sent = await stage.send(step)
    expect(sent.by, sent.answer).toBe('refused')
    expect(sent.record['rule.name']).toBeUndefined()
    expect(sent.heard).toEqual([])
  })

  it('passes whole where no rule asks', async () => {
    stage.weir.renew(SILENT)
    const sent = await stage.send(step)
    expect(sent.by, sent.answer).toBe('through')
    expect(sent.heard.map((each) => bodyOf(each).equals(Buffer.from(step.body ?? '')))).toEqual([true])
    expect(sent.record['weir.content.incomplete']).toBeUndefined()
  })
})

describe('what can be seen', () => {
  it('is allowed by a rule that wants no secrets, and not with one', async () => {
    stage.weir.renew(ALLOWING)
    const [without, withOne] = [await stage.send(put(WITHOUT_TOKEN.bytes)), await stage.send(put(WITH_TOKEN.bytes))]
    expect([without.by, without.record['rule.name']]).toEqual(['through', 'without-secrets'])
    expect([withOne.by, withOne.record['weir.secrets.count']]).toEqual(['refused', 1])
  })

  it('at the limit of what may be looked at is looked at', async () => {
    stage.weir.renew(DENYING)
    const bytes = Buffer.alloc(SCAN_BYTES_MAX, 'Nothing.\n')
    expect((await stage.send(put(bytes))).by).toBe('through')
  })

  it('is a secret first, and doubt only where none is found', async () => {
    stage.weir.renew(DENYING)
    const sent = await stage.send(
      send(
        'PUT',
        'https://drop.acme.example/a',
        withComment(WITH_TOKEN.bytes, 'a'.repeat(400)),
        'Content-Encoding: gzip',
      ),
    )
    expect(sent.record).toMatchObject({ 'weir.reason': 'rule', 'weir.secrets.count': 1 })
  })

  it('of a push is whole, or has no pack and only words', async () => {
    stage.weir.renew(DENYING)
    const pushed = await stage.send(pushOf({ kind: BLOB, content: WITHOUT_TOKEN.bytes }))
    expect([pushed.by, pushed.record['weir.content.incomplete']]).toEqual(['through', undefined])
    expect((await stage.send(deletionOf('refs/heads/old'))).by).toBe('through')
    const told = await stage.send(deletionOf(`refs/heads/${TOKEN}`))
    expect([told.by, told.record['weir.reason'], told.heard]).toEqual(['refused', 'rule', []])
  })

  it('asks nothing of a request without a body', async () => {
    for (const policy of [DENYING, ALLOWING, policyWith('no-content', '{ secrets: false }')]) {
      stage.weir.renew(policy)
      const sent = await stage.send({ method: 'GET', url: 'https://drop.acme.example/a.txt' })
      // Without a body there is no secret, and a rule that denies what has none denies it too.
      expect(sent.by, sent.answer).toBe(policy.includes('no-content') ? 'refused' : 'through')
    }
  })
})
