/**
 * Google Cloud Storage (its JSON and its XML API), Firebase's, and the host that Google's APIs share: Drive is one of them, and
 * signing in another, so that a rule on drives alone would miss it and a rule that closed it would close much else.
 */
import { type Route, rowsFor, type ServiceEntry, signIns, WRITES, webService, webSurface } from '../service-entry.ts'
import { DRIVE_API } from './google-drive.ts'
import { S3_BUCKET_HOST, S3_PATH_STYLE } from './s3-routes.ts'

const LOCATION = { in: 'location' } as const

const BUCKET = '/storage/{version}/b/{bucket}'

const JSON_API: readonly Route[] = [
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/upload/storage/{version}/b/{bucket}/o'], {
    query: { uploadType: 'resumable' },
    announces: LOCATION,
  }),
  // Files of whatever API: Drive's, those of mails and of videos.
  ...rowsFor(['POST', 'PUT', 'PATCH'], 'file-upload', ['/upload/**', '/resumable/upload/**']),
  ...rowsFor(WRITES, 'access-write', [
    `${BUCKET}/acl/**`,
    `${BUCKET}/defaultObjectAcl/**`,
    `${BUCKET}/iam/**`,
    `${BUCKET}/o/{object}/acl/**`,
    `${BUCKET}/o/{object}/iam/**`,
    '/storage/{version}/projects/{project}/hmacKeys/**',
  ]),
  ...rowsFor(['POST', 'DELETE'], 'hook-add', [`${BUCKET}/notificationConfigs/**`]),
  // Rights are fields of a bucket and of an object, and only the body tells whether they change.
  ...rowsFor(['PUT', 'PATCH'], 'access-write', [BUCKET, `${BUCKET}/o/{object}`]),
  ...rowsFor(['POST'], 'access-write', ['/storage/{version}/b']),
  ...rowsFor(['DELETE'], 'account-write', [BUCKET]),
  ...rowsFor(['POST', 'DELETE'], 'file-write', [`${BUCKET}/o/**`]),
  ...rowsFor(['GET'], 'api-read', ['/storage/{version}/b', `${BUCKET}/**`]),
]

/** The XML API takes the requests of S3, and asks for a session by a POST to the object. */
const RESUMABLE = rowsFor(['POST'], 'file-upload', ['/{bucket}/**'], { announces: LOCATION })

// The session's address stands in a field of Firebase's own, and is this one again.
const FIREBASE: readonly Route[] = [
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/v0/b/{bucket}/o', '/v0/b/{bucket}/o/{object}']),
  ...rowsFor(['PATCH'], 'metadata-write', ['/v0/b/{bucket}/o/{object}']),
  ...rowsFor(['DELETE'], 'file-write', ['/v0/b/{bucket}/o/{object}']),
]

export const GOOGLE_STORAGE: ServiceEntry = webService(
  'google-storage',
  'object-storage',
  webSurface(
    'download',
    ['www.googleapis.com', 'content.googleapis.com'],
    DRIVE_API,
    JSON_API,
    signIns('/oauth2/v3/token', '/oauth2/v4/token'),
  ),
  webSurface('download', ['storage.googleapis.com'], JSON_API, S3_PATH_STYLE, RESUMABLE),
  webSurface(
    'download',
    ['*.storage.googleapis.com'],
    S3_BUCKET_HOST,
    rowsFor(['POST'], 'file-upload', ['/{object}/**'], { announces: LOCATION }),
  ),
  webSurface('download', ['storage.cloud.google.com'], rowsFor(['PUT'], 'file-upload', ['/{bucket}/**'])),
  webSurface('download', ['firebasestorage.googleapis.com'], FIREBASE),
  webSurface('download', ['*.firebasestorage.app']),
)
