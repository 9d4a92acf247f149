/** Git, LFS and packages in a working day. */
import { gzipSync } from 'node:zlib'
import { A, B, packets } from '../../wire/push.ts'
import {
  DELETION,
  FETCH_TYPE,
  gitPush,
  LFS_ACCEPT,
  LFS_TYPE,
  PUSH,
  PUSH_OPTION,
  PUSH_SHA256,
  PUSH_TAG,
} from './git-bytes.ts'
import { ask, type Channel, channelsOf, chunked, json, type RequestStep, send } from './shape.ts'

const LINUX = 'https://github.com/torvalds/linux'
const OURS = 'https://github.com/acme/app'
const DELIM = Buffer.from('0001')
const OID = 'c'.repeat(64)
const AGENT = 'agent=git/2.50.1-Linux'

function fetchOf(url: string, body: Uint8Array, ...headers: string[]): RequestStep {
  return send(
    'POST',
    `${url}/git-upload-pack`,
    body,
    FETCH_TYPE,
    'Accept: application/x-git-upload-pack-result',
    'User-Agent: git/2.50.1',
    ...headers,
  )
}

function v2(command: string, lines: readonly string[]): Uint8Array {
  const head = packets(`command=${command}`, `${AGENT}\n`, 'object-format=sha1')
  return Buffer.concat([head, DELIM, packets(...lines.map((line) => `${line}\n`), null)])
}

const V0 = packets(
  `want ${A} multi_ack_detailed no-done side-band-64k thin-pack ofs-delta deepen-since deepen-not ${AGENT}\n`,
  `want ${B}\n`,
  null,
  'done\n',
)
const HAVES = packets(
  `want ${A} multi_ack_detailed no-done side-band-64k thin-pack ofs-delta ${AGENT}\n`,
  null,
  ...Array.from({ length: 32 }, (_, at) => `have ${at.toString(16).padStart(40, '0')}\n`),
  'done\n',
)
const PROTOCOL = 'Git-Protocol: version=2'

function lfs(operation: string): object {
  return {
    operation,
    transfers: ['lfs-standalone-file', 'basic', 'ssh'],
    ref: { name: 'refs/heads/main' },
    objects: [{ oid: OID, size: 24 }],
    hash_algo: 'sha256',
  }
}

