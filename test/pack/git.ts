/** Runs git on a repository of its own, with nothing of the user's settings. */
import { spawnSync } from 'node:child_process'

const QUIET = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
}

const OUTPUT_BYTES_MAX = 2 ** 30

export function git(cwd: string, options: readonly string[], input: string | Uint8Array = ''): Buffer {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, ...QUIET }
  const run = spawnSync('git', options, { cwd, env, input, maxBuffer: OUTPUT_BYTES_MAX })
  if (run.status !== 0) throw new Error(`git ${options.join(' ')}: ${run.stderr?.toString() || run.error?.message}`)
  return run.stdout
}
