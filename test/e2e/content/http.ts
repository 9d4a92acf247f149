/** The same story for every way of HTTP: a marked file is denied by its rule and nothing of it leaves, its harmless twin passes whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestStep } from '../channels/shape.ts'
import { canCarry, CHANNELS, type Channel, TRANSPORTS, type Transport } from './channels.ts'
import { PAIRS, type Pair, type Sample, WITHOUT_TOKEN } from './files.ts'
import { knowOwnSource } from './own-source.ts'
import { policyWith, type Sent, type Stage, startStage, unlookedOf, warmUp } from './stage.ts'
import { bodyOf } from './site.ts'
import { Tally } from './tally.ts'

export function tellOfContent(version: Transport['version']): void {
  let stage: Stage
  const tally = new Tally(version)

  beforeAll(async () => {
    stage = await startStage({ policy: policyWith('none', '{ secrets: true }'), scanKnowledge: knowOwnSource() })
    const [step] = CHANNELS[0]?.steps(WITHOUT_TOKEN) ?? []
    if (step !== undefined) await warmUp(stage, step)
  })

  afterAll(async () => {
    tally.print()
    await stage?.close()
  })

  /** What became of the last step, and the body that was sent by it. */
  async function carry(
    channel: Channel,
    file: Sample,
    transport: Transport,
  ): Promise<{ readonly sent: Sent; readonly step: RequestStep }> {
    const steps = channel.steps(file)
    let last: { readonly sent: Sent; readonly step: RequestStep } | null = null
    for (const step of steps) {
      const sent = await stage.send(transport.frame(step), transport.version)
      expect(sent.agreed).toBe(version === 'HTTP/2' ? 'h2' : null)
      if ('prelude' in step) expect(sent.by, `what leads up to it: ${sent.answer}`).toBe('through')
      last = { sent, step }
    }
    if (last === null) throw new Error('a channel has a step')
    return last
  }

  /** Of HTTP/2, whose connections take their time to end, one in turn. */
  function transportsFor(channel: Channel, pair: Pair): readonly Transport[] {
    const transports = TRANSPORTS.filter((each) => each.version === version)
    const turn = CHANNELS.indexOf(channel) + PAIRS.indexOf(pair)
    return version === 'HTTP/1.1' ? transports : transports.filter((_, at) => at === turn % transports.length)
  }

  describe.each(PAIRS)('$condition: $wanted', (pair: Pair) => {
    const { condition, wanted, marked, harmless, hidden } = pair
    const rule = `no-${condition.toLowerCase()}`
    const carrying = CHANNELS.filter((channel) => canCarry(channel, pair))

    beforeAll(() => stage.weir.renew(policyWith(rule, `{ ${condition}: ${wanted} }`)))

    const rows = carrying.flatMap((channel) =>
      transportsFor(channel, pair).map((transport) => [channel.name, transport.name, channel, transport] as const),
    )

    it.each(rows)('by %s, %s', async (_, __, channel, transport) => {
      const denied = await carry(channel, marked, transport)
      tally.count(channel.name, `${condition} ${wanted}`, 'marked', denied.sent.by === 'through')
      expectDenied(denied.sent, rule)
      if (hidden !== null) expect(JSON.stringify(denied.sent.record)).not.toContain(hidden)
      const passed = await carry(channel, harmless, transport)
      tally.count(channel.name, `${condition} ${wanted}`, 'harmless', passed.sent.by === 'through')
      expectWhole(passed.sent, passed.step)
    })
  })
}

/** By this rule and no doubt, with nothing of it at the site. */
function expectDenied({ by, status, answer, record, heard }: Sent, rule: string): void {
  expect([by, status], answer).toEqual(['refused', 403])
  expect(record).toMatchObject({
    'event.action': 'denied',
    'rule.name': rule,
    'weir.reason': 'rule',
    'weir.upstream.bodyBytes': 0,
  })
  // What is enciphered is all that nobody could look at.
  expect(unlookedOf(record).filter((why) => !/encrypted/.test(why))).toEqual([])
  expect(heard).toEqual([])
}

function expectWhole({ by, answer, record, heard }: Sent, { body = '' }: RequestStep): void {
  const why = `${answer}\n${JSON.stringify(record['weir.content.incomplete'] ?? null)}`
  expect(by, why).toBe('through')
  expect(heard.map((each) => bodyOf(each).equals(Buffer.from(body)))).toEqual([true])
  expect(record).toMatchObject({ 'event.action': 'allowed', 'weir.upstream.bodyBytes': Buffer.from(body).length })
}
