/** A real Chromium behind a Weir that asks who it is: the right password, a wrong one, and none (RFC 9110 section 11.7). */
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBrowserMissing, screenshot } from './support/browser.ts'
import {
  type BrowserStage,
  choose,
  expectRefusalPage,
  openStage,
  sendByScript,
  signIn,
} from './support/browser-stage.ts'
import { GITHUB } from './support/forge-pages.ts'
import { randomBytes } from './support/git-client.ts'

const COST = 4
const NOT_YOU = { message: 'Only ada uploads.', rule: 'only-ada-uploads' }
const POLICY = `
version: 1
default: deny
groups:
  staff: { users: [ada, linus] }
rules:
  - name: browse
    from: [staff]
    to: { category: code-repository }
    operations: [read, sign-in, telemetry]
    action: allow
  - name: ada-uploads
    from: { users: [ada] }
    to: { repositories: [github.com/acme/*] }
    operations: [file-write]
    action: allow
  - name: ${NOT_YOU.rule}
    to: { category: code-repository }
    action: deny
    message: ${NOT_YOU.message}
`

describe.skipIf(isBrowserMissing)('Chromium through a Weir with users', () => {
  let stage: BrowserStage

  beforeAll(async () => {
    const users = [`ada:${hashSync('pässword: 1', COST)}`, `linus:${hashSync('linux', COST)}`].join('\n')
    stage = await openStage({ policy: POLICY, users })
  })

  afterAll(() => stage?.close())

  it('answers the challenge, signs in to the site, and uploads under the name of its user', async () => {
    const page = await stage.open({ credentials: { username: 'ada', password: 'pässword: 1' } })
    await signIn(page)
    const file = { name: 'notes.txt', buffer: randomBytes(50_000, 'ada') }
    await choose(page, GITHUB, 'acme/app', file)
    expect(await sendByScript(page, 'by-site')).toMatchObject({ status: 201 })
    expect(stage.forge.files.get('github.com/acme/app/notes.txt')?.equals(file.buffer)).toBe(true)
    const record = await stage.weir.record((each) => each['weir.operation'] === 'file-write')
    expect(record).toMatchObject({ 'user.name': 'ada', 'rule.name': 'ada-uploads' })
    await page.context().close()
  })

  it('is refused by the rule what another user may do', async () => {
    const page = await stage.open({ credentials: { username: 'linus', password: 'linux' } })
    await signIn(page)
    await choose(page, GITHUB, 'acme/app', { name: 'notes.txt', buffer: randomBytes(50_000, 'linus') })
    await page.getByRole('button', { name: 'Commit changes' }).click()
    const record = await expectRefusalPage(stage, page, NOT_YOU)
    await screenshot(page, 'user-refused')
    expect(record['user.name']).toBe('linus')
    await page.context().close()
  })

  it.each([
    ['a wrong password', { username: 'ada', password: 'linux' }, 'credentials-wrong'],
    ['no password', undefined, 'credentials-needed'],
  ])('gets nowhere with %s', async (_, credentials, reason) => {
    const page = await stage.open(credentials === undefined ? {} : { credentials })
    const before = stage.forge.receivedBytes()
    await expect(page.goto('https://github.com/')).rejects.toThrow(/net::ERR_/)
    const record = await stage.weir.record((each) => each['weir.reason'] === reason)
    expect(record).toMatchObject({ 'destination.domain': 'github.com', 'weir.checkpoint': 'connect' })
    expect(stage.forge.receivedBytes()).toBe(before)
    await page.context().close()
  })
})
