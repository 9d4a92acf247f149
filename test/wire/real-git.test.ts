/** What a real git sends when it pushes, and what it prints of a refusal: over pipes, without a network. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PackHeader } from '../../src/wire/pack-header.ts'
import type { Parse } from '../../src/wire/parse.ts'
import type { PushRequest } from '../../src/wire/push-request.ts'

const receivePack = `'${process.execPath}' '${resolve(import.meta.dirname, 'refusing-receive-pack.ts')}'`
const folder = mkdtempSync(join(tmpdir(), 'weir-push-'))
const clone = join(folder, 'clone')

interface Pushed {
  readonly head: Parse<PushRequest>
  readonly pack: Parse<PackHeader>
  readonly printed: string
}

function git(cwd: string, ...options: string[]): string {
  const run = spawnSync('git', options, { cwd, env: quietEnvironment({}), encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`git ${options.join(' ')}: ${run.stderr}`)
  return run.stdout.trim()
}

function quietEnvironment(extra: Record<string, string>): Record<string, string> {
  const author = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example',
  }
  const none = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' }
  return { PATH: process.env['PATH'] ?? '', HOME: folder, ...author, ...none, ...extra }
}

/** Pushes to a remote that has `refs` and refuses all changes to them. */
function push(cwd: string, capabilities: string, refs: readonly string[], ...options: string[]): Pushed {
  const out = join(folder, 'out.json')
  const env = quietEnvironment({ REFUSE_CAPABILITIES: capabilities, REFUSE_REFS: refs.join(','), REFUSE_OUT: out })
  const command = ['push', '--no-progress', `--receive-pack=${receivePack}`, join(folder, 'remote.git'), ...options]
  const run = spawnSync('git', command, { cwd, env, encoding: 'utf8', timeout: 30_000 })
  expect(run.status, run.stderr).toBe(1)
  const { head, pack } = JSON.parse(readFileSync(out, 'utf8')) as Pushed
  return { head, pack, printed: run.stderr }
}

beforeAll(() => {
  git(folder, 'init', '--quiet', '--bare', 'remote.git')
  git(folder, 'init', '--quiet', '--initial-branch=main', 'clone')
  git(clone, 'commit', '--quiet', '--allow-empty', '--message=one')
  git(clone, 'tag', 'v1')
  git(clone, 'commit', '--quiet', '--allow-empty', '--message=two')
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const SIDEBAND = 'report-status side-band-64k'

describe('a push of a real git', () => {
  it.each([['report-status side-band-64k'], ['report-status-v2 report-status side-band-64k ofs-delta quiet atomic']])(
    'is told, ref by ref, why it is refused: %s',
    (capabilities) => {
      const { head, pack, printed } = push(clone, capabilities, [], 'main', 'v1')
      const main = git(clone, 'rev-parse', 'main')
      const v1 = git(clone, 'rev-parse', 'v1')
      const none = '0'.repeat(40)
      expect(head).toMatchObject({
        state: 'done',
        value: {
          kind: 'push',
          updates: [
            { kind: 'create', ref: 'refs/heads/main', oldId: none, newId: main },
            { kind: 'create', ref: 'refs/tags/v1', oldId: none, newId: v1 },
          ],
          shallow: [],
          options: [],
          hasPack: true,
        },
      })
      // Two commits and the empty tree.
      expect(pack).toMatchObject({ state: 'done', value: { version: 2, objects: 3 } })
      expect(printed).toContain('remote: Push to git.example/acme instead.')
      expect(printed).toContain('remote: Ask at help.example.')
      expect(printed).toMatch(/! \[remote rejected\] main -> main \(weir: not yours\)/)
      expect(printed).toMatch(/! \[remote rejected\] v1 -> v1 \(weir: not yours\)/)
    },
  )

  it('without a sideband is told the reason alone', () => {
    const { printed } = push(clone, 'report-status', [], 'main')
    expect(printed).toMatch(/! \[remote rejected\] main -> main \(weir: not yours\)/)
    expect(printed).not.toContain('remote: ')
  })

  it('without a report still fails, with the reason said', () => {
    const { printed } = push(clone, 'side-band-64k', [], 'main')
    expect(printed).toContain('remote: Push to git.example/acme instead.; Ask at help.example.')
    expect(printed).toContain('error: failed to push some refs')
  })

  it('that updates and deletes names both', () => {
    const v1 = git(clone, 'rev-parse', 'v1')
    const there = [`${v1} refs/heads/main`, `${v1} refs/heads/old`]
    const { head } = push(clone, `${SIDEBAND} delete-refs`, there, 'main', ':old')
    const updates = [
      { kind: 'update', ref: 'refs/heads/main' },
      { kind: 'delete', ref: 'refs/heads/old' },
    ]
    expect(head).toMatchObject({ state: 'done', value: { updates: expect.any(Array), hasPack: true } })
    expect(
      head.state === 'done' && head.value.kind === 'push' && head.value.updates.map(({ kind, ref }) => ({ kind, ref })),
    ).toEqual(expect.arrayContaining(updates))
  })

  it('that only deletes has no pack', () => {
    const v1 = git(clone, 'rev-parse', 'v1')
    const { head, pack, printed } = push(clone, `${SIDEBAND} delete-refs`, [`${v1} refs/heads/old`], ':old')
    expect(head).toMatchObject({ state: 'done', value: { updates: [{ kind: 'delete' }], hasPack: false } })
    expect(pack).toEqual({ state: 'more' })
    expect(printed).toMatch(/! \[remote rejected\] old \(weir: not yours\)/)
  })

  it('with options says them', () => {
    const { head, pack } = push(clone, `${SIDEBAND} push-options`, [], '-o', 'ci.skip', '-o', 'topic=é', 'main')
    expect(head).toMatchObject({ state: 'done', value: { options: ['ci.skip', 'topic=é'] } })
    expect(pack).toMatchObject({ state: 'done' })
  })

  it('from a shallow clone says where it is cut off', () => {
    git(folder, 'clone', '--quiet', '--depth=1', `file://${clone}`, 'cut')
    const { head, pack } = push(join(folder, 'cut'), SIDEBAND, [], 'main')
    expect(head).toMatchObject({ state: 'done', value: { shallow: [git(clone, 'rev-parse', 'main')] } })
    expect(pack).toMatchObject({ state: 'done' })
  })

  it('in SHA-256 has long ids', () => {
    git(folder, 'init', '--quiet', '--object-format=sha256', '--initial-branch=main', 'long')
    git(join(folder, 'long'), 'commit', '--quiet', '--allow-empty', '--message=one')
    const there = [`${'0'.repeat(64)} capabilities^{}`]
    const { head, printed } = push(join(folder, 'long'), `${SIDEBAND} object-format=sha256`, there, 'main')
    const newId = git(join(folder, 'long'), 'rev-parse', 'main')
    expect(head).toMatchObject({ state: 'done', value: { updates: [{ oldId: '0'.repeat(64), newId }] } })
    expect(printed).toMatch(/! \[remote rejected\] main -> main \(weir: not yours\)/)
  })
})
