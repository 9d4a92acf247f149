/** Problem details for everybody else. */
import { describe, expect, it } from 'vitest'
import { problemJsonForm } from '../../../src/proxy/refusals/problem-json.ts'
import { HOSTILE, makeAsker, makeRefusal } from './asker.ts'

function problem(refusal = makeRefusal()): unknown {
  return JSON.parse(String(problemJsonForm.render(refusal, makeAsker())?.body))
}

describe('problem details', () => {
  it('have the members of RFC 9457, the rule and the event', () => {
    expect(problemJsonForm.render(makeRefusal(), makeAsker())).toMatchObject({
      status: 403,
      contentType: 'application/problem+json',
    })
    expect(problem()).toEqual({
      type: 'about:blank',
      title: 'Refused by Weir',
      status: 403,
      detail: 'Push to acme instead.',
      instance: 'urn:weir:event:0123456789abc',
      rule: 'no-writes',
      event: '0123456789abc',
    })
  })

  it('have no rule where none decided', () => {
    expect(problem(makeRefusal({ rule: null }))).not.toHaveProperty('rule')
  })

  it('keep hostile texts texts', () => {
    expect(problem(makeRefusal({ rule: HOSTILE, message: HOSTILE }))).toMatchObject({
      detail: HOSTILE,
      rule: HOSTILE,
      status: 403,
    })
  })
})
