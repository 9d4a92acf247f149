/** Box (its API, version 2.0). */
import { rowsFor, type ServiceEntry, signIns, webService, webSurface } from '../service-entry.ts'
import { WEBDAV } from './webdav.ts'

const SESSION = { in: 'json', field: 'session_endpoints.*' } as const

const UPLOADS = [
  ...rowsFor(['POST'], 'file-upload', ['/api/2.0/files/upload_sessions', '/api/2.0/files/{id}/upload_sessions'], {
    announces: SESSION,
  }),
  ...rowsFor(['POST'], 'file-upload', ['/api/2.0/files/content', '/api/2.0/files/{id}/content']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'file-upload', ['/api/2.0/files/upload_sessions/**']),
  ...rowsFor(['GET'], 'api-read', ['/api/2.0/files/upload_sessions/{id}', '/api/2.0/files/upload_sessions/{id}/parts']),
]

// The question whether a file would fit is an OPTIONS with a body, and a write to whoever sees no more than that.
const API = [
  // A shared link is made by a change of the file or the folder, and only the body tells which change it is.
  ...rowsFor(['PUT'], 'access-write', ['/2.0/files/{id}', '/2.0/folders/{id}', '/2.0/web_links/{id}']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'access-write', [
    '/2.0/collaborations/**',
    '/2.0/collaboration_whitelist_entries/**',
  ]),
  ...rowsFor(['POST'], 'file-write', [
    '/2.0/folders',
    '/2.0/folders/{id}',
    '/2.0/folders/{id}/copy',
    '/2.0/files/{id}',
    '/2.0/files/{id}/copy',
    '/2.0/web_links',
  ]),
  ...rowsFor(['DELETE'], 'file-write', ['/2.0/files/**', '/2.0/folders/**', '/2.0/web_links/{id}']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'issue-write', ['/2.0/comments/**', '/2.0/tasks/**']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'hook-add', ['/2.0/webhooks/**']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'account-write', ['/2.0/users/**', '/2.0/groups/**', '/2.0/invites/**']),
  ...rowsFor(['GET'], 'download', ['/2.0/files/{id}/content']),
  ...rowsFor(['GET'], 'api-read', ['/2.0/**']),
  ...signIns('/oauth2/token', '/oauth2/revoke'),
]

export const BOX: ServiceEntry = webService(
  'box',
  'file-sharing',
  webSurface('api-read', ['upload.box.com', 'upload.app.box.com'], UPLOADS),
  webSurface('api-read', ['api.box.com'], API),
  webSurface('download', ['dl.boxcloud.com'], rowsFor(['GET'], 'download', ['/**'])),
  webSurface('download', ['dav.box.com'], WEBDAV),
  webSurface('web-read', ['box.com', '*.box.com', '*.box.net', '*.boxcloud.com'], UPLOADS),
)
