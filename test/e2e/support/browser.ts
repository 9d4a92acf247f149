/** The real Chromium of this machine, as a person has it: a home of its own, and in it the authorities that it trusts. */
import { accessSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'

export interface Person {
  /** `http://127.0.0.1:PORT` */
  readonly proxy: string
  /** What is given to a proxy that asks. */
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly dark?: boolean
  readonly width?: number
}

export interface TestBrowser {
  /** A window of somebody who was never here: no cookie, no cache, no connection of anybody else. */
  open(person: Person): Promise<Page>
  close(): Promise<void>
}

/** Made anew by each run. */
const SCREENSHOTS = join(import.meta.dirname, '../../../test-results/chromium')
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const ACTION_TIMEOUT_MS = 20_000

/** Where every test must run, the browser that is missing fails them; elsewhere they are left out. */
export const isBrowserMissing = findProgram() === null && process.env['CI'] === undefined

/** `trusted` are certificates of authorities, as PEM, beside those that Chromium comes with. */
export async function openBrowser(trusted: readonly string[]): Promise<TestBrowser> {
  const program = findProgram()
  if (program === null) throw new Error(`none of these is on this machine: ${PROGRAMS.join(', ')}`)
  const home = temporaryFolder('browser')
  await trust(home, trusted)
  const browser = await chromium.launch({
    executablePath: program,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' },
    // Its pages are ours alone, and root has no sandbox.
    chromiumSandbox: false,
    // What Chromium asks on its own account ends where nobody listens: only windows have a way out, each through its Weir.
    proxy: { server: 'http://127.0.0.1:1' },
    args: ['--disable-domain-reliability', '--disable-gpu'],
  })
  return { open: (person) => openWindow(browser, person), close: () => browser.close() }
}

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true })
}

async function openWindow(browser: Browser, { proxy, credentials, dark, width }: Person): Promise<Page> {
  const context = await browser.newContext({
    // Without it, Chromium passes over its proxy for names and addresses of this machine.
    proxy: { server: proxy, bypass: '<-loopback>', ...credentials },
    colorScheme: dark === true ? 'dark' : 'light',
    viewport: { width: width ?? 1_000, height: 640 },
  })
  context.setDefaultTimeout(ACTION_TIMEOUT_MS)
  return context.newPage()
}

/** As a person does who installs an authority: into the NSS database of the home, which Chromium heeds on Linux. */
async function trust(home: string, trusted: readonly string[]): Promise<void> {
  const database = join(home, '.pki', 'nssdb')
  await mkdir(database, { recursive: true })
  await certutil('-N', '--empty-password', '-d', `sql:${database}`)
  for (const [index, pem] of trusted.entries()) {
    const file = join(home, `authority-${index}.pem`)
    await writeFile(file, pem)
    await certutil('-A', '-d', `sql:${database}`, '-t', 'C,,', '-n', `authority ${index}`, '-i', file)
  }
}

async function certutil(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram('certutil', args)
  if (code !== 0) throw new Error(`certutil ${args.join(' ')}: ${stderr}`)
}

function findProgram(): string | null {
  return PROGRAMS.find(isThere) ?? null
}

function isThere(file: string): boolean {
  try {
    accessSync(file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
