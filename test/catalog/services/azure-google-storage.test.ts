/** Buckets of Azure's and of Google's. */
import { describe } from 'vitest'
import { checkAnnounced } from './announced.ts'
import { checkTable } from './table.ts'

describe('Azure Blob', () => {
  checkTable(
    'acct.blob.core.windows.net',
    '',
    `
PUT    /box/a.txt?sv=x&sig=x                    file-upload      -
PUT    /box/a.txt?comp=block&blockid=eA==       file-upload      -
PUT    /box/a.txt?comp=blocklist                file-upload      -
PUT    /box/a.txt?comp=appendblock              file-upload      -
PUT    /box/a.txt?comp=page                     file-upload      -
PUT    /box/a.txt?comp=metadata&comp=block      file-upload      -
PUT    /box?restype=container                   access-write     -
PUT    /box?restype=container&comp=acl          access-write     -
PUT    /box/a.txt?COMP=%61cl                    access-write     -
POST   /?restype=service&comp=userdelegationkey access-write     -
PUT    /?restype=service&comp=properties        settings-write   -
PUT    /box/a.txt?comp=lease                    metadata-write   -
PUT    /box/a.txt?comp=metadata                 metadata-write   -
PUT    /box/a.txt?comp=undelete                 file-write       -
DELETE /box?restype=container                   account-write    -
DELETE /box/a.txt                               file-write       -
PUT    /box/a.txt?comp=nobodyknows              file-upload      -
GET    /box?restype=container&comp=list         download         -
GET    /box/a.txt                               download         -
POST   /?comp=batch                             unknown-write    -
POST   /box/a.txt?comp=query                    unknown-write    -
PUT    /box/a/                                  unknown-write    ?
`,
  )
  checkAnnounced(`
PUT   acct.file.core.windows.net/share/a.txt                        file-upload     -
PUT   acct.file.core.windows.net/share/a.txt?comp=range             file-upload     -
PUT   acct.file.core.windows.net/share?restype=share                account-write   -
PUT   acct.file.core.windows.net/share/dir?restype=directory        file-write      -
PUT   acct.file.core.windows.net/share?restype=share&comp=acl       access-write    -
PUT   acct.dfs.core.windows.net/fs/a.txt?resource=file              file-upload     -
PATCH acct.dfs.core.windows.net/fs/a.txt?action=append&position=0   file-upload     -
PATCH acct.dfs.core.windows.net/fs/a.txt?action=setAccessControl    access-write    -
PATCH acct.dfs.core.windows.net/fs/a.txt?action=nobodyknows         unknown-write   -
PUT   acct.dfs.core.windows.net/fs?resource=filesystem              account-write   -
PUT   acct.blob.core.windows.net.evil.example/box/a.txt             unknown-write   -
PUT   acct.blobs.core.windows.net/box/a.txt                         unknown-write   -
`)
})

describe('Google Cloud Storage', () => {
  checkAnnounced(`
POST   storage.googleapis.com/upload/storage/v1/b/box/o?uploadType=media&name=a       file-upload    -
POST   storage.googleapis.com/upload/storage/v1/b/box/o?uploadType=resumable&name=a   file-upload    location
PUT    storage.googleapis.com/upload/storage/v1/b/box/o?uploadType=resumable&upload_id=x  file-upload  location
PUT    storage.googleapis.com/box/a.txt                                  file-upload     -
POST   storage.googleapis.com/box/a.txt                                  file-upload     location
POST   storage.googleapis.com/box/a.txt?uploads                          file-upload     -
PUT    storage.googleapis.com/box/a.txt?acl                              access-write    -
PUT    storage.googleapis.com/box                                        account-write   -
POST   box.storage.googleapis.com/dir/a.txt                              file-upload     location
PUT    box.storage.googleapis.com/a.txt                                  file-upload     -
POST   storage.googleapis.com/storage/v1/b?project=p                     access-write    -
PATCH  storage.googleapis.com/storage/v1/b/box                           access-write    -
POST   storage.googleapis.com/storage/v1/b/box/o/a/acl                   access-write    -
PUT    storage.googleapis.com/storage/v1/b/box/iam                       access-write    -
POST   storage.googleapis.com/storage/v1/b/box/notificationConfigs       hook-add        -
POST   storage.googleapis.com/storage/v1/b/box/o/a/rewriteTo/b/x/o/y     file-write      -
DELETE storage.googleapis.com/storage/v1/b/box/o/a                       file-write      -
GET    storage.googleapis.com/storage/v1/b/box/o                         api-read        -
GET    storage.googleapis.com/box/a.txt                                  download        -
PUT    storage.cloud.google.com/box/a.txt                                file-upload     -
POST   firebasestorage.googleapis.com/v0/b/box/o?name=a                  file-upload     -
PATCH  firebasestorage.googleapis.com/v0/b/box/o/a                       metadata-write  -
DELETE firebasestorage.googleapis.com/v0/b/box/o/a                       file-write      -
GET    firebasestorage.googleapis.com/v0/b/box/o/a?alt=media             download        -
POST   firebasestorage.googleapis.com/v1/b/box/o                         unknown-write   -
`)
})
