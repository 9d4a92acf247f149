import { describe } from 'vitest'
import { checkAnnounced, checkEmptyReads } from './announced.ts'
import { checkTable } from './table.ts'

describe('Dropbox', () => {
  checkTable(
    'content.dropboxapi.com',
    '',
    `
POST   /2/files/upload                         file-upload      -
POST   /2/files/upload_session/start           file-upload      -
POST   /2/files/upload_session/append_v2       file-upload      -
POST   /2/files/upload_session/finish          file-upload      -
POST   /2/files/upload_session/finish_batch_v2 file-upload      -
POST   /apitul/1/abc                           file-upload      -
GET    /2/files/download?arg=x                 download         -
POST   /2/files/download                       unknown-write    -
POST   /2/files/upload/                        unknown-write    ?
POST   /2/files/Upload                         unknown-write    -
POST   /2/files%2Fupload                       unknown-write    ?
POST   /2/files/upload/x                       unknown-write    -
PUT    /2/files/upload                         unknown-write    -
GET    /2/files/upload                         unknown-write    -
`,
  )
  checkTable(
    'api.dropboxapi.com',
    '',
    `
POST   /2/files/save_url                                file-upload      -
POST   /2/files/create_folder_v2                        file-write       -
POST   /2/files/move_v2                                 file-write       -
POST   /2/files/delete_v2                               file-write       -
POST   /2/sharing/create_shared_link_with_settings      access-write     -
POST   /2/sharing/add_folder_member                     access-write     -
POST   /2/sharing/share_folder                          access-write     -
POST   /2/file_requests/create                          access-write     -
POST   /2/files/copy_reference/get                      access-write     -
POST   /2/files/list_folder                             unknown-write    -
POST   /2/files/get_metadata                            unknown-write    -
POST   /2/sharing/list_shared_links                     unknown-write    -
POST   /oauth2/token                                    sign-in          -
POST   /oauth2/token/x                                  unknown-write    -
POST   /2/auth/token/revoke                             unknown-write    -
`,
  )
  checkEmptyReads([
    ['content.dropboxapi.com/2/files/download', 'download'],
    ['content.dropboxapi.com/2/files/get_thumbnail_v2', 'download'],
    ['content.dropboxapi.com/2/sharing/get_shared_link_file', 'download'],
    ['api.dropboxapi.com/2/users/get_current_account', 'api-read'],
    ['api.dropboxapi.com/2/auth/token/revoke', 'sign-in'],
  ])
  checkAnnounced(`
POST api.dropboxapi.com/2/files/get_temporary_upload_link    file-upload     link
GET  api.dropboxapi.com/2/files/get_temporary_upload_link    unknown-write   -
POST content.dropboxapi.com/2/files/upload                   file-upload     -
GET  uc1.dl.dropboxusercontent.com/cd/0/get/x                download        -
POST uc1.dl.dropboxusercontent.com/cd/0/get/x                unknown-write   -
GET  www.dropbox.com/home                                    web-read        -
GET  www.dropbox.com/                                        web-read        -
GET  dropbox.com/scl/fi/x/a.pdf?rlkey=y&dl=0                 web-read        -
HEAD www.dropbox.com/s/x/a.pdf                               web-read        -
GET  www.dropbox.com/2/files/upload                          unknown-write   -
GET  www.dropbox.com/thing-of-tomorrow                       unknown-write   -
GET  x.dropbox.com/home                                      unknown-write   -
POST www.dropbox.com/2/files/upload                          unknown-write   -
POST api.notdropboxapi.com/2/files/upload                    unknown-write   -
`)
})
