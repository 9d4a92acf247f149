import { describe } from 'vitest'
import { checkAnnounced } from './announced.ts'
import { checkTable } from './table.ts'

describe('Google Drive', () => {
  checkTable(
    'www.googleapis.com',
    '',
    `
POST   /upload/drive/v3/files?uploadType=multipart            file-upload      -
PATCH  /upload/drive/v3/files/1?uploadType=media              file-upload      -
PUT    /upload/drive/v2/files/1?uploadType=resumable&upload_id=x  file-upload  -
POST   /upload/gmail/v1/users/me/messages/send                file-upload      -
POST   /drive/v3/files                                        file-write       -
PATCH  /drive/v3/files/1                                      file-write       -
POST   /drive/v3/files/1/copy                                 file-write       -
DELETE /drive/v3/files/1                                      file-write       -
POST   /drive/v3/files/1/permissions?sendNotificationEmail=false  access-write -
PATCH  /drive/v3/files/1/permissions/2                        access-write     -
DELETE /drive/v2/files/1/permissions/2                        access-write     -
PATCH  /drive/v3/files/1/revisions/head                       access-write     -
POST   /drive/v3/drives?requestId=x                           account-write    -
POST   /drive/v3/changes/watch                                hook-add         -
POST   /drive/v3/files/1/comments                             issue-write      -
GET    /drive/v3/files?q=x                                    api-read         -
GET    /drive/v3/files/1?alt=media                            api-read         -
GET    /drive/v3/files/1/export                               download         -
POST   /oauth2/v4/token                                       sign-in          -
POST   /oauth2/v4/token/                                      unknown-write    ?
POST   /oauth2/v1/token                                       unknown-write    -
POST   /batch/drive/v3                                        unknown-write    -
POST   /Drive/v3/files                                        unknown-write    -
POST   /drive/v3/files/                                       unknown-write    ?
POST   /drive/v3%2Ffiles                                      unknown-write    ?
`,
  )
  checkAnnounced(`
POST  www.googleapis.com/upload/drive/v3/files?uploadType=resumable            file-upload    location
POST  www.googleapis.com/upload/drive/v3/files?alt=json&uploadType=resumable   file-upload    location
PATCH www.googleapis.com/upload/drive/v3/files/1?uploadType=resumable          file-upload    location
POST  www.googleapis.com/upload/drive/v3/files?uploadType=media                file-upload    -
POST  www.googleapis.com/upload/drive/v3/files                                 file-upload    -
POST  www.googleapis.com/upload/drive/v3/files?uploadtype=resum%61ble          file-upload    location
POST  www.googleapis.com/upload/drive/v3/files?uploadType=media&uploadType=resumable  file-upload  location
POST  drive.googleapis.com/upload/drive/v3/files?uploadType=resumable          file-upload    location
GET   www.googleapis.com/upload/drive/v3/files?uploadType=resumable            download       -
`)
})

describe("Google's editors and Photos", () => {
  checkAnnounced(`
POST docs.googleapis.com/v1/documents                             file-write      -
POST docs.googleapis.com/v1/documents/1:batchUpdate               file-write      -
POST sheets.googleapis.com/v4/spreadsheets/1/values/A1:append     file-write      -
GET  sheets.googleapis.com/v4/spreadsheets/1                      api-read        -
POST docs.googleapis.com/v2/documents                             unknown-write   -
POST photoslibrary.googleapis.com/v1/uploads                      file-upload     -
POST photoslibrary.googleapis.com/v1/mediaItems:batchCreate       unknown-write   -
GET  photoslibrary.googleapis.com/v1/albums                       api-read        -
POST photos.google.com/_/upload/uploadmedia/interactive           file-upload     -
POST docs.google.com/upload/photos/resumable                      file-upload     -
POST docs.google.com/document/d/1/save                            unknown-write   -
GET  drive.usercontent.google.com/download?id=1                   download        -
GET  drive.google.com/file/d/1/view                               unknown-write   -
`)
})
