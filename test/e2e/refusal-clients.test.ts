/** What the tool in the person's hand prints of a refusal: real clients through a real Weir, at hosts of the test's own. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/cli/demo/exchange.ts'
import { by } from './support/behind-weir.ts'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import { commitRandom, createWorkTree, git } from './support/git-client.ts'
import { type Origin, startOrigin } from './support/origin.ts'
import { type ProgramResult, runProgram } from './support/program.ts'
import { temporaryFolder } from './support/temporary.ts'
import { startWeir, type TestWeir } from './support/weir.ts'

const MESSAGE = `Ask the "platform" team & say <why>.`
const POLICY = `
version: 1
default: deny
repositories:
  ours: [github.com/acme/*]
rules:
  - name: closed
    to: { hosts: [closed.acme.example] }
    action: deny
    message: '${MESSAGE}'
  - name: store-in-ours
    to: { repositories: ours }
    operations: [lfs-upload, lock-check]
    limits: [{ per: request, size: 100 KB }]
    action: allow
  - name: no-drive
    to: { hosts: [www.googleapis.com, api.box.com, graph.microsoft.com] }
    operations: [read, write, admin]
    action: deny
    message: '${MESSAGE}'
  - name: drive-sign-in
    to: { hosts: [www.googleapis.com, api.box.com, graph.microsoft.com] }
    operations: [sign-in]
    action: allow
  - name: no-writes
    to: { hosts: [www.acme.example, github.com, api.github.com, api.dropboxapi.com, acme.blob.core.windows.net, api.openai.com] }
    operations: [write, admin]
    action: deny
    message: '${MESSAGE}'
  - name: reading
    to: { hosts: [www.acme.example, github.com, api.github.com, api.dropboxapi.com, acme.blob.core.windows.net, api.openai.com] }
    operations: [read]
    action: allow
`
const SITE = 'https://www.acme.example'
const KB_3 = 3_000
const KB_200 = 200_000

let origin: Origin
let weir: TestWeir

beforeAll(async () => {
  const { key, cert } = certificates()
  origin = await startOrigin({ tls: { key, cert }, serve })
  weir = await startWeir({ policy: POLICY, resolve: [`*:443:127.0.0.1:${origin.port}`] })
})

afterAll(async () => {
  await weir?.close()
  await origin?.close()
})

/** Knows LFS's batch and how an image registry greets; nothing else is there yet. */
async function serve(exchange: Exchange): Promise<void> {
  const { path } = exchange.record
  if (path.endsWith('/info/lfs/objects/batch')) return announce(exchange)
  await exchange.discard()
  if (path === '/v2/') return exchange.answer(200, { 'content-type': 'application/json' }, '{}')
  exchange.answer(404, { 'content-type': 'application/json' }, '{}')
}

async function announce(exchange: Exchange): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of exchange.body()) pieces.push(piece)
  const asked = JSON.parse(Buffer.concat(pieces).toString()) as {
    readonly objects: readonly { readonly oid: string }[]
  }
  const objects = asked.objects.map((object) => ({
    ...object,
    authenticated: true,
    actions: { upload: { href: `${SITE}/store/${object.oid}` } },
  }))
  const type = { 'content-type': 'application/vnd.git-lfs+json' }
  exchange.answer(200, type, JSON.stringify({ transfer: 'basic', objects }))
}

/** The client failed, and printed the message of the rule and the event of a denial that is in the record. */
async function expectTold({ code, stdout, stderr }: ProgramResult, message = MESSAGE): Promise<void> {
  const text = `${stdout}${stderr}`
  expect(code, text).not.toBe(0)
  // skopeo quotes what it prints.
  const plain = text.replaceAll('\\"', '"').replace(/\s+/g, ' ')
  expect(plain).toContain(`weir: ${message} (event `)
  const event = /\(event ([0-9a-z]{13})\)/.exec(plain)?.[1]
  const record = await weir.record((each) => each['event.id'] === event)
  expect(record['event.action']).toBe('denied')
}

