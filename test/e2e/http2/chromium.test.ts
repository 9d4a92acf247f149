/** A real Chromium that speaks HTTP/2 through opened TLS, with origins of HTTP/2 and of HTTP/1.1 behind it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBrowserMissing, openBrowser, type TestBrowser } from '../support/browser.ts'
import { certificates } from '../support/certificates.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { type Http2Origin, type Served, type Speaks, startHttp2Origin } from './origin.ts'
import { HOST, OPENING_POLICY, SITE } from './site.ts'

const SPOKEN: readonly (readonly [Speaks, string])[] = [
  ['h2', '2'],
  ['http/1.1', '1.1'],
]

describe.skipIf(isBrowserMissing).each(SPOKEN)('Chromium, before an origin that speaks %s', (speaks, version) => {
  let origin: Http2Origin
  let weir: TestWeir
  let browser: TestBrowser

  beforeAll(async () => {
    origin = await startHttp2Origin(speaks)
    weir = await startWeir({
      policy: OPENING_POLICY,
      http2: 'always',
      resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
      dns: { resolve4: unresolvable, resolve6: unresolvable },
    })
    browser = await openBrowser([certificates().ca, weir.caPem])
  })

  afterAll(async () => {
    await browser?.close()
    await weir?.close()
    await origin?.close()
  })

  /** What the origin is asked while `act` goes on. */
  const during = async (act: () => Promise<unknown>): Promise<readonly Served[]> => {
    const before = origin.log.length
    await act()
    return origin.log.slice(before)
  }

  it('shows a page with many pictures, each by HTTP/2', async () => {
    const page = await browser.open({ proxy: weir.proxy })
    const served = await during(() => page.goto(`${SITE}/page/200`, { waitUntil: 'load' }))
    const entries = await page.evaluate<readonly [string, number][]>(
      'performance.getEntriesByType("resource").map((entry) => [entry.nextHopProtocol, entry.responseStatus])',
    )
    expect(entries.length).toBeGreaterThanOrEqual(200)
    expect(new Set(entries.map((entry) => entry.join(' ')))).toEqual(new Set(['h2 200']))
    const navigation = 'performance.getEntriesByType("navigation")[0].nextHopProtocol'
    expect(await page.evaluate(navigation)).toBe('h2')
    expect(served.filter(({ path }) => path.startsWith('/picture?')).length).toBe(200)
    expect(new Set(served.map(({ httpVersion }) => httpVersion))).toEqual(new Set([version]))
    await page.context().close()
  })

  it('uploads by script, and hears a refusal of one', async () => {
    const page = await browser.open({ proxy: weir.proxy })
    await page.goto(`${SITE}/page/0`)
    const send = (path: string): Promise<readonly [number, string]> =>
      page.evaluate(
        `fetch('${path}', { method: 'POST', body: new Uint8Array(1_000_000) }).then(async (answer) => [answer.status, await answer.text()])`,
      )
    expect(await send('/count')).toEqual([200, '1000000'])
    const [status, text] = await send('/forbidden/upload')
    expect(status).toBe(403)
    expect(text).toContain('Not that one.')
    await page.context().close()
  })

  it('shows the page of a refusal', async () => {
    const page = await browser.open({ proxy: weir.proxy })
    const response = await page.goto(`${SITE}/forbidden/page`)
    expect([response?.status(), await page.title()]).toEqual([403, 'Refused by Weir'])
    expect(await page.locator('main').textContent()).toContain('Not that one.')
    expect(response?.headers()['weir-event']).toBe(await page.locator('code').innerText())
    const record = await weir.record((each) => each['url.path'] === '/forbidden/page')
    expect(record).toMatchObject({ 'http.version': '2', 'event.action': 'denied', 'rule.name': 'no-secrets' })
    await page.context().close()
  })
})

/** No other name is anywhere. */
function unresolvable(): Promise<never> {
  return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
}
