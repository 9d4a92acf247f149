/**
 * Recognises what publishes a package, or withdraws one, by the shape of the request on any host: a registry that no list
 * knows, and a mirror below some path, is one all the same. A shape makes an `unknown-write` more exact and nothing else.
 */
import { mayBeOfType } from './media-type.ts'
import type { Segments } from './path.ts'
import type { InnerOperation } from './service-entry.ts'

export interface PackageRequest {
  readonly method: string
  readonly contentType: string | null
  readonly segments: Segments
  /** The path ends in a slash; some registries' own addresses do. */
  readonly trailingSlash: boolean
  /** The host is a registry, or no list knows it: there a name alone at the root may be a package. */
  readonly rootIsPackage: boolean
}

interface PackageShape {
  readonly methods: readonly string[]
  /**
   * The end of the path, a test for each segment. `**` is any number of segments, none included. Whatever may stand before,
   * but for a template with a slash in front, which is the whole path.
   */
  readonly path: string
  /** The content types, where the path is too common to prove anything. */
  readonly types?: readonly string[]
  readonly slash?: true
  readonly operation?: InnerOperation
}

const JSON_TYPE = ['application/json']
const MULTIPART = ['multipart/form-data']
const PYPI_TYPE = ['application/vnd.pypi.upload.v2+json']
/** The content types without which some shapes prove nothing. */
export const PACKAGE_TYPES: readonly string[] = [...JSON_TYPE, ...MULTIPART, ...PYPI_TYPE]
// What a client of npm would send at the root of a host looks like any other API: only a name that it takes counts.
const NPM_NAME = /^[a-z0-9][a-z0-9._~-]{0,213}$/
const NPM_SCOPE = /^@[a-z0-9~-][a-z0-9._~-]*$/
const NPM_SCOPED = /^@[a-z0-9~-][a-z0-9._~-]*%2F[a-z0-9._~-]+$/
const PACKAGE_FILE =
  /\.(?:deb|udeb|dsc|changes|rpm|apk|whl|egg|gem|nupkg|snupkg|crate|conda|phar|vsix|pom|jar|war|ear|aar|module|klib)(?:\.(?:asc|sig|md5|sha1|sha256|sha512))?$/
const MAVEN_METADATA = /^maven-metadata\.xml(?:\.(?:asc|md5|sha1|sha256|sha512))?$/
const PACKAGE_KINDS =
  /^(?:alpine|arch|cargo|chef|composer|conan|conda|container|cran|debian|docker|gems|generic|go|helm|maven|npm|nuget|oci|pub|puppet|pypi|rpm|rubygems|swift|terraform|vagrant|yum)$/

/** Segments of a template that stand for more than one spelling. */
const TESTS: Readonly<Record<string, (segment: string) => boolean>> = {
  '{any}': () => true,
  '{scope}': (segment) => NPM_SCOPE.test(segment),
  '{scoped}': (segment) => NPM_SCOPED.test(segment),
  '{npm}': (segment) => NPM_NAME.test(segment),
  '{kind}': (segment) => PACKAGE_KINDS.test(segment),
  '{file}': (segment) => PACKAGE_FILE.test(segment) || MAVEN_METADATA.test(segment),
}

const [CHANGES, PUBLISHES] = [
  ['POST', 'PUT', 'PATCH', 'DELETE'],
  ['POST', 'PUT'],
]

const NPM: readonly PackageShape[] = [
  { methods: ['PUT'], path: '{scoped}', types: JSON_TYPE },
  { methods: ['PUT'], path: '{scope}/{npm}', types: JSON_TYPE },
  { methods: ['PUT'], path: 'npm/**/{npm}', types: JSON_TYPE },
  { methods: CHANGES, path: '-/package/**/dist-tags/{any}' },
  { methods: ['PUT', 'DELETE'], path: '-rev/{any}' },
  { methods: ['PUT', 'DELETE'], path: '-/npm/v1/tokens/**' },
  // `npm install` asks for advisories and goes on without an answer. The names of what one depends on leave, so that it is no
  // telemetry, which policies let go everywhere.
  ...['advisories/bulk', 'audits', 'audits/quick'].map((what): PackageShape => {
    return { methods: ['POST'], path: `-/npm/v1/security/${what}`, operation: 'metadata-write' }
  }),
]

// The same at the root of a host, and only there: `PUT /name` is how many an API changes something.
const NPM_AT_ROOT: PackageShape = { methods: ['PUT'], path: '/{npm}', types: JSON_TYPE }

/** The distribution specification of OCI, which Docker's registries speak. */
const CONTAINERS: readonly PackageShape[] = [
  { methods: ['POST'], path: 'v2/**/blobs/uploads', slash: true },
  { methods: CHANGES, path: 'v2/**/blobs/uploads/{any}' },
  { methods: ['PUT', 'DELETE'], path: 'v2/**/manifests/{any}' },
  { methods: ['DELETE'], path: 'v2/**/blobs/{any}' },
]