describe('git-lfs', () => {
  async function pushLfs(repository: string, sizeBytes: number): Promise<ProgramResult> {
    const tree = await createWorkTree()
    await writeFile(join(tree, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
    await git(['lfs', 'install', '--local'], { cwd: tree })
    await commitRandom(tree, sizeBytes, repository.replaceAll('/', '-'))
    await git(['remote', 'add', 'origin', `https://github.com/${repository}.git`], { cwd: tree })
    const config = {
      'lfs.transfer.maxretries': '1',
      'lfs.locksverify': 'false',
      'lfs.url': `https://github.com/${repository}.git/info/lfs`,
    }
    return git(['lfs', 'push', '--all', 'origin'], { cwd: tree, proxy: weir.proxy, caFile: weir.caFile, config })
  }

  it('prints why its batch is refused', async () => expectTold(await pushLfs('other/x', KB_3)))

  it('prints why an object is refused where it was sent to', async () => {
    const { code, stderr, stdout } = await pushLfs('acme/x', KB_200)
    expect(code).not.toBe(0)
    expect(`${stdout}${stderr}`).toMatch(/LFS: weir: .+ \(event [0-9a-z]{13}\)/)
    expect(origin.log.filter(({ path }) => path.startsWith('/store/'))).toEqual([])
  })
})

describe('gh', () => {
  const env = { GH_TOKEN: 'x', GH_NO_UPDATE_NOTIFIER: '1' }

  it('prints why a call of REST is refused', async () => {
    await expectTold(await by(weir, 'gh', ['api', '-X', 'POST', 'repos/other/x/issues', '-f', 'title=x'], { env }))
  })

  it('prints why a mutation is refused', async () => {
    const mutation = 'query=mutation { createIssue(input: {repositoryId: "x", title: "y"}) { clientMutationId } }'
    await expectTold(await by(weir, 'gh', ['api', 'graphql', '-f', mutation], { env }))
  })
})

describe('npm', () => {
  const flags = (host: string): string[] => [
    `--registry=https://${host}/`,
    `--//${host}/:_authToken=x`,
    '--fetch-retries=0',
    '--no-update-notifier',
  ]

  it('prints why it may not publish', async () => {
    const cwd = temporaryFolder('package')
    await writeFile(join(cwd, 'package.json'), '{"name":"@acme/tiny","version":"1.0.0"}')
    await expectTold(await by(weir, 'npm', ['publish', ...flags('www.acme.example')], { cwd }))
  })

  it('prints why it may not reach a registry at all', async () => {
    const told = await by(weir, 'npm', ['view', 'tiny', ...flags('closed.acme.example')])
    await expectTold(told)
  })
})

describe('twine', () => {
  it('prints why it may not upload', async () => {
    const cwd = temporaryFolder('python')
    await mkdir(join(cwd, 'tiny-1.0'))
    await writeFile(join(cwd, 'tiny-1.0', 'PKG-INFO'), 'Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n')
    await runProgram('tar', ['-czf', 'tiny-1.0.tar.gz', 'tiny-1.0'], { cwd })
    const args = ['upload', '--repository-url', `${SITE}/legacy/`, '-u', 'x', '-p', 'x', '--disable-progress-bar']
    await expectTold(await by(weir, 'twine', [...args, 'tiny-1.0.tar.gz'], { cwd }))
  })
})

describe('skopeo', () => {
  it('prints why it may not push an image', async () => {
    const cwd = temporaryFolder('image')
    const config = '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{}}'
    const digest = createHash('sha256').update(config).digest('hex')
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: `sha256:${digest}`,
        size: config.length,
      },
      layers: [],
    }
    await writeFile(join(cwd, 'version'), 'Directory Transport Version: 1.1\n')
    await writeFile(join(cwd, digest), config)
    await writeFile(join(cwd, 'manifest.json'), JSON.stringify(manifest))
    const args = ['--insecure-policy', 'copy', `dir:${cwd}`, 'docker://www.acme.example/acme/app:1']
    await expectTold(await by(weir, 'skopeo', args))
  })
})

