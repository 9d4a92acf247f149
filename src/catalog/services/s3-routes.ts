/**
 * The API of Amazon S3, and of those who answer to the same requests. The query alone tells an object's bytes from its rights:
 * whatever a server could read as asking for rights counts as that, then what could be a part of an upload.
 *
 * S3 Select reads by a POST, whose body is free text; it stays an unknown write.
 */
import { type Route, type RouteMethod, rowsFor } from '../service-entry.ts'

const CHANGES: readonly RouteMethod[] = ['PUT', 'POST', 'DELETE']

const parametersOf = (operation: 'access-write' | 'settings-write', names: string): readonly Route[] =>
  names.split(' ').flatMap((name) => rowsFor(CHANGES, operation, ['/**'], { query: { [name]: true } }))

const SUBRESOURCES: readonly Route[] = [
  // A rule of replication copies all that is put into the bucket to another one.
  ...parametersOf('access-write', 'acl policy publicAccessBlock ownershipControls cors website replication'),
  ...rowsFor(['POST', 'PUT'], 'file-upload', ['/**'], { query: { uploadId: true } }),
  ...rowsFor(['POST'], 'file-upload', ['/**'], { query: { uploads: true } }),
  ...rowsFor(['POST'], 'file-upload', ['/**'], { query: { append: true, position: true } }),
  ...rowsFor(['DELETE'], 'file-write', ['/**'], { query: { uploadId: true } }),
  ...parametersOf(
    'settings-write',
    `lifecycle versioning logging notification encryption inventory metrics analytics accelerate requestPayment object-lock
intelligent-tiering`.replace('\n', ' '),
  ),
  ...rowsFor(['POST'], 'file-write', ['/**'], { query: { delete: true } }),
  ...rowsFor(['PUT', 'DELETE'], 'metadata-write', ['/**'], { query: { tagging: true } }),
  ...rowsFor(['PUT'], 'metadata-write', ['/**'], { query: { retention: true } }),
  ...rowsFor(['PUT'], 'metadata-write', ['/**'], { query: { 'legal-hold': true } }),
  ...rowsFor(['POST'], 'metadata-write', ['/**'], { query: { restore: true } }),
]

const OBJECTS: readonly Route[] = [
  ...rowsFor(['PUT'], 'file-upload', ['/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/**']),
]

const FORM = { types: ['multipart/form-data'] }

/** The host names the bucket. */
export const S3_BUCKET_HOST: readonly Route[] = [
  ...SUBRESOURCES,
  ...rowsFor(['POST'], 'file-upload', ['/'], FORM),
  ...rowsFor(['PUT', 'DELETE'], 'account-write', ['/']),
  ...OBJECTS,
]

/** The first segment names the bucket. */
export const S3_PATH_STYLE: readonly Route[] = [
  ...SUBRESOURCES,
  ...rowsFor(['POST'], 'file-upload', ['/{bucket}'], FORM),
  ...rowsFor(['PUT', 'DELETE'], 'account-write', ['/{bucket}']),
  ...OBJECTS,
]

/** Hosts of both kinds whose names do not tell which: one segment is a new bucket or an object. */
export const S3_EITHER_STYLE: readonly Route[] = [
  ...SUBRESOURCES,
  ...rowsFor(['POST'], 'file-upload', ['/', '/{bucket}'], FORM),
  ...rowsFor(['PUT', 'DELETE'], 'account-write', ['/']),
  ...rowsFor(['PUT', 'DELETE'], 'unknown-write', ['/{either}']),
  ...OBJECTS,
]

/** Older services of Amazon's and Alibaba's take any order by GET: a message to a queue is one. */
export const ORDERS_BY_GET: readonly Route[] = rowsFor(['GET'], 'unknown-write', ['/**'], { query: { Action: true } })
