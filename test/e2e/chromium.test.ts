/** A person with a real Chromium behind Weir: pages, sign-in, uploads by form, and what a refusal looks like. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isBrowserMissing, screenshot } from './support/browser.ts'
import {
  type BrowserStage,
  choose,
  expectRefusalPage,
  LIMIT_BYTES,
  NO_FRAMAGIT,
  NOT_ELSEWHERE,
  openStage,
  POLICY,
  signIn,
  TOO_LARGE,
} from './support/browser-stage.ts'
import { PERSON } from './support/forge.ts'
import { GITHUB, GITLAB } from './support/forge-pages.ts'
import { randomBytes } from './support/git-client.ts'

const SITES = [
  ['github.com', GITHUB],
  ['gitlab.com', GITLAB],
] as const

describe.skipIf(isBrowserMissing)('Chromium through Weir', () => {
  let stage: BrowserStage

  beforeAll(async () => {
    stage = await openStage()
  })

  afterAll(() => stage?.close())

  afterEach(() => stage.weir.renew(POLICY))

  const arrived = (method: string, path: string) =>
    stage.forge.requests.filter((request) => request.method === method && request.path.startsWith(path))

  const commit = (page: Page) => page.getByRole('button', { name: 'Commit changes' }).click()

  describe('a site that is denied', () => {
    let page: Page

    beforeAll(async () => {
      page = await stage.open({ width: 1_000 })
    })

    afterAll(() => page?.context().close())

    it('shows the refusal where Weir opens TLS for others', async () => {
      const response = await page.goto('https://framagit.org/acme/app')
      await screenshot(page, 'site-refused')
      expect(response?.status()).toBe(403)
      const record = await expectRefusalPage(stage, page, NO_FRAMAGIT)
      expect(response?.headers()['weir-event']).toBe(record['event.id'])
      expect(record['weir.checkpoint']).toBe('connect')
    })

    it('shows the refusal where there is no TLS', async () => {
      await page.goto('http://files.example/up')
      await screenshot(page, 'site-refused-plain')
      await expectRefusalPage(stage, page, { message: 'no rule allows this', rule: null })
    })

    it('shows an error of Chromium where TLS stays closed, and the record has the reason', async () => {
      await expect(page.goto('https://closed.example/')).rejects.toThrow('net::ERR_TUNNEL_CONNECTION_FAILED')
      await screenshot(page, 'site-refused-unopened')
      const record = await stage.weir.record((each) => each['destination.domain'] === 'closed.example')
      expect(record).toMatchObject({ 'event.action': 'denied', 'weir.reason': 'default', 'weir.checkpoint': 'connect' })
    })

    it('shows the refusal everywhere where the policy opens all TLS', async () => {
      stage.weir.renew(`${POLICY}inspection: { mode: always }\n`)
      await page.goto('https://opened.example/')
      await expectRefusalPage(stage, page, { message: 'no rule allows this', rule: null })
    })
  })

  it('shows a refusal on a small dark screen', async () => {
    const page = await stage.open({ dark: true, width: 360 })
    await page.goto('https://framagit.org/acme/app')
    await screenshot(page, 'site-refused-small-dark')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 17, 23)')
    await page.context().close()
  })

  describe.each(SITES)('at %s', (host, site) => {
    let page: Page

    beforeAll(async () => {
      page = await stage.open()
      await signIn(page, site)
    })

    afterAll(() => page?.context().close())

    it('signs in, and the record has no password', async () => {
      await screenshot(page, `signed-in-${host}`)
      expect(await page.locator('#user').innerText()).toBe(PERSON.name)
      const signedIn = (each: Readonly<Record<string, unknown>>): boolean =>
        each['weir.operation'] === 'sign-in' && each['url.domain'] === host
      const record = await stage.weir.record(signedIn)
      expect(record).toMatchObject({ 'event.action': 'allowed', 'http.response.status_code': 302 })
      expect(JSON.stringify(stage.weir.records)).not.toContain('lovelace')
    })

    it('shows a repository with its style, its script, and a picture of another host', async () => {
      await page.goto(`https://${host}/acme/app`)
      await screenshot(page, `repository-${host}`)
      expect(await page.evaluate("document.querySelector('img').naturalWidth")).toBeGreaterThan(0)
      expect(await page.evaluate('getComputedStyle(document.body).marginLeft')).toBe('32px')
      const record = await stage.weir.record((each) => each['weir.operation'] === 'telemetry')
      expect(record).toMatchObject({ 'event.action': 'allowed', 'url.domain': 'api.github.com' })
    })

    it('uploads by form to a repository of ours, byte for byte', async () => {
      const file = { name: 'ours.bin', buffer: randomBytes(100_000, host) }
      await choose(page, site, 'acme/app', file)
      await screenshot(page, `form-${host}`)
      await commit(page)
      await page.waitForURL(`https://${host}/acme/app`)
      await screenshot(page, `form-allowed-${host}`)
      expect(stage.forge.files.get(`${host}/acme/app/ours.bin`)?.equals(file.buffer)).toBe(true)
    })

    it('is refused an upload by form elsewhere, and nothing of it arrives', async () => {
      await choose(page, site, 'mallory/stolen', { name: 'ours.bin', buffer: randomBytes(100_000, host) })
      const before = stage.forge.receivedBytes()
      await commit(page)
      const record = await expectRefusalPage(stage, page, NOT_ELSEWHERE)
      await screenshot(page, `form-refused-${host}`)
      expect(record).toMatchObject({ 'weir.operation': 'file-write', 'weir.repository': `${host}/mallory/stolen` })
      expect(stage.forge.receivedBytes()).toBe(before)
    })

    it('is refused an upload by form that is larger than the limit', async () => {
      await choose(page, site, 'acme/large', { name: 'large.bin', buffer: randomBytes(LIMIT_BYTES + 1, host) })
      await commit(page)
      const record = await expectRefusalPage(stage, page, TOO_LARGE)
      await screenshot(page, `form-too-large-${host}`)
      expect(record).toMatchObject({ 'weir.reason': 'limit', 'weir.checkpoint': 'body' })
      expect(arrived('POST', '/acme/large')).toEqual([])
    })
  })

  it('is refused to sign in where no rule allows that, and no password leaves', async () => {
    const page = await stage.open()
    stage.weir.renew(POLICY.replace('[read, sign-in, telemetry]', '[read]'))
    await page.goto('https://github.com/login')
    await page.getByLabel('Username').fill(PERSON.name)
    await page.getByLabel('Password').fill(PERSON.password)
    const before = arrived('POST', '/session').length
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expectRefusalPage(stage, page, { message: 'no rule allows this', rule: null })
    await screenshot(page, 'sign-in-refused')
    expect(arrived('POST', '/session').length).toBe(before)
    await page.context().close()
  })

  it('meets another policy between two clicks on one page', async () => {
    const page = await stage.open()
    await signIn(page)
    await choose(page, GITHUB, 'acme/app', { name: 'first.bin', buffer: randomBytes(2_000, 'first') })
    stage.weir.renew(POLICY.replace('operations: [file-write]', 'operations: [release-upload]'))
    await commit(page)
    await expectRefusalPage(stage, page, NOT_ELSEWHERE)
    stage.weir.renew(POLICY)
    await choose(page, GITHUB, 'acme/app', { name: 'second.bin', buffer: randomBytes(2_000, 'second') })
    await commit(page)
    await page.waitForURL('https://github.com/acme/app')
    expect(stage.forge.files.has('github.com/acme/app/second.bin')).toBe(true)
    expect(stage.forge.files.has('github.com/acme/app/first.bin')).toBe(false)
    await page.context().close()
  })
})