describe('rclone', () => {
  async function copy(remote: string, env: Readonly<Record<string, string>>): Promise<ProgramResult> {
    const cwd = temporaryFolder('rclone')
    await writeFile(join(cwd, 'a.txt'), 'a')
    await writeFile(join(cwd, 'rclone.conf'), '')
    const flags = ['--config', join(cwd, 'rclone.conf'), '--retries', '1', '--low-level-retries', '1']
    return by(weir, 'rclone', ['copyto', join(cwd, 'a.txt'), remote, ...flags], { cwd, env })
  }

  it('prints why it may not write to a bucket', async () => {
    await expectTold(
      await copy(':s3:acme/a.txt', {
        RCLONE_S3_PROVIDER: 'Other',
        RCLONE_S3_ENDPOINT: SITE,
        RCLONE_S3_ACCESS_KEY_ID: 'x',
        RCLONE_S3_SECRET_ACCESS_KEY: 'x',
        RCLONE_S3_NO_CHECK_BUCKET: 'true',
      }),
    )
  })

  it('prints why it may not write by WebDAV', async () => {
    await expectTold(await copy(':webdav:a.txt', { RCLONE_WEBDAV_URL: `${SITE}/dav/`, RCLONE_WEBDAV_VENDOR: 'other' }))
  })

  const TOKEN = JSON.stringify({ access_token: 'x', token_type: 'bearer', expiry: '2099-01-01T00:00:00Z' })

  it.each([
    ['Dropbox', ':dropbox:', { RCLONE_DROPBOX_TOKEN: TOKEN }],
    ['Google Drive', ':drive:', { RCLONE_DRIVE_TOKEN: TOKEN, RCLONE_DRIVE_ROOT_FOLDER_ID: 'x' }],
    ['Box', ':box:', { RCLONE_BOX_TOKEN: TOKEN }],
    [
      'OneDrive',
      ':onedrive:',
      { RCLONE_ONEDRIVE_TOKEN: TOKEN, RCLONE_ONEDRIVE_DRIVE_ID: 'x', RCLONE_ONEDRIVE_DRIVE_TYPE: 'personal' },
    ],
  ])('prints why it may not write to %s', async (_, remote, env) => expectTold(await copy(`${remote}a.txt`, env)))

  it('prints why it may not write to Azure', async () => {
    const env = {
      RCLONE_AZUREBLOB_ACCOUNT: 'acme',
      RCLONE_AZUREBLOB_KEY: 'eA==',
      RCLONE_AZUREBLOB_NO_CHECK_CONTAINER: 'true',
    }
    await expectTold(await copy(':azureblob:acme/a.txt', env))
  })

  it('prints why it may not reach a host at all', async () => {
    await expectTold(
      await by(weir, 'rclone', ['ls', ':http:', '--http-url', 'https://closed.acme.example', '--retries', '1']),
    )
  })
})

describe('curl', () => {
  const refused = (...args: string[]) => curl(['-d', 'x', ...args], weir)

  it('prints the answer', async () => {
    const { status, body } = await refused(`${SITE}/upload`)
    expect(status).toBe(403)
    const problem = JSON.parse(body.toString()) as { readonly detail: string; readonly event: string }
    expect(problem.detail).toBe(MESSAGE)
    expect((await weir.record((each) => each['event.id'] === problem.event))['event.action']).toBe('denied')
  })

  // A refused CONNECT is one that neither curl nor git prints more of than its status; the record has the rest.
  it('cannot print why a tunnel is refused', async () => {
    const { connectStatus, stderr } = await refused('https://closed.acme.example/')
    expect(connectStatus).toBe(403)
    expect(stderr).not.toContain('weir')
  })

  it('is answered as the library is that it stands in for here', async () => {
    const scope = 'Credential=x/20261124/eu-central-1/sts/aws4_request, SignedHeaders=host, Signature=0a'
    const aws = await refused('-H', `Authorization: AWS4-HMAC-SHA256 ${scope}`, `${SITE}/`)
    expect(aws.body.toString()).toMatch(
      /<Message>weir: Ask the &quot;platform&quot; team .+ \(event \w{13}\)<\/Message>/,
    )
    const model = await refused('https://api.openai.com/v1/responses')
    expect(JSON.parse(model.body.toString())).toMatchObject({ error: { message: expect.stringContaining(MESSAGE) } })
    const hub = await refused('-A', 'unknown/None; hf_hub/0.20.1', `${SITE}/api/models`)
    expect(hub.headers['x-error-message']).toContain(MESSAGE)
  })
})
