/** Box, pCloud, Yandex Disk, and drives of which only the uploads are known. */
import { describe } from 'vitest'
import { checkAnnounced } from './announced.ts'
import { checkTable } from './table.ts'

describe('Box', () => {
  checkAnnounced(`
POST   upload.box.com/api/2.0/files/upload_sessions               file-upload     session_endpoints.*
POST   upload.box.com/api/2.0/files/1/upload_sessions             file-upload     session_endpoints.*
PUT    upload.box.com/api/2.0/files/upload_sessions/A1            file-upload     -
POST   upload.box.com/api/2.0/files/upload_sessions/A1/commit     file-upload     -
POST   upload.box.com/api/2.0/files/content                       file-upload     -
POST   upload.box.com/api/2.0/files/1/content                     file-upload     -
GET    upload.box.com/api/2.0/files/upload_sessions/A1            api-read        -
POST   upload.box.com/api/2.0/files/content/                      unknown-write   -
POST   upload.box.com/api/2.0/Files/content                       unknown-write   -
POST   upload.notbox.com/api/2.0/files/content                    unknown-write   -
`)
  checkTable(
    'api.box.com',
    '',
    `
POST   /2.0/folders                    file-write       -
POST   /2.0/files/1/copy               file-write       -
DELETE /2.0/files/1                    file-write       -
PUT    /2.0/files/1?fields=shared_link access-write     -
PUT    /2.0/folders/1                  access-write     -
POST   /2.0/collaborations             access-write     -
PUT    /2.0/collaborations/1           access-write     -
POST   /2.0/webhooks                   hook-add         -
POST   /2.0/comments                   issue-write      -
POST   /2.0/users                      account-write    -
GET    /2.0/folders/0/items            api-read         -
GET    /2.0/files/1/content            download         -
POST   /oauth2/token                   sign-in          -
POST   /oauth2/tokens                  unknown-write    -
POST   /3.0/folders                    unknown-write    -
`,
  )
})

describe('pCloud', () => {
  checkTable(
    'api.pcloud.com',
    '',
    `
POST   /uploadfile?folderid=0&filename=a     file-upload      -
PUT    /uploadfile?folderid=0&filename=a     file-upload      -
GET    /uploadfile?folderid=0                file-upload      -
POST   /uploadtransfer                       file-upload      -
GET    /downloadfile?url=x                   file-upload      -
GET    /file_write?fd=1                      file-upload      -
GET    /createfolder?path=/x                 file-write       -
GET    /deletefile?fileid=1                  file-write       -
GET    /getfilepublink?fileid=1              access-write     -
POST   /sharefolder                          access-write     -
GET    /createuploadlink                     access-write     -
GET    /listfolder?folderid=0                api-read         -
GET    /getfilelink?fileid=1                 api-read         -
POST   /listfolder                           unknown-write    -
GET    /userinfo?getauth=1                   unknown-write    -
GET    /Uploadfile                           unknown-write    -
GET    /ListFolder                           unknown-write    -
GET    /listfolder/x                         unknown-write    -
`,
  )
})

describe('Yandex Disk', () => {
  checkAnnounced(`
GET    cloud-api.yandex.net/v1/disk/resources/upload?path=/a     file-upload     href
POST   cloud-api.yandex.net/v1/disk/resources/upload?url=x       file-upload     -
PUT    cloud-api.yandex.net/v1/disk/resources?path=/a            file-write      -
DELETE cloud-api.yandex.net/v1/disk/resources?path=/a            file-write      -
POST   cloud-api.yandex.net/v1/disk/resources/move               file-write      -
PUT    cloud-api.yandex.net/v1/disk/resources/publish            access-write    -
GET    cloud-api.yandex.net/v1/disk/resources?path=/             api-read        -
GET    cloud-api.yandex.net/v1/disk/resources/Upload             unknown-write   -
PUT    uploader1k.disk.yandex.net/upload-target/x                file-upload     -
GET    uploader1k.disk.yandex.net/upload-target/x                unknown-write   -
GET    downloader.disk.yandex.ru/disk/x                          download        -
`)
})

describe('drives by WebDAV', () => {
  checkTable(
    'webdav.yandex.ru',
    '',
    `
PUT       /a.txt   file-upload      -
DELETE    /a.txt   file-write       -
GET       /a.txt   download         -
PROPFIND  /        unknown-write    -
MKCOL     /x       unknown-write    -
MOVE      /a.txt   unknown-write    -
COPY      /a.txt   unknown-write    -
put       /a.txt   unknown-write    -
`,
  )
  checkAnnounced(`
PUT dav.box.com/dav/a.txt              file-upload    -
PUT webdav.pcloud.com/a.txt            file-upload    -
PUT webdav.icedrive.io/a.txt           file-upload    -
PUT webdav.opendrive.com/a.txt         file-upload    -
PUT webdav.cloud.mail.ru/a.txt         file-upload    -
PUT app.koofr.net/dav/Koofr/a.txt      file-upload    -
PUT app.koofr.net/other/a.txt          unknown-write  -
`)
})

describe('other drives', () => {
  checkAnnounced(`
POST drive-api.proton.me/drive/blocks                             file-upload     UploadLinks.*.BareURL
POST drive-api.proton.me/drive/shares/1/files                     unknown-write   -
POST eu1.storage.proton.me/storage/blocks                         file-upload     -
GET  eu1.storage.proton.me/storage/blocks/x                       download        -
POST p50-content.icloud-content.com/x                             file-upload     -
GET  cvws.icloud-content.com/B/x                                  download        -
POST www.icloud.com/x                                             unknown-write   -
POST www.mediafire.com/api/1.5/upload/resumable.php               file-upload     -
POST www.mediafire.com/api/1.5/user/get_session_token.php         sign-in         -
POST www.mediafire.com/api/1.5/user/get_session_token.php/x       unknown-write   -
POST app.koofr.net/content/api/v2/mounts/1/files/put              file-upload     -
POST dev.opendrive.com/api/v1/upload/create_file.json             file-upload     -
POST web.spideroak.com/x                                          unknown-write   -
POST gateway.internxt.com/drive/files                             unknown-write   -
`)
})
