/** Repositories of git that a test makes, away from the configuration of whoever runs it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@acme.example',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@acme.example',
}

export function git(folder: string, ...words: readonly string[]): string {
  const options = { cwd: folder, env: ENVIRONMENT, encoding: 'utf8', stdio: 'pipe' } as const
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...words], options).trim()
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** A working tree with one commit of these files. */
export function makeRepository(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  format: 'sha1' | 'sha256' = 'sha1',
): void {
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '-q', '-b', 'main', `--object-format=${format}`)
  commit(folder, files)
}

export function commit(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  writeFiles(folder, files)
  git(folder, 'add', '--all', '--force')
  git(folder, 'commit', '-q', '-m', 'a change')
}
