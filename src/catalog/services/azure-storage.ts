/** Azure Blob, Files and Data Lake (REST): `comp` and `restype` tell what a request does, and its path what it does it to. */
import { type Route, type RouteMethod, rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'

const CHANGES: readonly RouteMethod[] = ['PUT', 'POST', 'PATCH', 'DELETE']

const comp = (
  methods: readonly RouteMethod[],
  operation: Route['operation'],
  ...values: readonly string[]
): readonly Route[] => values.flatMap((value) => rowsFor(methods, operation, ['/**'], { query: { comp: value } }))

const RIGHTS: readonly Route[] = [
  ...comp(CHANGES, 'access-write', 'acl', 'filepermission', 'userdelegationkey'),
  ...rowsFor(CHANGES, 'access-write', ['/**'], { query: { action: 'setAccessControl' } }),
  ...rowsFor(CHANGES, 'access-write', ['/**'], { query: { action: 'setAccessControlRecursive' } }),
]

const KEPT: readonly Route[] = [
  ...comp(
    ['PUT'],
    'metadata-write',
    'metadata',
    'properties',
    'tags',
    'tier',
    'lease',
    'snapshot',
    'expiry',
    'immutabilityPolicies',
    'legalhold',
    'forceclosehandles',
  ),
  ...comp(['PUT'], 'file-write', 'copy', 'undelete', 'rename', 'incrementalcopy'),
]

/** Batches and queries post free text, and stay unknown writes. */
const BLOB: readonly Route[] = [
  ...RIGHTS,
  ...comp(['PUT'], 'file-upload', 'block', 'blocklist', 'appendblock', 'page'),
  ...rowsFor(['PUT'], 'settings-write', ['/'], { query: { restype: 'service' } }),
  ...KEPT,
  // A container may be opened to everybody as it is made, and only a header field says so.
  ...rowsFor(['PUT'], 'access-write', ['/{container}'], { query: { restype: 'container' } }),
  ...rowsFor(['DELETE'], 'account-write', ['/{container}'], { query: { restype: 'container' } }),
  ...rowsFor(['PUT'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
]

const FILES: readonly Route[] = [
  ...RIGHTS,
  ...comp(['PUT'], 'file-upload', 'range'),
  ...rowsFor(['PUT'], 'settings-write', ['/'], { query: { restype: 'service' } }),
  ...KEPT,
  ...rowsFor(['PUT', 'DELETE'], 'account-write', ['/{share}'], { query: { restype: 'share' } }),
  ...rowsFor(['PUT'], 'file-write', ['/**'], { query: { restype: 'directory' } }),
  ...rowsFor(['PUT'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
]

const DATA_LAKE: readonly Route[] = [
  ...RIGHTS,
  ...rowsFor(['PATCH', 'PUT'], 'file-upload', ['/**'], { query: { action: 'append' } }),
  ...rowsFor(['PATCH', 'PUT'], 'file-upload', ['/**'], { query: { action: 'flush' } }),
  ...rowsFor(['PUT', 'DELETE'], 'account-write', ['/{filesystem}'], { query: { resource: 'filesystem' } }),
  ...KEPT,
  ...rowsFor(['PUT'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
]

const ZONES = ['core.windows.net', 'core.chinacloudapi.cn', 'core.usgovcloudapi.net']

export const AZURE_STORAGE: ServiceEntry = webService(
  'azure-storage',
  'object-storage',
  webSurface(
    'download',
    ZONES.map((zone) => `*.blob.${zone}`),
    BLOB,
  ),
  webSurface(
    'download',
    ZONES.map((zone) => `*.file.${zone}`),
    FILES,
  ),
  webSurface(
    'download',
    ZONES.map((zone) => `*.dfs.${zone}`),
    DATA_LAKE,
  ),
)
