/** Packages that are published at hosts that no list knows, at registries and at forges; and what only looks like it. */
import { describe, expect, it } from 'vitest'
import { classifyAnnounced } from '../../src/catalog/classify.ts'
import { CATALOG, classifyUrl, show } from './classified.ts'

const JSON_TYPE = 'application/json'
const FORM = 'multipart/form-data; boundary=x'

// METHOD HOST/TARGET TYPE; `json` and `form` are short for theirs.
const PUBLISHES = `
PUT    r.acme.example/widget                                      json
PUT    r.acme.example/@acme%2fwidget                              json
PUT    r.acme.example/@acme%2Fwidget                              json
PUT    r.acme.example/@acme/widget                                json
PUT    r.acme.example/repository/npm-hosted/widget                json
PUT    r.acme.example/artifactory/api/npm/local/widget            json
PUT    r.acme.example/api/v4/projects/1/packages/npm/widget       json
PUT    r.acme.example/api/v4/projects/1/packages/npm/@acme%2fwidget  json
PUT    r.acme.example/npm/widget                                  json
PUT    r.acme.example/verdaccio/@acme%2fwidget                    json
PUT    r.acme.example/-/package/widget/dist-tags/latest           json
DELETE r.acme.example/-/package/@acme%2fwidget/dist-tags/beta     -
PUT    r.acme.example/widget/-rev/1-0a1b                          json
DELETE r.acme.example/widget/-/widget-1.0.0.tgz/-rev/1-0a1b       -
POST   r.acme.example/legacy/                                     form
POST   r.acme.example/legacy                                      form
POST   r.acme.example/repository/pypi-hosted/                     form
POST   r.acme.example/artifactory/api/pypi/local                  form
POST   r.acme.example/simple/upload                               application/vnd.pypi.upload.v2+json
PUT    r.acme.example/api/v1/crates/new                           -
PUT    r.acme.example/mirror/api/v1/crates/new                    -
DELETE r.acme.example/api/v1/crates/widget/1.0.0/yank             -
POST   r.acme.example/v2/acme/widget/blobs/uploads/               -
POST   r.acme.example/v2/acme/widget/blobs/uploads/?digest=sha256:0a1b  -
POST   r.acme.example/v2/widget/blobs/uploads                     -
PATCH  r.acme.example/v2/acme/widget/blobs/uploads/0a1b           application/octet-stream
PUT    r.acme.example/v2/acme/widget/blobs/uploads/0a1b?digest=x  -
PUT    r.acme.example/v2/acme/widget/manifests/latest             application/vnd.oci.image.manifest.v1+json
DELETE r.acme.example/v2/acme/widget/manifests/sha256:0a1b        -
DELETE r.acme.example/v2/acme/widget/blobs/sha256:0a1b            -
PUT    r.acme.example/artifactory/api/docker/local/v2/widget/manifests/1  -
POST   r.acme.example/api/v1/gems                                 application/octet-stream
DELETE r.acme.example/api/v1/gems/yank                            -
PUT    r.acme.example/api/v2/package                              form
PUT    r.acme.example/api/v2/package/                             form
PUT    r.acme.example/releases/com/acme/widget/1.0/widget-1.0.pom -
PUT    r.acme.example/releases/com/acme/widget/1.0/widget-1.0.jar.asc  -
PUT    r.acme.example/com/acme/widget/maven-metadata.xml.sha1     -
PUT    r.acme.example/widget-1.0.module                           -
POST   r.acme.example/api/charts                                  -
PUT    r.acme.example/v2/conans/widget/1.0/_/_/revisions/0a/files/conanfile.py  -
PUT    r.acme.example/pool/w/widget_1.0_amd64.deb                 -
PUT    r.acme.example/el9/widget-1.0.x86_64.rpm                   -
POST   r.acme.example/api/packages/widget/releases                -
POST   r.acme.example/api/packages/versions/newUpload             form
POST   r.acme.example/api/scopes/acme/packages/w/versions/1.0.0   -
POST   r.acme.example/api/v1/pods                                 json
POST   r.acme.example/api/1/0a1b/upload                           form
PUT    r.acme.example/artifactory/local/any/file.bin              -
PUT    r.acme.example/repository/raw/any/file.bin                 -
POST   r.acme.example/service/rest/v1/components?repository=x     form
PUT    r.acme.example/api/packages/acme/generic/w/1.0/file.bin    -
POST   quay.io/v2/acme/widget/blobs/uploads/                      -
PUT    crates.io/api/v1/crates/new                                -
POST   hackage.haskell.org/packages                               form
`

