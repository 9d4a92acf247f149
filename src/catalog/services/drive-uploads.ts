/** Where the files of well-known drives go, by the paths that their own clients send them to. */
import type { Route, RouteMethod } from '../service-entry.ts'

const UPLOADS: Readonly<Record<string, readonly RouteMethod[]>> = {
  // Dropbox.
  '/2/files/upload': ['POST'],
  '/2/files/upload_session/start': ['POST'],
  '/2/files/upload_session/append_v2': ['POST'],
  '/2/files/upload_session/finish': ['POST'],
  // Box.
  '/api/2.0/files/content': ['POST'],
  '/api/2.0/files/{id}/content': ['POST'],
  '/api/2.0/files/upload_sessions/**': ['POST', 'PUT'],
  // OneDrive: the address of an upload session.
  '/up/**': ['PUT'],
  // pCloud.
  '/uploadfile': ['POST', 'PUT'],
  // MediaFire.
  '/api/upload/**': ['POST'],
  '/api/{version}/upload/**': ['POST'],
}

// A drive's other POSTs stay unknown: its API asks and writes by the same method, and its body alone tells which.
export const DRIVE_UPLOADS: readonly Route[] = [
  ...Object.entries(UPLOADS).map(([path, methods]): Route => ({ methods, path, operation: 'file-upload' })),
  // Dropbox names the file in a header field: with nothing behind it, that is a download.
  { methods: ['POST'], path: '/2/files/download', operation: 'download', empty: true },
]