const LANGUAGES: readonly PackageShape[] = [
  // PyPI, and what takes its uploads; `:action=file_upload` is in the body.
  { methods: ['POST'], path: 'legacy', types: MULTIPART, slash: true },
  { methods: PUBLISHES, path: 'pypi/**', types: MULTIPART, slash: true },
  { methods: CHANGES, path: '**', types: PYPI_TYPE, slash: true },
  { methods: ['PUT'], path: 'api/v1/crates/new' },
  { methods: ['DELETE'], path: 'api/v1/crates/{any}/{any}/yank' },
  { methods: ['PUT'], path: 'api/v1/crates/{any}/{any}/unyank' },
  { methods: ['PUT', 'DELETE'], path: 'api/v1/crates/{any}/owners', operation: 'access-write' },
  { methods: ['POST'], path: 'api/v1/gems' },
  { methods: ['DELETE'], path: 'api/v1/gems/yank' },
  { methods: ['PUT'], path: 'api/v1/gems/unyank' },
  { methods: CHANGES, path: 'api/v1/gems/{any}/owners', operation: 'access-write' },
  { methods: ['PUT'], path: 'api/v2/package', slash: true },
  { methods: ['PUT'], path: 'api/v2/symbolpackage', slash: true },
  { methods: ['POST', 'DELETE'], path: 'api/v2/package/{any}/{any}' },
  { methods: ['PUT'], path: 'nuget/**', types: MULTIPART, slash: true },
  { methods: CHANGES, path: 'api/v1/publisher/upload' },
  { methods: CHANGES, path: 'packages/{any}/releases/**' },
  { methods: ['POST'], path: 'api/packages/versions/newUpload' },
  { methods: ['POST'], path: 'api/scopes/{any}/packages/{any}/versions/{any}' },
  { methods: ['POST'], path: 'api/v1/pods' },
  { methods: ['DELETE', 'PATCH'], path: 'api/v1/pods/{any}/{any}' },
  { methods: ['POST'], path: 'api/1/{any}/upload' },
  { methods: ['POST'], path: 'api/1/{any}/upload_rock/{any}' },
  { methods: ['POST'], path: 'api/channels/{any}/files', slash: true },
  { methods: ['POST'], path: 'api/channels/{any}/upload/{any}' },
  { methods: ['POST'], path: 'api/-/publish' },
  { methods: ['POST'], path: 'api/charts' },
  { methods: ['POST'], path: 'api/prov' },
  { methods: ['DELETE'], path: 'api/charts/{any}/{any}' },
  { methods: CHANGES, path: 'v2/conans/**/files/{any}' },
  { methods: CHANGES, path: 'v2/conans/**/revisions/{any}' },
  { methods: CHANGES, path: 'v1/conans/**/upload_urls' },
  { methods: ['DELETE'], path: 'v1/conans/**' },
  // Debian's and RPM's repositories, Maven's, and plain stores of artifacts: a file is put under its name.
  { methods: ['PUT', 'DELETE'], path: '{file}' },
]

/** Artifactory, Nexus, GitLab and Gitea, each with packages of every kind below a path of its own. */
const MANAGERS: readonly PackageShape[] = [
  { methods: CHANGES, path: 'artifactory/api/{kind}/**', slash: true },
  { methods: ['PUT', 'DELETE'], path: 'artifactory/{any}/{any}/**' },
  { methods: CHANGES, path: 'repository/{any}/{any}/**', slash: true },
  { methods: ['POST'], path: 'repository/{any}', types: MULTIPART, slash: true },
  { methods: ['POST'], path: 'service/rest/v1/components' },
  { methods: ['DELETE'], path: 'service/rest/v1/components/{any}' },
  { methods: CHANGES, path: 'api/packages/{any}/{kind}/**', slash: true },
  { methods: CHANGES, path: 'api/v4/projects/{any}/packages/{kind}/**', slash: true },
]

interface CompiledShape {
  readonly shape: PackageShape
  readonly whole: boolean
  readonly before: readonly ((segment: string) => boolean)[]
  /** Behind `**`; null where the template has none. */
  readonly after: readonly ((segment: string) => boolean)[] | null
}

const SHAPES = [...NPM, ...CONTAINERS, ...LANGUAGES, ...MANAGERS].map(compileShape)
const SHAPES_WITH_ROOT = [...SHAPES, compileShape(NPM_AT_ROOT)]

export interface PackageMatch {
  readonly operation: InnerOperation
  readonly route: string
}

/** Null where the request has no shape of a package's. */
export function recognisePackage(request: PackageRequest): PackageMatch | null {
  const found = (request.rootIsPackage ? SHAPES_WITH_ROOT : SHAPES).find(({ shape, ...compiled }) => {
    if (!shape.methods.includes(request.method)) return false
    if (request.trailingSlash && shape.slash !== true) return false
    if (shape.types !== undefined && !mayBeOfType(request.contentType, shape.types)) return false
    return matches(compiled, request.segments)
  })
  if (found === undefined) return null
  const { operation = 'package-publish', path } = found.shape
  return { operation, route: found.whole ? path : `/**/${path}` }
}

function compileShape(shape: PackageShape): CompiledShape {
  const whole = shape.path.startsWith('/')
  const parts = (whole ? shape.path.slice(1) : shape.path).split('/')
  const rest = parts.indexOf('**')
  const compile = (part: string): ((segment: string) => boolean) => TESTS[part] ?? ((segment) => segment === part)
  return {
    shape,
    whole,
    before: (rest === -1 ? parts : parts.slice(0, rest)).map(compile),
    after: rest === -1 ? null : parts.slice(rest + 1).map(compile),
  }
}

function matches({ whole, before, after }: Omit<CompiledShape, 'shape'>, segments: Segments): boolean {
  const tail = segments.length - (after?.length ?? 0)
  if (after !== null && !fits(after, segments, tail)) return false
  const last = tail - before.length
  const first = after === null ? last : 0
  if (last < 0 || (whole && last !== 0)) return false
  for (let at = first; at <= last; at++) if (fits(before, segments, at)) return true
  return false
}

function fits(tests: readonly ((segment: string) => boolean)[], segments: Segments, at: number): boolean {
  return at >= 0 && tests.every((test, index) => test(segments[at + index] ?? ''))
}