const OTHERWISE = `
PUT    r.acme.example/widget                                      -
PUT    r.acme.example/widget                                      text/plain
put    r.acme.example/widget                                      json
PUT    r.acme.example/Widget                                      json
PUT    r.acme.example/widget/                                     json
PUT    r.acme.example/api/widget                                  json
PUT    r.acme.example/%40acme%252fwidget                          json
POST   r.acme.example/widget                                      json
POST   r.acme.example/@acme%2fwidget                              json
PUT    r.acme.example/-/user/org.couchdb.user:ada                 json
POST   r.acme.example/legacy                                      json
POST   r.acme.example/legacy/x                                    form
POST   r.acme.example/api/v1/crates/new                           -
PUT    r.acme.example/api/v1/crates/New                           -
PUT    r.acme.example/v2/acme/widget/manifests                    -
PUT    r.acme.example/v2/acme/widget/manifests/latest/            -
PUT    r.acme.example/v3/acme/widget/manifests/latest             -
POST   r.acme.example/v2/acme/widget/blobs/upload/                -
GET    r.acme.example/v2/acme/widget/manifests/latest             web-read
GET    r.acme.example/widget                                      web-read
HEAD   r.acme.example/v2/acme/widget/blobs/sha256:0a1b            web-read
PUT    r.acme.example/widget-1.0.pom.exe                          -
PUT    r.acme.example/widget.tar                                  -
POST   r.acme.example/api/charts/widget                           -
PUT    r.acme.example/x/git-receive-pack                          json
PUT    r.acme.example/info/lfs/locks/widget.deb                   json
PUT    github.com/widget                                          json
`

describe('a request that publishes a package', () => {
  it.each(rows(PUBLISHES))('%s %s of %s is known by its shape', (method, url, type) => {
    const { operation, route } = classifyUrl(method, url, { contentType: typeOf(type) })
    expect(operation).toBe('package-publish')
    expect(route).not.toBeNull()
  })

  it('lands in no repository at a host that no list knows, and at a forge where the forge says', () => {
    const at = (host: string): string => show(classifyUrl('PUT', `${host}/v2/acme/widget/manifests/latest`))
    expect(at('r.acme.example')).toBe('package-publish - -')
    expect(at('ghcr.io')).toBe('package-publish ? github')
    expect(at('src.acme.example')).toBe('package-publish ? acme-git')
    const slash = classifyUrl('POST', 'ghcr.io/v2/acme/widget/blobs/uploads/')
    expect(show(slash)).toBe('package-publish ? github')
  })

  it('is a file like any other where files are kept', () => {
    expect(classifyUrl('PUT', 'bucket.s3.amazonaws.com/widget-1.0.jar').operation).toBe('file-upload')
    expect(classifyUrl('PUT', 'transfer.sh/widget-1.0.jar').operation).toBe('file-upload')
  })

  it('is among what a request may turn out to be whose type is still to come', () => {
    const announced = { host: 'r.acme.example', method: 'PUT', target: '/@acme%2fwidget' }
    const found = classifyAnnounced(CATALOG, announced).map(({ operation }) => operation)
    expect([...new Set(found)].toSorted()).toEqual(['package-publish', 'unknown-write'])
  })
})

describe('a request that only looks like it', () => {
  it.each(rows(OTHERWISE))('%s %s of %s is what it was', (method, url, type) => {
    const expected = type === 'web-read' ? 'web-read' : 'unknown-write'
    expect(classifyUrl(method, url, { contentType: typeOf(type) }).operation).toBe(expected)
  })
})

describe('the questions of a client of packages', () => {
  it.each(['security/advisories/bulk', 'security/audits', 'security/audits/quick'])(
    '%s tell what one depends on',
    (what) => {
      expect(classifyUrl('POST', `r.acme.example/-/npm/v1/${what}`).operation).toBe('metadata-write')
      expect(classifyUrl('PUT', `r.acme.example/-/npm/v1/${what}`).operation).toBe('unknown-write')
      expect(classifyUrl('POST', `r.acme.example/-/npm/v1/${what}/x`).operation).toBe('unknown-write')
    },
  )

  it('change owners by their own name', () => {
    expect(classifyUrl('PUT', 'crates.io/api/v1/crates/widget/owners').operation).toBe('access-write')
  })
})

function rows(table: string): [string, string, string][] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [method = '', url = '', type = ''] = line.split(/\s+/)
      return [method, url, type]
    })
}

function typeOf(type: string): string | null {
  if (type === 'json') return JSON_TYPE
  return type === 'form' ? FORM : type === '-' || type === 'web-read' ? null : type
}
