/**
 * OneDrive, SharePoint and Microsoft Graph. Graph serves all of Microsoft 365, and files among it: it stands with the drives,
 * for what a policy closes there must not go on by their API. Signing in has hosts of its own, and they are not here.
 *
 * A path to a file stands between colons: `/me/drive/root:/a/b.txt:/content`. Actions may be written with their namespace, and
 * in any case.
 */
import { type Route, rowsFor, type ServiceEntry, WRITES, webService, webSurface } from '../service-entry.ts'

const actions = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [`/**/${name}`, `/**/microsoft.graph.${name}`, `/**/oneDrive.${name}`, `/**/action.${name}`])

const SESSION = { in: 'json', field: 'uploadUrl' } as const

const DRIVE_ITEMS: readonly Route[] = [
  ...rowsFor(['POST'], 'file-upload', [...actions('createUploadSession'), '/**/upload.createSession'], {
    announces: SESSION,
  }),
  ...rowsFor(WRITES, 'access-write', [
    ...actions('createLink', 'invite', 'grant'),
    '/**/permissions',
    '/**/permissions/{id}',
    '/**/permissions/{id}/{action}',
  ]),
  ...rowsFor(['PUT', 'PATCH', 'POST'], 'file-upload', ['/**/content', '/**/contentStream', '/**/uploadSession']),
  ...rowsFor(['POST'], 'file-write', [...actions('copy', 'checkin', 'checkout', 'restore'), '/**/children']),
  ...rowsFor(['PATCH', 'PUT', 'DELETE'], 'file-write', ['/**/items/{id}', '/**/children/{id}']),
  ...rowsFor(['GET'], 'download', ['/**/content']),
]

const GRAPH: readonly Route[] = [
  ...DRIVE_ITEMS,
  ...rowsFor(['POST', 'PATCH', 'DELETE'], 'hook-add', ['/{version}/subscriptions/**']),
  ...rowsFor(['GET'], 'api-read', ['/v1.0/**', '/beta/**']),
]

const SHAREPOINT_API: readonly Route[] = [
  ...DRIVE_ITEMS,
  // `Files/add(url='a.txt',overwrite=true)`, and what adds in another way.
  ...rowsFor(['POST'], 'file-upload', ['/**/files/{call}', '/**/AttachmentFiles/{call}']),
  ...rowsFor(WRITES, 'access-write', [
    '/**/ShareLink',
    '/**/UnshareLink',
    '/**/ShareObject',
    '/**/SP.Web.ShareObject',
    '/**/SP.Sharing.DocumentSharingManager.UpdateDocumentSharingInfo',
    '/**/roleassignments/{call}',
    '/**/breakroleinheritance',
  ]),
  // Its libraries are WebDAV.
  ...rowsFor(['PUT'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
]

const SESSION_HOST: readonly Route[] = [
  ...rowsFor(['PUT', 'POST', 'PATCH'], 'file-upload', ['/up/**', '/rup/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/up/**', '/rup/**']),
]

export const MICROSOFT_DRIVES: readonly ServiceEntry[] = [
  webService('microsoft-graph', 'file-sharing', {
    ...webSurface('api-read', ['graph.microsoft.com', 'graph.microsoft.us', 'dod-graph.microsoft.us'], GRAPH),
    lenient: true,
  }),
  webService(
    'onedrive',
    'file-sharing',
    { ...webSurface('api-read', ['api.onedrive.com'], GRAPH), lenient: true },
    webSurface('download', ['*.up.1drv.com'], SESSION_HOST),
    webSurface('web-read', [
      'onedrive.live.com',
      '*.onedrive.com',
      'onedrive.com',
      '1drv.ms',
      '*.1drv.com',
      'skydrive.live.com',
      'storage.live.com',
      '*.storage.live.com',
    ]),
  ),
  webService('sharepoint', 'file-sharing', {
    ...webSurface(
      'web-read',
      ['*.sharepoint.com', '*.sharepoint.us', '*.microsoftpersonalcontent.com'],
      SHAREPOINT_API,
    ),
    lenient: true,
  }),
]
