/** The forms in which a real git pushes: one a row of the matrix, each the same push said or sent in another way. */
import { join } from 'node:path'
import type { ServedRequest } from '../../../src/cli/demo/exchange.ts'
import { commitRandom } from './git-client.ts'
import { WORK_BYTES } from './git-landscape.ts'
import type { ProgramResult } from './program.ts'
import type { Signer } from './signing.ts'
import { temporaryFolder } from './temporary.ts'

/** Where the proxy and other things are told to git. */
export interface Told {
  readonly config?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** One push of one form. */
export interface Cell {
  readonly url: string
  /** Runs git through Weir in a folder, told what the form tells it. */
  git(args: readonly string[], cwd: string): Promise<ProgramResult>
  /** The same, and throws where it fails. */
  succeed(args: readonly string[], cwd: string): Promise<string>
  /** The landscape's tree, which is shared; and a copy of it. */
  readonly tree: string
  copyTree(): Promise<string>
}

/** What an allowed push of the form left behind. */
export interface Landed {
  readonly pushed: ProgramResult
  /** Requests for this repository, in order. */
  readonly requests: readonly ServedRequest[]
  /** What the server was told beside the refs, as `NAME='value'` lines. */
  readonly told: string
}

/** One ref that a push asks for; `source` is a branch or tag of the tree, null to delete. */
export interface Wish {
  readonly source: string | null
  readonly target: string
}

export interface Form {
  readonly name: string
  readonly objectFormat?: 'sha256'
  /** Over plain HTTP. */
  readonly plain?: true
  readonly told?: Told
  /** Where the proxy is told; in the environment as `https_proxy` unless a form says otherwise. */
  readonly proxy?: (proxy: string) => Told
  /** What comes first; answers the folder to push from. Without it that is the landscape's tree. */
  readonly prepare?: (cell: Cell) => Promise<string>
  /** Options of `git push`. */
  readonly options?: readonly string[]
  /** `prefix` stands before the name of one of the refs: with `release/` the rule about refs refuses it. */
  readonly wishes: (prefix: string) => readonly Wish[]
  /** True where nothing is uploaded, and no limit of size can refuse it. */
  readonly empty?: true
  /** Throws where the push was not of this form after all. */
  readonly verify?: (landed: Landed) => void
}

const update = (prefix: string): readonly Wish[] => [{ source: 'work', target: `refs/heads/${prefix}main` }]
const several = (prefix: string): readonly Wish[] => [
  { source: 'work', target: 'refs/heads/main' },
  { source: 'more', target: `refs/heads/${prefix}more` },
  { source: 'v1', target: 'refs/tags/v1' },
]

/** `git push` from a tree of its own, cloned through Weir with these options. */
function cloned(...options: readonly string[]): (cell: Cell) => Promise<string> {
  return async ({ url, succeed }) => {
    const tree = join(temporaryFolder('clone'), 'clone')
    await succeed(['clone', '--quiet', ...options, url, tree], temporaryFolder('clone'))
    await succeed(['checkout', '--quiet', '-B', 'work', 'origin/main'], tree)
    await commitRandom(tree, WORK_BYTES, 'work')
    return tree
  }
}

/** Fetches first, in a tree of which the server knows little. */
async function fetched({ url, succeed, copyTree }: Cell): Promise<string> {
  const tree = await copyTree()
  await succeed(['fetch', '--quiet', url, 'theirs'], tree)
  return tree
}

function requestsOf(requests: readonly ServedRequest[], method: string, service: string): readonly ServedRequest[] {
  return requests.filter((request) => request.method === method && request.path.endsWith(service))
}

function expectHolds(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the push was not ${what}`)
}

function speaks(version: string | undefined): (landed: Landed) => void {
  return ({ requests }) => {
    const fetches = requestsOf(requests, 'POST', 'git-upload-pack')
    const versions = fetches.map(({ headers }) => headers['git-protocol'])
    expectHolds(versions.length > 0 && versions.every((each) => each === version), `behind a fetch of ${version}`)
  }
}

/** Chunked, with the four bytes ahead of it that try the credentials. */
function inChunks({ requests }: Landed): void {
  const [probe, push] = requestsOf(requests, 'POST', 'git-receive-pack')
  expectHolds(probe?.bodyBytes === 4 && push?.headers['transfer-encoding'] === 'chunked', 'chunked')
}

function inOnePiece({ requests }: Landed): void {
  const pushes = requestsOf(requests, 'POST', 'git-receive-pack')
  expectHolds(pushes.length === 1 && pushes[0]?.headers['content-length'] !== undefined, 'in one piece')
}

const VERSIONS: readonly Form[] = ['0', '1', '2'].map((version) => ({
  name: `protocol version ${version}`,
  told: { config: { 'protocol.version': version } },
  prepare: fetched,
  wishes: update,
  verify: speaks(version === '0' ? undefined : `version=${version}`),
}))

const BODIES: readonly Form[] = [
  { name: 'a small post buffer', told: { config: { 'http.postBuffer': '1024' } }, wishes: update, verify: inChunks },
  { name: 'a large post buffer', told: { config: { 'http.postBuffer': '100m' } }, wishes: update, verify: inOnePiece },
  {
    name: 'Expect',
    told: {
      config: { 'http.extraHeader': 'Expect: 100-continue' },
      env: { GIT_TRACE_CURL: '1', GIT_TRACE_CURL_NO_DATA: '1' },
    },
    wishes: update,
    verify: ({ pushed: { stderr } }) =>
      expectHolds(/Send header: Expect: 100-continue/.test(stderr) && /HTTP\/1\.1 100/.test(stderr), 'with Expect'),
  },
  {
    name: 'a gzipped fetch before it',
    prepare: fetched,
    wishes: update,
    verify: ({ requests }) =>
      expectHolds(
        requestsOf(requests, 'POST', 'git-upload-pack').some(({ headers }) => headers['content-encoding'] === 'gzip'),
        'behind a gzipped fetch',
      ),
  },
]

const CLONES: readonly Form[] = [
  { name: 'from a shallow clone', prepare: cloned('--depth=1'), wishes: update },
  { name: 'from a partial clone', prepare: cloned('--filter=blob:none', '--no-checkout'), wishes: update },
]

const REFS: readonly Form[] = [
  { name: 'one ref', wishes: update },
  { name: 'a new branch', wishes: (prefix) => [{ source: 'work', target: `refs/heads/${prefix}new` }] },
  { name: 'several refs', wishes: several },
  { name: 'a tag', wishes: (prefix) => [{ source: 'v1', target: `refs/tags/${prefix}v1` }] },
  {
    name: 'by force',
    options: ['--force'],
    wishes: (prefix) => [{ source: 'rewritten', target: `refs/heads/${prefix}main` }],
  },
  {
    name: 'by force with a lease',
    options: ['--force-with-lease=main:base', '--force-with-lease=release/main:base'],
    wishes: (prefix) => [{ source: 'rewritten', target: `refs/heads/${prefix}main` }],
  },
  { name: 'a deletion', empty: true, wishes: (prefix) => [{ source: null, target: `refs/heads/${prefix}old` }] },
  {
    name: 'a deletion and an update',
    wishes: (prefix) => [
      { source: null, target: `refs/heads/${prefix}old` },
      { source: 'work', target: 'refs/heads/main' },
    ],
  },
  { name: 'atomic', options: ['--atomic'], wishes: several },
  {
    name: 'push options',
    options: ['-o', 'ci.skip', '-o', 'topic=é'],
    wishes: update,
    verify: ({ told }) =>
      expectHolds(/^GIT_PUSH_OPTION_0='ci\.skip'\nGIT_PUSH_OPTION_1='topic=é'$/m.test(told), 'with push options'),
  },
  { name: 'SHA-256', objectFormat: 'sha256', wishes: several },
]

/** An address of this machine where nothing listens. */
const NOWHERE = 'http://127.0.0.1:9'

const PROXIES: readonly Form[] = [
  { name: 'http.proxy', proxy: (proxy) => ({ config: { 'http.proxy': proxy } }), wishes: update },
  {
    name: 'http.proxy over the environment',
    proxy: (proxy) => ({ config: { 'http.proxy': proxy }, env: { https_proxy: NOWHERE } }),
    wishes: update,
  },
  {
    name: 'http.<url>.proxy',
    proxy: (proxy) => ({ config: { 'http.proxy': NOWHERE, 'http.https://github.com/.proxy': proxy } }),
    wishes: update,
  },
  {
    name: 'remote.<name>.proxy',
    proxy: (proxy) => ({ config: { 'http.proxy': NOWHERE, 'remote.weir.proxy': proxy } }),
    wishes: update,
  },
  { name: 'HTTPS_PROXY', proxy: (proxy) => ({ env: { HTTPS_PROXY: proxy } }), wishes: update },
  { name: 'ALL_PROXY', proxy: (proxy) => ({ env: { ALL_PROXY: proxy } }), wishes: update },
  { name: 'all_proxy in small letters', proxy: (proxy) => ({ env: { all_proxy: proxy } }), wishes: update },
  {
    name: 'no_proxy that names others',
    proxy: (proxy) => ({ env: { https_proxy: proxy, no_proxy: 'localhost,127.0.0.1,hub.com,.acme.example' } }),
    wishes: update,
  },
  {
    name: 'http_proxy, over plain HTTP',
    plain: true,
    proxy: (proxy) => ({ env: { http_proxy: proxy } }),
    wishes: update,
  },
]

/** Every row of the matrix. */
export function listForms(signers: { readonly gpg: Signer; readonly ssh: Signer }): readonly Form[] {
  const signed: readonly Form[] = [
    { name: 'signed by gpg', told: signers.gpg, options: ['--signed'], wishes: several, verify: isSigned },
    { name: 'signed by ssh', told: signers.ssh, options: ['--signed'], wishes: update, verify: isSigned },
    {
      name: 'signed, atomic, with options, in SHA-256',
      objectFormat: 'sha256',
      told: signers.ssh,
      options: ['--signed', '--atomic', '-o', 'ci.skip'],
      wishes: several,
      verify: isSigned,
    },
  ]
  return [...VERSIONS, ...BODIES, ...CLONES, ...REFS, ...signed, ...PROXIES]
}

function isSigned({ told }: Landed): void {
  expectHolds(
    /^GIT_PUSH_CERT='[0-9a-f]{40,64}'$/m.test(told) && /^GIT_PUSH_CERT_NONCE_STATUS='(?:OK|SLOP)'$/m.test(told),
    'signed',
  )
}
