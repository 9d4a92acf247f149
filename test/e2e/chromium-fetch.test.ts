/** Scripts of pages in a real Chromium behind Weir: what they upload, and what they may read of a refusal (Fetch, "CORS protocol"). */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isBrowserMissing, screenshot } from './support/browser.ts'
import {
  type BrowserStage,
  choose,
  LIMIT_BYTES,
  NOT_ELSEWHERE,
  openStage,
  POLICY,
  type ScriptAnswer,
  sendByScript,
  signIn,
  TOO_LARGE,
} from './support/browser-stage.ts'
import { GITHUB, GITLAB, type Site } from './support/forge-pages.ts'
import { randomBytes } from './support/git-client.ts'

/** Somebody else's page with the same form and the same script: another origin than GitHub and its API. */
const ELSEWHERE: Site = { ...GITHUB, host: 'www.acme.example' }

/** Less than what is not read away. */
const DRAIN_BYTES_MAX = 400_000

type Row = readonly [name: string, site: Site, button: 'by-site' | 'by-api', landsAt: string]

const ROWS: readonly Row[] = [
  ['of GitHub to GitHub', GITHUB, 'by-site', 'github.com'],
  ['of GitHub to its API, after a preflight', GITHUB, 'by-api', 'github.com'],
  ['of GitLab to GitLab', GITLAB, 'by-site', 'gitlab.com'],
  ['of GitLab to its API', GITLAB, 'by-api', 'gitlab.com'],
  ['of another site to the API of GitHub, after a preflight', ELSEWHERE, 'by-api', 'github.com'],
]

describe.skipIf(isBrowserMissing)('a script in Chromium through Weir', () => {
  let stage: BrowserStage
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ limits: { drainBytesMax: DRAIN_BYTES_MAX } })
    page = await stage.open()
    await signIn(page, GITHUB)
    await signIn(page, GITLAB)
  })

  afterAll(() => stage?.close())

  afterEach(() => stage.weir.renew(POLICY))

  const uploads = () => stage.forge.requests.filter(({ method }) => method === 'POST' || method === 'PUT')

  /** The refusal as JSON with the event that the record has, and that the script may read. */
  async function expectRefusal(answer: ScriptAnswer, status: number, told: typeof NOT_ELSEWHERE): Promise<void> {
    expect(answer).toMatchObject({ status, type: expect.stringMatching(/^application\/(problem\+)?json/) })
    expect(answer.event).toMatch(/^\w{13}$/)
    expect(JSON.stringify(answer.body)).toContain(told.message)
    expect(JSON.stringify(answer.body)).toContain(answer.event)
    const record = await stage.weir.record((each) => each['event.id'] === answer.event)
    expect(record).toMatchObject({
      'event.action': 'denied',
      'rule.name': told.rule,
      'weir.upstream.bodyBytes': 0,
    })
  }

  describe.each(ROWS)('%s', (name, site, button, landsAt) => {
    const shot = name.replaceAll(/\W+/g, '-')

    it('uploads to a repository of ours, byte for byte', async () => {
      const repository = `acme/from-${site.host}`
      const file = { name: 'notes.txt', buffer: randomBytes(100_000, name) }
      await choose(page, site, repository, file)
      expect(await sendByScript(page, button)).toMatchObject({ status: 201 })
      await screenshot(page, `script-allowed-${shot}`)
      expect(stage.forge.files.get(`${landsAt}/${repository}/notes.txt`)?.equals(file.buffer)).toBe(true)
    })

    it('is refused elsewhere and can read why, and nothing arrives', async () => {
      await choose(page, site, 'mallory/stolen', { name: 'notes.txt', buffer: randomBytes(100_000, name) })
      const before = uploads().length
      await expectRefusal(await sendByScript(page, button), 403, NOT_ELSEWHERE)
      await screenshot(page, `script-refused-${shot}`)
      expect(uploads().length).toBe(before)
    })

    it('is refused what is larger than the limit and can read why', async () => {
      await choose(page, site, 'acme/large', { name: 'notes.txt', buffer: randomBytes(LIMIT_BYTES + 1, name) })
      const before = uploads().length
      await expectRefusal(await sendByScript(page, button), 413, TOO_LARGE)
      expect(uploads().length).toBe(before)
    })

    it('can read why also where the upload is too long to be read away before', async () => {
      const buffer = randomBytes(5 * DRAIN_BYTES_MAX, name)
      await choose(page, site, 'mallory/stolen', { name: 'notes.txt', buffer })
      await expectRefusal(await sendByScript(page, button), 403, NOT_ELSEWHERE)
    })
  })

  const NO_READING = 'The API is not for scripts here.'

  function withoutReadingTheApi(operations: string): string {
    const rule = `  - { name: no-api, to: { hosts: [api.github.com] }, operations: [${operations}], action: deny, message: ${NO_READING} }`
    return POLICY.replace('rules:', `rules:\n${rule}`)
  }

  it('can read why where the preflight itself is refused, and what it announces', async () => {
    stage.weir.renew(withoutReadingTheApi('read, write'))
    await choose(page, ELSEWHERE, 'acme/app', { name: 'notes.txt', buffer: randomBytes(2_000, 'preflight') })
    const before = stage.forge.receivedBytes()
    await expectRefusal(await sendByScript(page, 'by-api'), 403, { message: NO_READING, rule: 'no-api' })
    expect(stage.forge.receivedBytes()).toBe(before)
  })

  it('gets no leave of Weir’s for what would be allowed, where only the preflight is refused', async () => {
    stage.weir.renew(withoutReadingTheApi('read'))
    await choose(page, ELSEWHERE, 'acme/app', { name: 'notes.txt', buffer: randomBytes(2_000, 'preflight') })
    const before = uploads().length
    expect(await sendByScript(page, 'by-api')).toEqual({ error: 'TypeError: Failed to fetch' })
    expect(uploads().length).toBe(before)
  })

  it('meets another policy between two uploads of one page', async () => {
    await choose(page, GITHUB, 'acme/renewed', { name: 'notes.txt', buffer: randomBytes(2_000, 'renewed') })
    expect(await sendByScript(page, 'by-api')).toMatchObject({ status: 201 })
    stage.weir.renew(POLICY.replace('operations: [file-write]', 'operations: [release-upload]'))
    await expectRefusal(await sendByScript(page, 'by-api'), 403, NOT_ELSEWHERE)
    stage.weir.renew(POLICY)
    expect(await sendByScript(page, 'by-api')).toMatchObject({ status: 201 })
  })
})
