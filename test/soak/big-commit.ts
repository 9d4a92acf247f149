/** A repository with one commit of one huge file that does not compress, written as fast as its bytes can be hashed. */
import { spawn } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ChildOptions, runToEnd } from '../../src/cli/demo/child.ts'

const SETTINGS = { 'core.compression': '0', 'core.bigFileThreshold': '1m' }
const PIECE_BYTES = 4 * 1024 * 1024

/** Makes a bare repository in the empty folder `options.cwd`; the same seed makes the same `main`. */
export async function createBigCommit(sizeBytes: number, seed: string, options: ChildOptions): Promise<void> {
  await runToEnd('git', ['init', '--bare', '--quiet', '--template=', '--initial-branch=main', '.'], options)
  // Without compression, and streamed from pack to pack: neither git nor this process ever holds the file.
  for (const [name, value] of Object.entries(SETTINGS)) await runToEnd('git', ['config', name, value], options)
  const child = spawn('git', ['fast-import', '--quiet', '--done'], {
    ...options,
    stdio: ['pipe', 'ignore', 'inherit'],
    killSignal: 'SIGKILL',
  })
  const closed = once(child, 'close')
  await Promise.all([pipeline(Readable.from(streamOf(sizeBytes, seed)), child.stdin), closed])
  if (child.exitCode !== 0) throw new Error('git fast-import failed')
}

function* streamOf(sizeBytes: number, seed: string): Generator<Buffer> {
  const cipher = createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16))
  const zeros = Buffer.alloc(PIECE_BYTES)
  yield Buffer.from(`blob\nmark :1\ndata ${sizeBytes}\n`)
  for (let left = sizeBytes; left > 0; left -= PIECE_BYTES) yield cipher.update(zeros.subarray(0, left))
  const commit = 'commit refs/heads/main\ncommitter Ada <ada@acme.example> 1800000000 +0000\ndata 4\nbig\n'
  yield Buffer.from(`\n${commit}M 100644 :1 big.bin\n\ndone\n`)
}
