/** A repository of real source with a history: many blobs, deltas among them, a few programs, and noise up to a size. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { deflateSync } from 'node:zlib'
import { type ChildOptions, runToEnd } from '../../../src/cli/demo/child.ts'
import type { RealFile } from './source-files.ts'

/** As git makes them, but that it looks for no more deltas than there are: that would take longer than all else. */
const SETTINGS = { 'pack.window': '0', 'core.bigFileThreshold': '64m', 'fastimport.unpackLimit': '0' }
const COMMITS = 20
/** One file in so many is edited by a later commit, and becomes a delta. */
const EDITED_ONE_IN = 4
/** Of the pack: programs, where there are so many. The rest is source. */
const PROGRAM_SHARE = 0.25
const FOLDER_FILES = 200
/** What source does not fill. */
const NOISE_BYTES = 16 * 1024 * 1024
const SAMPLE_BYTES = 64 * 1024

export interface SourcePlan {
  /** Of the pack, about. */
  readonly packBytes: number
  readonly files: readonly RealFile[]
  readonly seed: string
}

export interface SourceCommits {
  readonly objects: number
  readonly packBytes: number
  /** Of blobs that are source, unpacked. */
  readonly sourceBytes: number
}

/** Makes a bare repository in the empty folder `options.cwd`, whose `main` it is. */
export async function createSourceCommits(plan: SourcePlan, options: ChildOptions): Promise<SourceCommits> {
  await runToEnd('git', ['init', '--bare', '--quiet', '--template=', '--initial-branch=main', '.'], options)
  for (const [name, value] of Object.entries(SETTINGS)) await runToEnd('git', ['config', name, value], options)
  const child = spawn('git', ['fast-import', '--quiet', '--done'], {
    ...options,
    stdio: ['pipe', 'ignore', 'inherit'],
    killSignal: 'SIGKILL',
  })
  const writer = new ImportWriter(plan)
  await feed(child, writer)
  const { output } = await runToEnd('git', ['count-objects', '-v'], options)
  const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN)
  return { objects: count('in-pack'), packBytes: count('size-pack') * 1024, sourceBytes: writer.sourceBytes }
}

async function feed(child: ChildProcess, writer: ImportWriter): Promise<void> {
  const closed = once(child, 'close')
  if (child.stdin === null) throw new Error('git fast-import has no input')
  await Promise.all([pipeline(Readable.from(writer.stream()), child.stdin), closed])
  if (child.exitCode !== 0) throw new Error('git fast-import failed')
}

class ImportWriter {
  sourceBytes = 0
  readonly #plan: SourcePlan
  #marks = 0
  /** Of the pack so far, guessed by how its files compress. */
  #packBytes = 0
  readonly #changes: string[] = []

  constructor(plan: SourcePlan) {
    this.#plan = plan
  }

  *stream(): Generator<Buffer> {
    const { packBytes, files } = this.#plan
    const programs = files.filter(({ kind }) => kind === 'program')
    yield* this.#blobs(programs, PROGRAM_SHARE * packBytes)
    yield* this.#blobs(
      files.filter(({ kind }) => kind === 'source'),
      packBytes,
    )
    for (let number = 0; this.#packBytes < packBytes; number++) yield* this.#noise(number)
    yield* this.#commits()
    yield Buffer.from('done\n')
  }

  *#blobs(files: readonly RealFile[], untilBytes: number): Generator<Buffer> {
    for (const [at, { path, kind }] of files.entries()) {
      if (this.#packBytes >= untilBytes) return
      const bytes = readFileSync(path)
      if (bytes.length === 0) continue
      const name = `${kind}/${Math.floor(at / FOLDER_FILES)}/${at}-${basename(path).replaceAll(/[^\w.-]/g, '_')}`
      this.#packBytes += bytes.length * shareLeft(bytes)
      if (kind === 'source') this.sourceBytes += bytes.length
      yield* this.#blob(bytes, name)
      if (kind !== 'source' || at % EDITED_ONE_IN > 0) continue
      this.sourceBytes += bytes.length
      yield* this.#blob(Buffer.concat([Buffer.from(`/* edited: ${this.#plan.seed} ${at} */\n`), bytes]), name)
    }
  }

  *#noise(number: number): Generator<Buffer> {
    const key = createHash('sha256').update(`${this.#plan.seed} ${number}`).digest()
    this.#packBytes += NOISE_BYTES
    const bytes = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(NOISE_BYTES))
    yield* this.#blob(bytes, `noise/${Math.floor(number / FOLDER_FILES)}/${number}.bin`)
  }

  *#blob(bytes: Buffer, name: string): Generator<Buffer> {
    this.#marks += 1
    this.#changes.push(`M 100644 :${this.#marks} ${name}\n`)
    yield Buffer.from(`blob\nmark :${this.#marks}\ndata ${bytes.length}\n`)
    yield bytes
    yield Buffer.from('\n')
  }

  *#commits(): Generator<Buffer> {
    const each = Math.ceil(this.#changes.length / COMMITS)
    for (let at = 0; at * each < this.#changes.length; at++) {
      const message = `Change ${at}\n`
      const person = `Ada ${at} <ada-${at}@acme.example> ${1_800_000_000 + at} +0000`
      yield Buffer.from(`commit refs/heads/main\ncommitter ${person}\ndata ${message.length}\n${message}`)
      yield Buffer.from(`${this.#changes.slice(at * each, (at + 1) * each).join('')}\n`)
    }
  }
}

/** How much of it is left when it is compressed, by its first bytes. */
function shareLeft(bytes: Buffer): number {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  return Math.min(1, deflateSync(sample).length / sample.length)
}
