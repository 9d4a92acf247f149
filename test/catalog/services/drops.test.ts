/** Drops: what is put or posted there is the file. */
import { describe } from 'vitest'
import { checkAnnounced } from './announced.ts'

describe('drops take files by whatever path', () => {
  checkAnnounced(`
PUT    transfer.sh/secret.zip                    file-upload     -
GET    transfer.sh/secret.zip                    unknown-write   -
PUT    nottransfer.sh/secret.zip                 unknown-write   -
POST   0x0.st/                                   file-upload     -
POST   x0.at/                                    file-upload     -
POST   file.io/                                  file-upload     -
PUT    temp.sh/a.bin                             file-upload     -
POST   temp.sh/upload                            file-upload     -
PUT    bashupload.com/a.bin                      file-upload     -
POST   filebin.net/bin/a.bin                     file-upload     -
POST   chunk.io/                                 file-upload     -
POST   up.ufile.io/v1/upload/chunk               file-upload     -
POST   up2.1fichier.com/upload.cgi?id=1          file-upload     -
POST   fs07u.sendspace.com/upload                file-upload     -
POST   api.anonfiles.com/upload                  file-upload     -
POST   send.exploit.in/api/upload                file-upload     -
POST   send.vis.ee/api/upload                    file-upload     -
POST   tmpfiles.org/api/v1/upload                file-upload     -
PUT    oshi.at/a.bin                             file-upload     -
POST   uguu.se/upload                            file-upload     -
POST   transfer.sh/a/                            unknown-write   -
DELETE transfer.sh/a/b/token                     unknown-write   -
GET    0x0.st/?data=x                            unknown-write   -
put    transfer.sh/secret.zip                    unknown-write   -
`)
})

describe('drops with more to them', () => {
  checkAnnounced(`
POST   wetransfer.com/api/v4/transfers/link                        file-upload     -
POST   wetransfer.com/api/v4/transfers/1/files/2/part-put-url      file-upload     url
GET    wetransfer.com/api/v4/transfers/1/files/2/part-put-url      unknown-write   -
POST   wetransfer.com/api/v4/transfers/1/files/part-put-url        file-upload     -
POST   store1.gofile.io/contents/uploadfile                        file-upload     -
POST   upload.gofile.io/uploadfile                                 file-upload     -
GET    api.gofile.io/servers                                       api-read        -
GET    api.gofile.io/contents/abc?wt=x                             api-read        -
GET    store1.gofile.io/contents/abc                               unknown-write   -
PUT    api.gofile.io/contents/abc/update                           access-write    -
POST   api.gofile.io/contents/createFolder                         file-write      -
POST   api.gofile.io/accounts                                      account-write   -
PUT    pixeldrain.com/api/file/a.bin                               file-upload     -
POST   pixeldrain.com/api/file                                     file-upload     -
PUT    pixeldrain.com/api/filesystem/me/a.bin                      file-upload     -
GET    pixeldrain.com/api/file/abc                                 download        -
GET    pixeldrain.com/api/file/abc/info                            api-read        -
GET    pixeldrain.com/u/abc                                        unknown-write   -
DELETE pixeldrain.com/api/file/abc                                 file-write      -
POST   catbox.moe/user/api.php                                     file-upload     -
POST   litterbox.catbox.moe/resources/internals/api.php            file-upload     -
GET    files.catbox.moe/abc.zip                                    download        -
GET    files.catbox.moe/a/abc.zip                                  unknown-write   -
POST   files.catbox.moe/abc.zip                                    unknown-write   -
`)
})
