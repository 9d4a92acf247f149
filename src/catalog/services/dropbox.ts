/**
 * Dropbox (its HTTP API, version 2). Nearly all of it is POST with a JSON body, reading too. What such a body carries nobody
 * vouches for, and it goes to a drive: a reading POST is a read only with nothing in it, where the question stands in a
 * header field, and a write otherwise.
 */
import { rowsFor, type ServiceEntry, signIns, webService, webSurface } from '../service-entry.ts'

const below = (prefix: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${prefix}${name}`)

const UPLOADS = [
  ...below(
    '/2/files/',
    `upload alpha/upload upload_session/start upload_session/start_batch upload_session/append upload_session/append_v2
    upload_session/append_batch upload_session/finish upload_session/finish_batch upload_session/finish_batch_v2
    paper/create paper/update save_url`,
  ),
  ...below('/2/paper/docs/', 'create update'),
  // What get_temporary_upload_link hands out.
  '/apitul/{version}/**',
]

const FILE_WRITES = below(
  '/2/files/',
  `create_folder create_folder_v2 create_folder_batch copy copy_v2 copy_batch copy_batch_v2 copy_reference/save move move_v2
  move_batch move_batch_v2 delete delete_v2 delete_batch permanently_delete restore`,
)

const SHARING = [
  ...below(
    '/2/sharing/',
    `create_shared_link create_shared_link_with_settings modify_shared_link_settings revoke_shared_link share_folder
    unshare_folder unshare_file transfer_folder mount_folder unmount_folder add_folder_member add_file_member
    update_folder_member update_file_member update_folder_policy remove_folder_member remove_file_member
    remove_file_member_2 change_file_member_access relinquish_folder_membership relinquish_file_membership
    set_access_inheritance`,
  ),
  ...below('/2/file_requests/', 'create update'),
  // Whoever has the reference takes the file into an account of his own.
  '/2/files/copy_reference/get',
]

const DOWNLOADS = [
  ...below('/2/files/', 'download download_zip export get_preview get_thumbnail get_thumbnail_v2'),
  '/2/sharing/get_shared_link_file',
]

const API = [
  // The link leads to an upload of this account, whoever uses it.
  ...rowsFor(['POST'], 'file-upload', ['/2/files/get_temporary_upload_link'], {
    announces: { in: 'json', field: 'link' },
  }),
  ...rowsFor(['POST'], 'file-upload', UPLOADS),
  ...rowsFor(['POST'], 'file-write', FILE_WRITES),
  ...rowsFor(['POST'], 'access-write', SHARING),
  ...rowsFor(['GET'], 'download', DOWNLOADS),
  ...rowsFor(['POST'], 'download', DOWNLOADS, { empty: true }),
  ...rowsFor(['POST'], 'api-read', below('/2/users/', 'get_current_account get_space_usage'), { empty: true }),
  ...signIns('/oauth2/token', '/1/oauth2/token'),
  ...rowsFor(['POST'], 'sign-in', ['/2/auth/token/revoke'], { empty: true }),
]

/** What links lead to, and what one sees of one's own: a page that shows, and takes nothing by its address. */
const PAGES = below(
  '/',
  'home/** work/** recents photos/** preview/** paper/** s/** sh/** scl/** t/** login static/**',
).concat('/')

export const DROPBOX: ServiceEntry = webService(
  'dropbox',
  'file-sharing',
  webSurface('api-read', ['dropboxapi.com', '*.dropboxapi.com', 'api.dropbox.com', 'content.dropbox.com'], API),
  // Files alone are served here, under links of Dropbox's own making.
  webSurface('download', ['*.dropboxusercontent.com'], rowsFor(['GET'], 'download', ['/**'])),
  webSurface('web-read', ['www.dropbox.com', 'dropbox.com'], rowsFor(['GET'], 'web-read', PAGES)),
  webSurface('web-read', ['*.dropbox.com', '*.dropbox-dns.com', 'db.tt']),
)
