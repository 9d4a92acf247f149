/** The record on a descriptor: one JSON line a flow, a denial at once, and an honest word about whether it is kept. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openRecordLog } from '../../src/audit/record-log.ts'
import { createFlow, type Flow } from '../../src/flow/flow.ts'
import { parseAddress } from '../../src/net/address.ts'
import { openPipe, type Pipe } from './pipe.ts'

const ended: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const end of ended.splice(0)) end()
})

function makeFlow(id: string): Flow {
  const address = parseAddress('10.0.0.1')
  if (address === null) throw new Error('not an address')
  return createFlow({ id, kind: 'request', startedAt: 1_000, client: { address, port: 1 } })
}

function openLog(): { log: ReturnType<typeof openRecordLog>; target: Pipe } {
  const target = openPipe()
  const log = openRecordLog(target.descriptor)
  ended.push(target.close, log.close)
  return { log, target }
}

describe('openRecordLog', () => {
  it('writes a denial before it returns, and what was gathered before it', () => {
    const { log, target } = openLog()
    log.write(makeFlow('a'), 'end', 2_000, 'hash')
    expect(target.read()).toBe('')
    log.write(makeFlow('b'), 'denied', 3_000, 'hash')
    const lines = target.read().split('\n')
    expect(lines.pop()).toBe('')
    const records = lines.map((line): unknown => JSON.parse(line))
    expect(records).toMatchObject([{ 'event.id': 'a' }, { 'event.id': 'b' }])
    expect(records[0]).toMatchObject({
      '@timestamp': '1970-01-01T00:00:02.000Z',
      'ecs.version': '8.17.0',
      'weir.policy': 'hash',
    })
    expect(Object.keys(records[0] ?? {}).filter((name) => /^(?:pid|hostname|time|level|msg)$/.test(name))).toEqual([])
  })

  it('writes the rest by and by', () => {
    vi.useFakeTimers()
    const { log, target } = openLog()
    log.write(makeFlow('a'), 'end', 2_000, 'hash')
    vi.advanceTimersByTime(249)
    expect(target.read()).toBe('')
    vi.advanceTimersByTime(1)
    expect(target.read()).toContain('"event.id":"a"')
  })

  it('writes when it is told to', () => {
    const { log, target } = openLog()
    log.write(makeFlow('a'), 'end', 2_000, 'hash')
    log.flush()
    expect(target.read()).toContain('"event.id":"a"')
  })

  it('is not writable from the denial that cannot be written until it can be again', () => {
    vi.useFakeTimers()
    const { log, target } = openLog()
    const id = 'x'.repeat(1_000)
    while (log.writable) log.write(makeFlow(id), 'denied', 2_000, 'hash')
    let text = target.read()
    for (let turn = 0; turn < 100 && !log.writable; turn++) {
      vi.advanceTimersByTime(250)
      text += target.read()
    }
    expect(log.writable).toBe(true)
    for (const line of text.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ 'event.id': id })
  })
})
