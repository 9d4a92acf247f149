/** What the browser's stories play on: a forge, a Weir before it, and a Chromium that trusts Weir's CA or not. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import { openBrowser, type Person } from './browser.ts'
import { certificates } from './certificates.ts'
import { FORGE_HOSTS, type Forge, PERSON, startForge } from './forge.ts'
import { GITHUB, type Site } from './forge-pages.ts'
import { startWeir, type TestWeir, type WeirOptions } from './weir.ts'

export const LIMIT_BYTES = 200_000
export const NOT_ELSEWHERE = { message: 'Upload to acme, or ask the platform team.', rule: 'no-writes-elsewhere' }
export const TOO_LARGE = {
  message: 'this upload is larger than the limit of 200 kB for one request',
  rule: 'upload-to-ours',
}

export const NO_FRAMAGIT = { message: 'Use gitlab.com, where acme has its group.', rule: 'no-framagit-from-the-lab' }

export const POLICY = `
version: 1
default: deny
groups:
  lab: { networks: [127.0.0.0/8] }
repositories:
  ours: [github.com/acme/*, gitlab.com/acme/*]
rules:
  - name: ${NO_FRAMAGIT.rule}
    from: [lab]
    to: { hosts: [framagit.org] }
    action: deny
    message: ${NO_FRAMAGIT.message}
  - name: browse-and-sign-in
    to: { category: code-repository }
    operations: [read, sign-in, telemetry]
    action: allow
  - name: ${TOO_LARGE.rule}
    to: { repositories: ours }
    operations: [file-write]
    limits: [{ per: request, size: 200 kB }]
    action: allow
  - name: ${NOT_ELSEWHERE.rule}
    to: { category: code-repository }
    operations: [write, admin]
    action: deny
    message: ${NOT_ELSEWHERE.message}
  - name: intranet
    to: { hosts: [www.acme.example] }
    action: allow
`

export interface BrowserStage {
  readonly forge: Forge
  readonly weir: TestWeir
  open(person?: Omit<Person, 'proxy'>): Promise<Page>
  close(): Promise<void>
}

/** `trusting` false: a person who has not installed Weir's CA. The authority of the forge is public, as it were. */
export async function openStage(
  options: Partial<WeirOptions> & { readonly trusting?: boolean } = {},
): Promise<BrowserStage> {
  const { trusting = true, ...weirOptions } = options
  const forge = await startForge()
  const weir = await startWeir({
    policy: POLICY,
    resolve: FORGE_HOSTS.map((host) => `${host}:443:127.0.0.1:${forge.port}`),
    dns: { resolve4: unresolvable, resolve6: unresolvable },
    ...weirOptions,
  })
  const browser = await openBrowser(trusting ? [certificates().ca, weir.caPem] : [certificates().ca])
  return {
    forge,
    weir,
    open: (person) => browser.open({ proxy: weir.proxy, ...person }),
    async close() {
      await browser.close()
      await weir.close()
      await forge.close()
    },
  }
}

/** No name but those of the forge is anywhere. */
function unresolvable(): Promise<never> {
  return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
}

/** Fills in the form of a site's sign-in page, and waits for the page behind it. */
export async function signIn(page: Page, site: Site = GITHUB): Promise<void> {
  await page.goto(`https://${site.host}${site.signIn.page}`)
  await page.getByLabel('Username').fill(PERSON.name)
  await page.getByLabel('Password').fill(PERSON.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(`https://${site.host}/`)
}

/** Opens the upload page of a repository and chooses a file there. */
export async function choose(page: Page, site: Site, repository: string, file: ChosenFile): Promise<void> {
  await page.goto(`https://${site.host}/${repository}/${site.upload}`)
  await page.getByLabel('File').setInputFiles({ mimeType: 'application/octet-stream', ...file })
}

export interface ChosenFile {
  readonly name: string
  readonly buffer: Buffer
}

export interface ScriptAnswer {
  readonly status?: number
  readonly type?: string | null
  readonly event?: string | null
  readonly body?: unknown
  /** All that a script knows where the browser keeps the answer from it. */
  readonly error?: string
}

/** Presses a button of the upload page whose script sends the file; answers what the script was let know. */
export async function sendByScript(page: Page, button: 'by-site' | 'by-api'): Promise<ScriptAnswer> {
  await page.locator(`#${button}`).click()
  const answer = page.locator('#answer:not(:empty)')
  return JSON.parse(await answer.innerText()) as ScriptAnswer
}

/** Weir's page of a refusal: its message and rule, and an event that is the record's. */
export async function expectRefusalPage(
  { weir }: BrowserStage,
  page: Page,
  told: { readonly message: string; readonly rule: string | null },
): Promise<EcsRecord> {
  await expect.poll(() => page.title()).toBe('Refused by Weir')
  const text = await page.locator('main').textContent()
  expect(text).toContain(told.message)
  if (told.rule !== null) expect(text).toContain(told.rule)
  const event = await page.locator('code').innerText()
  const record = await weir.record((each) => each['event.id'] === event)
  expect(record).toMatchObject({ 'event.action': 'denied', message: told.message, 'weir.upstream.bodyBytes': 0 })
  expect(record['rule.name']).toBe(told.rule ?? undefined)
  return record
}