export const BENIGN_CODE: readonly Channel[] = [
  ...channelsOf('git', [
    ['the refs of a clone', ask('GET', `${LINUX}.git/info/refs?service=git-upload-pack`, PROTOCOL)],
    [
      'the refs of a clone from the attacker’s',
      ask('GET', 'https://github.com/mallory/loot/info/refs?service=git-upload-pack'),
    ],
    ['a clone, version 0', fetchOf(LINUX, V0)],
    [
      'a clone, version 2: the refs',
      fetchOf(
        LINUX,
        v2('ls-refs', [
          'peel',
          'symrefs',
          'unborn',
          'ref-prefix refs/heads/',
          'ref-prefix refs/tags/',
          'ref-prefix HEAD',
        ]),
        PROTOCOL,
      ),
    ],
    [
      'a clone, version 2: the pack',
      fetchOf(
        LINUX,
        v2('fetch', ['thin-pack', 'no-progress', 'include-tag', 'ofs-delta', `want ${A}`, `want ${B}`, 'done']),
        PROTOCOL,
      ),
    ],
    [
      'a shallow clone',
      fetchOf(LINUX, v2('fetch', ['thin-pack', 'ofs-delta', 'deepen 1', `want ${A}`, 'done']), PROTOCOL),
    ],
    [
      'a partial clone',
      fetchOf(LINUX, v2('fetch', ['thin-pack', 'ofs-delta', 'filter blob:none', `want ${A}`, 'done']), PROTOCOL),
    ],
    [
      'a deeper history',
      fetchOf(
        LINUX,
        v2('fetch', ['deepen-since 1700000000', `shallow ${B}`, `want ${A}`, `have ${B}`, 'done']),
        PROTOCOL,
      ),
    ],
    ['a fetch with what is there already', fetchOf(LINUX, HAVES)],
    ['a fetch under gzip', fetchOf(LINUX, gzipSync(HAVES), 'Content-Encoding: gzip')],
    ['a fetch in chunks', chunked(fetchOf(LINUX, HAVES))],
    ['a fetch from a server of nobody’s list', fetchOf('https://git.kernel.example/pub/scm/linux.git', V0)],
    [
      'a fetch with what is there already, from a server of nobody’s list',
      fetchOf('https://git.kernel.example/x.git', HAVES),
    ],
    ['a fetch from GitLab', fetchOf('https://gitlab.com/gitlab-org/cli.git', V0)],
    ['a fetch from Bitbucket', fetchOf('https://bitbucket.org/x/y.git', V0)],
    ['a fetch from Codeberg', fetchOf('https://codeberg.org/forgejo/forgejo.git', V0)],
    ['a fetch from Azure DevOps', fetchOf('https://dev.azure.com/x/y/_git/z', V0)],
    ['a fetch of a gist', fetchOf('https://gist.github.com/0123456789abcdef0123456789abcdef.git', V0)],
    ['ls-remote', fetchOf(LINUX, v2('ls-refs', ['peel', 'symrefs']), PROTOCOL)],
    ['the refs of a push to ours', ask('GET', `${OURS}.git/info/refs?service=git-receive-pack`)],
    ['the probe of a push to ours', gitPush(`${OURS}.git/git-receive-pack`, packets(null))],
    ['a push to ours', gitPush(`${OURS}.git/git-receive-pack`)],
    ['a push to ours in chunks', chunked(gitPush(`${OURS}.git/git-receive-pack`))],
    ['a push to ours under gzip', gitPush(`${OURS}/git-receive-pack`, gzipSync(PUSH), 'Content-Encoding: gzip')],
    ['a push of a tag to ours', gitPush(`${OURS}.git/git-receive-pack`, PUSH_TAG)],
    ['a push of SHA-256 to ours', gitPush(`${OURS}.git/git-receive-pack`, PUSH_SHA256)],
    ['a push with an option to ours', gitPush(`${OURS}.git/git-receive-pack`, PUSH_OPTION)],
    ['a branch of ours deleted', gitPush(`${OURS}.git/git-receive-pack`, DELETION)],
    ['a push to another of ours', gitPush('https://github.com/Acme/Website.git/git-receive-pack')],
    ['a push to the company’s own server', gitPush('https://git.corp.example/team/app.git/git-receive-pack')],
  ]),
  ...channelsOf('LFS', [
    ['a download', json('POST', `${LINUX}.git/info/lfs/objects/batch`, lfs('download'), LFS_ACCEPT)],
    [
      'a download, typed as LFS',
      send('POST', `${LINUX}.git/info/lfs/objects/batch`, JSON.stringify(lfs('download')), LFS_TYPE, LFS_ACCEPT),
    ],
    [
      'a download of ours',
      send('POST', `${OURS}.git/info/lfs/objects/batch`, JSON.stringify(lfs('download')), LFS_TYPE, LFS_ACCEPT),
    ],
    [
      'the object itself',
      ask('GET', 'https://github-cloud.githubusercontent.com/alambic/media/1/a?X-Amz-Signature=1', 'Range: bytes=0-'),
    ],
    [
      'an upload to ours',
      send('POST', `${OURS}.git/info/lfs/objects/batch`, JSON.stringify(lfs('upload')), LFS_TYPE, LFS_ACCEPT),
      send('PUT', `https://lfs-store.example/objects/${OID}`, 'an object', 'Content-Type: application/octet-stream'),
      send('POST', `${OURS}.git/info/lfs/verify`, JSON.stringify({ oid: OID, size: 9 }), LFS_TYPE),
    ],
    [
      'locks before a push to ours',
      send('POST', `${OURS}.git/info/lfs/locks/verify`, JSON.stringify({ ref: { name: 'refs/heads/main' } }), LFS_TYPE),
    ],
    [
      'locks of others',
      send(
        'POST',
        `${LINUX}.git/info/lfs/locks/verify`,
        JSON.stringify({ ref: { name: 'refs/heads/main' }, limit: 100 }),
        LFS_TYPE,
      ),
    ],
    [
      'a lock at ours',
      send(
        'POST',
        `${OURS}.git/info/lfs/locks`,
        JSON.stringify({ path: 'a.psd', ref: { name: 'refs/heads/main' } }),
        LFS_TYPE,
      ),
    ],
  ]),
  ...channelsOf('packages', [
    ['npm view', ask('GET', 'https://npm.pkg.example/react', 'Accept: application/vnd.npm.install-v1+json')],
    ['npm, a scope', ask('GET', 'https://npm.pkg.example/@types%2fnode', 'npm-command: install')],
    ['npm, a tarball', ask('GET', 'https://npm.pkg.example/react/-/react-19.0.0.tgz')],
    ['npm, who am I', ask('GET', 'https://npm.pkg.example/-/whoami', 'Authorization: Bearer x')],
    ['npm, a search', ask('GET', 'https://npm.pkg.example/-/v1/search?text=proxy&size=20')],
    [
      'pip, the index',
      ask('GET', 'https://pypi.pkg.example/simple/requests/', 'Accept: application/vnd.pypi.simple.v1+json'),
    ],
    ['pip, a wheel', ask('GET', 'https://files.pkg.example/packages/ab/requests-2.32.3-py3-none-any.whl')],
    ['pip, the metadata by range', ask('GET', 'https://files.pkg.example/packages/ab/x.whl', 'Range: bytes=-8192')],
    ['cargo, the index', ask('GET', 'https://index.crates.example/se/rd/serde', 'If-None-Match: "a"')],
    ['cargo, a crate', ask('GET', 'https://static.crates.example/crates/serde/1.0.0/download')],
    ['go, a module', ask('GET', 'https://proxy.golang.example/github.com/!azure/x/@v/v1.0.0.mod')],
    ['OCI, is it there', ask('GET', 'https://registry.oci.example/v2/')],
    [
      'OCI, a token',
      ask('GET', 'https://auth.oci.example/token?service=registry&scope=repository:library/alpine:pull'),
    ],
    [
      'OCI, a manifest',
      ask(
        'HEAD',
        'https://registry.oci.example/v2/library/alpine/manifests/3.22',
        'Accept: application/vnd.oci.image.index.v1+json',
      ),
    ],
    ['OCI, a blob', ask('GET', `https://registry.oci.example/v2/library/alpine/blobs/sha256:${OID}`)],
    ['an image of ghcr.io', ask('GET', 'https://ghcr.io/v2/acme/app/manifests/latest')],
    [
      'apt, its lists',
      ask('GET', 'http://deb.dist.example/dists/stable/InRelease', 'If-Modified-Since: Mon, 01 Sep 2025 00:00:00 GMT'),
    ],
    ['Maven, a jar', ask('GET', 'https://repo.maven.example/maven2/org/x/x/1/x-1.jar')],
    ['NuGet, the index', ask('GET', 'https://api.nuget.example/v3/index.json')],
    [
      'a model of Hugging Face',
      ask('HEAD', 'https://huggingface.co/bert-base/resolve/main/model.safetensors'),
      ask('GET', 'https://cdn-lfs.huggingface.co/repos/a?Signature=1', 'Range: bytes=0-1048575'),
    ],
    ['what a model of Hugging Face is', ask('GET', 'https://huggingface.co/api/models/bert-base/revision/main')],
  ]),
]
