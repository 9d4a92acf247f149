/** Backblaze B2: its own API, whose uploads go to a host that the API names, and that of S3. */
import { rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'
import { S3_BUCKET_HOST, S3_PATH_STYLE } from './s3-routes.ts'

const called = (names: string): readonly string[] => names.split(' ').map((name) => `/b2api/{version}/${name}`)

// The API reads by POST as well as by GET; a POST with a body stays an unknown write.
const API = [
  ...rowsFor(['GET', 'POST'], 'file-upload', called('b2_get_upload_url b2_get_upload_part_url'), {
    announces: { in: 'json', field: 'uploadUrl' },
  }),
  ...rowsFor(['POST'], 'file-upload', called('b2_upload_file b2_upload_part b2_start_large_file b2_finish_large_file')),
  ...rowsFor(
    ['GET', 'POST'],
    'file-write',
    called('b2_copy_file b2_copy_part b2_cancel_large_file b2_hide_file b2_delete_file_version'),
  ),
  ...rowsFor(
    ['GET', 'POST'],
    'access-write',
    // Whether a bucket is open to everybody is one of its fields.
    called('b2_create_key b2_delete_key b2_get_download_authorization b2_create_bucket b2_update_bucket'),
  ),
  ...rowsFor(['GET', 'POST'], 'account-write', called('b2_delete_bucket')),
  ...rowsFor(['GET', 'POST'], 'settings-write', called('b2_update_file_legal_hold b2_update_file_retention')),
  ...rowsFor(['GET', 'POST'], 'hook-add', called('b2_set_bucket_notification_rules')),
  ...rowsFor(
    ['GET'],
    'api-read',
    called(
      'b2_authorize_account b2_list_buckets b2_list_file_names b2_list_file_versions b2_list_keys b2_list_parts ' +
        'b2_list_unfinished_large_files b2_get_file_info b2_get_bucket_notification_rules',
    ),
  ),
  ...rowsFor(['GET'], 'download', called('b2_download_file_by_id')),
  ...rowsFor(['GET'], 'unknown-write', ['/b2api/**']),
  ...rowsFor(['POST'], 'sign-in', called('b2_authorize_account'), { empty: true }),
]

const CLUSTERS = `
  us-west-000 us-west-001 us-west-002 us-west-004 us-east-005 us-east-006 eu-central-003 ca-east-006
`
  .trim()
  .split(/\s+/)

export const BACKBLAZE_B2: ServiceEntry = webService(
  'backblaze-b2',
  'object-storage',
  webSurface('download', ['s3.*.backblazeb2.com'], S3_PATH_STYLE),
  webSurface(
    'download',
    CLUSTERS.map((cluster) => `*.s3.${cluster}.backblazeb2.com`),
    S3_BUCKET_HOST,
  ),
  // The hosts that take the bytes stand below the company's own name.
  webSurface('download', ['api.backblazeb2.com', '*.backblazeb2.com', '*.backblaze.com'], API),
)
