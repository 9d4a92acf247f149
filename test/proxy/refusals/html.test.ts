/** The page for a person: what it says, and that nothing in it can become markup. */
import { describe, expect, it } from 'vitest'
import { htmlForm } from '../../../src/proxy/refusals/html.ts'
import { HOSTILE, makeAsker, makeRefusal } from './asker.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

function page(refusal = makeRefusal(), asker = makeAsker({ accept: BROWSER })): string {
  return String(htmlForm.render(refusal, asker)?.body)
}

describe('the page', () => {
  it('says what was asked, why not, by which rule, and under which event', () => {
    expect(htmlForm.render(makeRefusal(), makeAsker({ accept: BROWSER }))).toMatchObject({
      status: 403,
      contentType: 'text/html; charset=utf-8',
    })
    const text = page()
    for (const part of ['GET site.example', 'Push to acme instead.', 'no-writes', '0123456789abc'])
      expect(text).toContain(part)
    expect(page(makeRefusal({ rule: null }))).not.toContain('<dt>Rule</dt>')
  })

  it('says what to do, and that a request that failed was not refused', () => {
    expect(page()).toMatch(/<title>Refused by Weir<.*give the event to whoever runs this proxy/s)
    const failed = page(makeRefusal({ status: 502, message: 'no answer', rule: null }))
    expect(failed).toContain('<h1>This request got no answer</h1>')
    expect(failed).not.toContain('Refused')
  })

  it('is for light and for dark', () => expect(page()).toMatch(/color-scheme: light dark.*prefers-color-scheme: dark/s))

  it('loads nothing and runs nothing', () => {
    expect(page()).not.toMatch(/<script|<img|<link|<iframe|\bsrc=|\bhref=|url\(|@import|\bon\w+=/i)
  })

  it.each([
    ['a message', makeRefusal({ message: HOSTILE }), makeAsker({ accept: BROWSER })],
    ['the name of a rule', makeRefusal({ rule: HOSTILE }), makeAsker({ accept: BROWSER })],
    ['an event', makeRefusal({ eventId: HOSTILE }), makeAsker({ accept: BROWSER })],
    ['a host', makeRefusal(), makeAsker({ accept: BROWSER, host: HOSTILE })],
    ['a method', makeRefusal(), makeAsker({ accept: BROWSER, method: HOSTILE })],
  ])('lets %s be text alone', (_, refusal, asker) => {
    const text = page(refusal, asker)
    const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? []
    expect(text).toContain('&lt;script&gt;alert(&quot;&amp;&#39;&quot;)&lt;/script&gt;')
    expect(tags(text)).toEqual(tags(page()))
  })

  it.each(['*/*', 'application/json', '', 'text/htmlx', 'application/xhtml+xml'])(
    'is not for who accepts %j',
    (accept) => {
      expect(htmlForm.render(makeRefusal(), makeAsker({ accept }))).toBeNull()
    },
  )
})
