/** The benchmark: what one second of processor time buys, through Weir and, where it is installed, through Squid. */
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { hasH2load } from './h2load.ts'
import { type Options, parseOptions, USAGE } from './options.ts'
import { renderJson, renderText } from './report.ts'
import { runMeasures } from './run.ts'
import { findSquid, type SquidInstallation } from './squid.ts'
import { weirEntry } from './weir.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions()
  if (options === 'wrong') return 2
  if (options === null) {
    process.stdout.write(USAGE)
    return 0
  }
  const wantsSquid = options.proxies.includes('squid')
  const squid = wantsSquid ? findSquid() : null
  const problem = findProblem(options, squid)
  if (problem !== null) {
    complain(problem)
    return 1
  }
  if (wantsSquid && squid === null)
    complain('no Squid with OpenSSL on this machine (Debian: squid-openssl): Weir alone')
  if (hasH2load() || options.measures.every(({ work }) => work.kind !== 'streams')) return measure(options, squid)
  complain('no h2load on this machine (Debian: nghttp2-client): HTTP/2 is not measured')
  return measure({ ...options, measures: options.measures.filter(({ work }) => work.kind !== 'streams') }, squid)
}

async function measure(options: Options, squid: SquidInstallation | null): Promise<number> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => null)
  try {
    await using cleanup = new AsyncDisposableStack()
    const results = await Promise.race([runMeasures(options, squid, cleanup, tell), interrupted])
    tell('')
    if (results === null) return 130
    process.stdout.write((options.json ? renderJson : renderText)(results, squid))
    return 0
  } catch (error) {
    complain(describe(error))
    return 1
  }
}

function readOptions(): Options | null | 'wrong' {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return 'wrong'
  }
}

/** Why nothing can be measured; null when something can. */
function findProblem(options: Options, squid: SquidInstallation | null): string | null {
  if (process.platform !== 'linux') return 'processor time is read from /proc: run this on Linux'
  if (options.proxies.includes('weir') && !existsSync(weirEntry)) return `${weirEntry} does not exist`
  if (!options.proxies.includes('weir') && squid === null) return 'no Squid with OpenSSL on this machine'
  return null
}

/** Progress: one line that replaces itself on a terminal, a line each elsewhere. */
function tell(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
  else if (text !== '') process.stderr.write(`${text}\n`)
}

function complain(text: string): void {
  tell('')
  process.stderr.write(`bench: ${text}\n`)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\n${describe(error.cause)}`
}
