/** Where an enforcing rule looks into pushes, git leaves out no base: what is pushed is seen whole. Elsewhere nothing is changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomBytes } from '../support/git-client.ts'
import { curl } from '../support/curl.ts'
import { certificates } from '../support/certificates.ts'
import { TOKEN } from './files.ts'
import { type GitStage, startGitStage } from './git-stage.ts'
import { policyWith } from './stage.ts'

const DENYING = policyWith('no-secrets', '{ secrets: true }')
const REPORTING = policyWith('no-secrets', '{ secrets: true }', '    mode: report\ninspection: { mode: always }\n')
const SILENT = policyWith('no-paste', '{ paths: /paste }')

const FILE = 'lib/table.txt'
/** Text that hardly gets smaller. */
const BASE = Buffer.from(
  randomBytes(60_000, 'base')
    .toString('base64')
    .replaceAll(/(.{60})/g, '$1 \n'),
)
const DELTA_BYTES_MAX = 4_000

let stage: GitStage

beforeAll(async () => {
  stage = await startGitStage({ policy: SILENT })
})

afterAll(() => stage?.close())

function edited(line: string): Buffer {
  return Buffer.concat([BASE, Buffer.from(`${line}\n`)])
}

/** A repository of the server in which the file is, and a branch that changes it. */
async function edit(repository: string, line: string): Promise<string> {
  await stage.createRepository(repository)
  const branch = await stage.commit([{ files: { [FILE]: BASE } }, { files: { [FILE]: edited(line) } }])
  stage.weir.renew(SILENT)
  const first = await stage.push(repository, branch, { refspecs: [`${branch}~1:refs/heads/${branch}`] })
  expect(first.code, first.stderr).toBe(0)
  return branch
}

describe('a file whose earlier version is on the server', () => {
  it('is pushed whole and scanned whole where a rule asks', async () => {
    const [marked, harmless] = [
      await edit('acme/marked', `token = ${TOKEN}`),
      await edit('acme/harmless', 'token = none'),
    ]
    stage.weir.renew(DENYING)
    const denied = await stage.push('acme/marked', marked)
    expect(denied.stderr).toContain('(weir: refused by rule no-secrets)')
    expect(denied.record).toMatchObject({
      'weir.reason': 'rule',
      'weir.secrets.count': 1,
      'weir.upstream.bodyBytes': 0,
    })
    expect(denied.record['weir.secrets.found']).toMatchObject([{ within: [FILE] }])
    const passed = await stage.push('acme/harmless', harmless)
    expect(passed.code, passed.stderr).toBe(0)
    expect(passed.packBytes).toBeGreaterThan(BASE.length / 2)
    expect(await stage.ask('acme/harmless', 'cat-file', 'blob', `${harmless}:${FILE}`)).toBe(
      edited('token = none').toString(),
    )
  })

  it.each([
    ['nobody asks', SILENT],
    ['a rule only reports', REPORTING],
  ])('is pushed as a delta where %s', async (name, policy) => {
    const repository = `acme/delta-${name.length}`
    const branch = await edit(repository, `token = ${TOKEN}`)
    stage.weir.renew(policy)
    const passed = await stage.push(repository, branch)
    expect(passed.code, passed.stderr).toBe(0)
    expect(passed.packBytes).toBeLessThan(DELTA_BYTES_MAX)
  })
})

describe('what a git server says that it can do', () => {
  beforeAll(() => stage.createRepository('acme/told'))

  async function told(service: string, policy: string | null): Promise<Buffer> {
    if (policy !== null) stage.weir.renew(policy)
    const through =
      policy === null ? { caFile: certificates().caFile } : { caFile: stage.weir.caFile, proxy: stage.weir.proxy }
    const port = policy === null ? `:${stage.server.port}` : ''
    const resolve = policy === null ? ['--resolve', `github.com:${stage.server.port}:127.0.0.1`] : []
    const url = `https://github.com${port}/acme/told.git/info/refs?service=${service}`
    const { status, body, stderr } = await curl([...resolve, url], through)
    expect(status, stderr).toBe(200)
    return body
  }

  it.each([
    ['nobody asks', SILENT],
    ['a rule only reports', REPORTING],
  ])('goes on byte for byte where %s', async (_, policy) => {
    expect((await told('git-receive-pack', policy)).equals(await told('git-receive-pack', null))).toBe(true)
  })

  it('has no-thin more, and nothing else, where a rule asks', async () => {
    const [changed, own] = [await told('git-receive-pack', DENYING), await told('git-receive-pack', null)]
    const added = ' no-thin'
    const at = changed.indexOf(added)
    expect(at).toBeGreaterThan(0)
    const without = Buffer.concat([changed.subarray(0, at), changed.subarray(at + added.length)]).toString('latin1')
    // The length of that line, which stands before its object id.
    const line = /\n0000([0-9a-f]{4})/
    const [said, longer] = [line.exec(own.toString('latin1'))?.[1] ?? '', line.exec(without)?.[1] ?? '']
    expect(Number.parseInt(longer, 16)).toBe(Number.parseInt(said, 16) + added.length)
    expect(without.replace(line, `\n0000${said}`)).toBe(own.toString('latin1'))
    expect((await told('git-upload-pack', DENYING)).equals(await told('git-upload-pack', null))).toBe(true)
  })
})
