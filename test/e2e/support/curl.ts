/** The real curl as a client: its own environment, no .curlrc, and the answer taken apart. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'

interface CurlOptions {
  /** `http://127.0.0.1:PORT`; without it curl goes straight. */
  readonly proxy?: string
  /** The only authorities curl trusts. */
  readonly caFile?: string
  /** What curl reads where an argument says `@-` or `-T -`. */
  readonly input?: string | Buffer
  readonly cwd?: string
  readonly timeoutMs?: number
}

interface CurlResult {
  /** 0, or the code in curl's manual: 56 for a refused CONNECT, 60 for an unknown certificate. */
  readonly exitCode: number
  /** Of the last answer; 0 where none came. */
  readonly status: number
  /** Of the last answer: `1.1`, `2`. */
  readonly httpVersion: string
  /** Of the answer to CONNECT; 0 where there was none. */
  readonly connectStatus: number
  /** By lower-case name, several of one name joined by comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly uploadedBytes: number
  readonly stderr: string
}

let folder: string | null = null
let runs = 0

export async function curl(args: readonly string[], options: CurlOptions = {}): Promise<CurlResult> {
  folder ??= temporaryFolder('curl')
  const stem = join(folder, String(++runs))
  const files = { body: `${stem}.body`, head: `${stem}.head` }
  const wiring = ['--output', files.body, '--dump-header', files.head, '--suppress-connect-headers', '-w', '%{json}']
  const trust = options.caFile === undefined ? [] : ['--cacert', options.caFile]
  const proxy = options.proxy === undefined ? ['--noproxy', '*'] : ['--proxy', options.proxy]
  // `--disable` keeps .curlrc out and must come first.
  const run = await runProgram('curl', ['--disable', '-sS', ...wiring, ...trust, ...proxy, ...args], options)
  const told = JSON.parse(run.stdout) as {
    http_code: number
    http_connect: number
    http_version: string
    size_upload: number
  }
  return {
    exitCode: run.code,
    // 100 is no answer yet.
    status: told.http_code < 200 ? 0 : told.http_code,
    httpVersion: told.http_version,
    connectStatus: told.http_connect,
    headers: parseLastHead(await readOrEmpty(files.head)),
    body: await readOrEmpty(files.body),
    uploadedBytes: told.size_upload,
    stderr: run.stderr,
  }
}

// curl makes neither file where nothing came.
async function readOrEmpty(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

// Interim answers (100) and redirects leave a head each; the last one is the answer's.
function parseLastHead(dump: Buffer): Record<string, string> {
  const heads = dump
    .toString('latin1')
    .split('\r\n\r\n')
    .filter((head) => head.startsWith('HTTP/'))
  const headers: Record<string, string> = {}
  for (const line of (heads.at(-1) ?? '').split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}
