/** The sentence as one line, for fields and reason phrases. */
import { describe, expect, it } from 'vitest'
import { lineCharactersMax, lineOf } from '../../../src/proxy/refusals/form.ts'
import { HOSTILE, makeRefusal } from './asker.ts'

const AROUND = 'weir:  (event 0123456789abc)'.length

describe('lineOf', () => {
  it('is the sentence', () => expect(lineOf(makeRefusal())).toBe('weir: Push to acme instead. (event 0123456789abc)'))

  it('is one line of visible ASCII', () => {
    const message = `${HOSTILE} ünï\u0000\u0085 😀`
    expect(lineOf(makeRefusal({ message }))).toBe(
      'weir: <script>alert("&\'")</script> X-Injected: 1 ?[2J "} ?n??? ?? (event 0123456789abc)',
    )
    expect(lineOf(makeRefusal({ eventId: HOSTILE }))).toMatch(/^[\x20-\x7e]+$/)
  })

  it('is whole at its longest, and past it loses of the message alone', () => {
    const fitting = 'a'.repeat(lineCharactersMax - AROUND)
    expect(lineOf(makeRefusal({ message: fitting }))).toBe(`weir: ${fitting} (event 0123456789abc)`)
    const cut = lineOf(makeRefusal({ message: `${fitting}a` }))
    expect(cut).toHaveLength(lineCharactersMax)
    expect(cut).toMatch(/^weir: a+\.\.\. \(event 0123456789abc\)$/)
  })
})
