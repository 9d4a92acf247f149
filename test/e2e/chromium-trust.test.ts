/** A real Chromium that does not trust Weir's CA: what stays closed works, what is opened does not, and the admin is told. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBrowserMissing, screenshot } from './support/browser.ts'
import { type BrowserStage, choose, openStage, sendByScript } from './support/browser-stage.ts'
import { GITHUB, type Site } from './support/forge-pages.ts'
import { randomBytes } from './support/git-client.ts'

const ELSEWHERE: Site = { ...GITHUB, host: 'www.acme.example' }

describe.skipIf(isBrowserMissing)('Chromium that does not trust the CA', () => {
  let stage: BrowserStage
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ trusting: false })
    page = await stage.open()
  })

  afterAll(() => stage?.close())

  it('opens a site that Weir does not look into, under the certificate of the site', async () => {
    const response = await page.goto('https://www.acme.example/')
    await screenshot(page, 'untrusting-unopened')
    expect(response?.status()).toBe(200)
    expect((await response?.securityDetails())?.issuer).toBe('Weir test upstream CA')
  })

  it('shows its privacy error at a site that Weir opens, and the record says what to do', async () => {
    await expect(page.goto('https://github.com/acme/app')).rejects.toThrow('net::ERR_CERT_AUTHORITY_INVALID')
    await screenshot(page, 'untrusting-opened')
    const record = await stage.weir.record((each) => each['error.code'] === 'client-tls-failed')
    expect(record).toMatchObject({ 'destination.domain': 'github.com', 'event.action': 'failed' })
    expect(record['error.message']).toMatch(
      /^the client does not trust the inspection CA for github\.com \(alert [a-z_]+\): install it there \(`weir ca trust`\)/,
    )
    expect(stage.weir.status().distrust).toMatchObject([{ host: 'github.com', certain: true, clients: 1 }])
  })

  it('sends nothing of a form from another site', async () => {
    await choose(page, ELSEWHERE, 'acme/app', { name: 'notes.txt', buffer: randomBytes(50_000, 'form') })
    await page.getByRole('button', { name: 'Commit changes' }).click()
    await expect.poll(() => page.url()).toMatch(/^chrome-error:/)
    await screenshot(page, 'untrusting-form')
    expect(stage.forge.requests.filter(({ host }) => host === 'github.com')).toEqual([])
  })

  it('sends nothing of a script, which learns only that it failed', async () => {
    await choose(page, ELSEWHERE, 'acme/app', { name: 'notes.txt', buffer: randomBytes(50_000, 'script') })
    expect(await sendByScript(page, 'by-api')).toEqual({ error: 'TypeError: Failed to fetch' })
    expect(stage.forge.requests.filter(({ host }) => host === 'api.github.com')).toEqual([])
    expect(stage.weir.status().distrust.map(({ host }) => host)).toContain('api.github.com')
  })
})
