/**
 * Google Drive (its API, versions 2 and 3), its editors and Photos. Drive's API shares a host with those of buckets and of
 * much else (`google-storage.ts`), so its rows stand there too.
 */
import { type Route, rowsFor, type ServiceEntry, WRITES, webService, webSurface } from '../service-entry.ts'

const LOCATION = { in: 'location' } as const

const FILES = ['/upload/drive/{version}/files', '/upload/drive/{version}/files/{id}']

export const DRIVE_API: readonly Route[] = [
  ...rowsFor(['POST', 'PUT', 'PATCH'], 'file-upload', FILES, {
    query: { uploadType: 'resumable' },
    announces: LOCATION,
  }),
  ...rowsFor(['POST', 'PUT', 'PATCH'], 'file-upload', ['/upload/drive/**', '/resumable/upload/drive/**']),
  ...rowsFor(WRITES, 'access-write', [
    '/drive/{version}/files/{id}/permissions/**',
    '/drive/{version}/drives/{id}/permissions/**',
    '/drive/{version}/teamdrives/{id}/permissions/**',
  ]),
  // A new revision that is published stands open to everybody.
  ...rowsFor(['PATCH', 'PUT'], 'access-write', ['/drive/{version}/files/{id}/revisions/{revision}']),
  ...rowsFor(['POST'], 'hook-add', ['/drive/{version}/files/{id}/watch', '/drive/{version}/changes/watch']),
  ...rowsFor(['POST', 'PATCH', 'PUT', 'DELETE'], 'issue-write', ['/drive/{version}/files/{id}/comments/**']),
  ...rowsFor(['POST', 'PATCH', 'PUT', 'DELETE'], 'account-write', [
    '/drive/{version}/drives/**',
    '/drive/{version}/teamdrives/**',
  ]),
  ...rowsFor(['POST', 'PATCH', 'PUT', 'DELETE'], 'file-write', [
    '/drive/{version}/files',
    '/drive/{version}/files/{id}',
    '/drive/{version}/files/{id}/copy',
    '/drive/{version}/files/{id}/parents/**',
    '/drive/{version}/files/{id}/trash',
    '/drive/{version}/files/{id}/untrash',
    '/drive/{version}/files/{id}/touch',
  ]),
  ...rowsFor(['GET'], 'download', ['/drive/{version}/files/{id}/export']),
  ...rowsFor(['GET'], 'api-read', ['/drive/{version}/**']),
]

/** A custom method stands behind a colon in the last segment: `/v1/documents/{id}:batchUpdate`. */
const EDITORS_API: readonly Route[] = [
  ...rowsFor(WRITES, 'file-write', ['/v1/documents/**', '/v4/spreadsheets/**', '/v1/presentations/**', '/v1/forms/**']),
  ...rowsFor(['GET'], 'api-read', ['/v1/documents/**', '/v4/spreadsheets/**', '/v1/presentations/**', '/v1/forms/**']),
]

const PHOTOS_API: readonly Route[] = [
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/v1/uploads']),
  // `albums/{id}:share` is told from other changes by its last segment alone, which is no word of a row.
  ...rowsFor(['POST', 'PATCH'], 'file-write', ['/v1/mediaItems', '/v1/albums', '/v1/mediaItems/{id}']),
  ...rowsFor(['GET'], 'api-read', ['/v1/**']),
]

export const GOOGLE_DRIVE: readonly ServiceEntry[] = [
  webService(
    'google-drive',
    'file-sharing',
    webSurface('api-read', ['drive.googleapis.com'], DRIVE_API),
    webSurface(
      'api-read',
      ['docs.googleapis.com', 'sheets.googleapis.com', 'slides.googleapis.com', 'forms.googleapis.com'],
      EDITORS_API,
    ),
    webSurface('download', ['drive.usercontent.google.com'], rowsFor(['GET'], 'download', ['/download'])),
    webSurface(
      'web-read',
      ['drive.google.com', 'docs.google.com', '*.googledrive.com'],
      rowsFor(['POST', 'PUT'], 'file-upload', ['/upload/**']),
    ),
  ),
  webService(
    'google-photos',
    'file-sharing',
    webSurface('api-read', ['photoslibrary.googleapis.com'], PHOTOS_API),
    webSurface(
      'web-read',
      ['photos.google.com', 'photos.app.goo.gl'],
      rowsFor(['POST', 'PUT'], 'file-upload', ['/_/upload/**']),
    ),
  ),
]
