import { describe, expect, it } from 'vitest'
import { PackCounter } from '../../../src/cli/demo/pack-counter.ts'

const COMMAND = `0077${'0'.repeat(40)} ${'1'.repeat(40)} refs/heads/main\0 report-status\n`.padEnd(0x77, ' ')
const OPTION = '000awhy=x\n'

const cases: readonly { readonly name: string; readonly body: string; readonly packBytes: number }[] = [
  { name: 'the probe', body: '0000', packBytes: 0 },
  { name: 'a deletion, which has no pack', body: `${COMMAND}0000`, packBytes: 0 },
  { name: 'one command and a pack', body: `${COMMAND}0000PACK${'x'.repeat(100)}`, packBytes: 104 },
  { name: 'two commands', body: `${COMMAND}${COMMAND}0000PACKx`, packBytes: 5 },
  { name: 'push options before the pack', body: `${COMMAND}0000${OPTION}0000PACKxyz`, packBytes: 7 },
  { name: 'what looks like a pack inside a command', body: '000c0000PACK0000PACK', packBytes: 4 },
  { name: 'a body cut inside a command', body: COMMAND.slice(0, 50), packBytes: 0 },
  { name: 'no body', body: '', packBytes: 0 },
]

describe('PackCounter', () => {
  it.each(cases)('counts $name whole', ({ body, packBytes }) => {
    expect(count([body])).toBe(packBytes)
  })

  it.each(cases)('counts $name byte by byte', ({ body, packBytes }) => {
    expect(count(body.split(''))).toBe(packBytes)
  })

  it.each(cases)('counts $name cut in two at each offset', ({ body, packBytes }) => {
    for (let at = 0; at <= body.length; at++) expect(count([body.slice(0, at), body.slice(at)])).toBe(packBytes)
  })
})

function count(pieces: readonly string[]): number {
  const counter = new PackCounter()
  for (const piece of pieces) counter.add(Buffer.from(piece, 'latin1'))
  return counter.packBytes
}
