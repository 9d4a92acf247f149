import { describe, expect, it } from 'vitest'
import { serviceOf } from '../../../src/catalog/catalog.ts'
import { CATALOG, host } from '../classified.ts'
import { checkAnnounced } from './announced.ts'
import { checkTable } from './table.ts'

describe('Microsoft Graph', () => {
  checkTable(
    'graph.microsoft.com',
    '',
    `
PUT    /v1.0/me/drive/root:/Documents/a.txt:/content            file-upload      -
PUT    /v1.0/me/drive/items/01ABC:/a%20b.txt:/content           file-upload      -
PUT    /v1.0/drives/b!x/items/01ABC/content                     file-upload      -
PUT    /v1.0/drives/b!x/items/01ABC/Content                     file-upload      -
POST   /v1.0/drives/b!x/items/01ABC/createLink                  access-write     -
POST   /v1.0/drives/b!x/items/01ABC/microsoft.graph.createLink  access-write     -
POST   /v1.0/drives/b!x/items/01ABC/CREATELINK                  access-write     -
POST   /v1.0/drives/b!x/root:/a.txt:/invite                     access-write     -
PATCH  /v1.0/drives/b!x/items/01ABC/permissions/2               access-write     -
DELETE /v1.0/drives/b!x/items/01ABC/permissions/2               access-write     -
POST   /v1.0/me/drive/root/children                             file-write       -
POST   /v1.0/me/drive/items/01ABC/copy                          file-write       -
PATCH  /v1.0/me/drive/items/01ABC                               file-write       -
DELETE /v1.0/drives/b!x/items/01ABC                             file-write       -
POST   /v1.0/subscriptions                                      hook-add         -
GET    /v1.0/me                                                 api-read         -
GET    /v1.0/me/drive/root/children                             api-read         -
GET    /v1.0/me/drive/items/01ABC/content                       download         -
GET    /v2.0/me                                                 unknown-write    -
POST   /v1.0/$batch                                             unknown-write    -
POST   /v1.0/me/sendMail                                        unknown-write    -
PUT    /v1.0/me/drive/root:/a.txt:/content/                     unknown-write    ?
PUT    /v1.0/me/drive/root:/a.txt:/contents                     unknown-write    -
PUT    /v1.0/me/drive/root:/a.txt:%2Fcontent                    unknown-write    ?
`,
  )
  checkAnnounced(`
POST graph.microsoft.com/v1.0/me/drive/root:/a.zip:/createUploadSession                 file-upload     uploadUrl
POST graph.microsoft.com/v1.0/drives/b!x/items/1:/a.zip:/microsoft.graph.createUploadSession  file-upload  uploadUrl
POST graph.microsoft.com/v1.0/drives/b!x/items/1/createuploadsession                    file-upload     uploadUrl
GET  graph.microsoft.com/v1.0/me/drive/root:/a.zip:/createUploadSession                 api-read        -
POST api.onedrive.com/v1.0/drive/root:/a.zip:/upload.createSession                      file-upload     uploadUrl
POST acme-my.sharepoint.com/_api/v2.0/drives/b!x/root:/a.zip:/createUploadSession       file-upload     uploadUrl
`)
})

describe('OneDrive and SharePoint', () => {
  checkAnnounced(`
PUT    x1.up.1drv.com/up/fe6987415ace7X4e1eF866337                          file-upload     -
DELETE x1.up.1drv.com/up/fe6987415ace7X4e1eF866337                          file-write      -
GET    x1.up.1drv.com/up/fe6987415ace7X4e1eF866337                          unknown-write   -
PUT    my.microsoftpersonalcontent.com/personal/1/_api/v2.0/drives/b!x/items/1/uploadSession?guid=x  file-upload  -
PUT    acme-my.sharepoint.com/personal/ada/_api/v2.0/drives/b!x/items/1/uploadSession?guid=x         file-upload  -
POST   acme.sharepoint.com/sites/x/_api/web/GetFolderByServerRelativeUrl('/Docs')/Files/add(url='a',overwrite=true)  file-upload  -
PUT    acme.sharepoint.com/sites/x/Shared%20Documents/a.txt                 file-upload     -
DELETE acme.sharepoint.com/sites/x/Shared%20Documents/a.txt                 file-write      -
POST   acme.sharepoint.com/sites/x/_api/SP.Web.ShareObject                  access-write    -
POST   acme.sharepoint.com/sites/x/_vti_bin/client.svc/ProcessQuery         unknown-write   -
MKCOL  acme.sharepoint.com/sites/x/new                                      unknown-write   -
GET    acme.sharepoint.com/sites/x                                          unknown-write   -
GET    onedrive.live.com/?id=1                                              unknown-write   -
`)

  it('leave the hosts of signing in alone', () => {
    for (const name of ['login.microsoftonline.com', 'login.live.com', 'accounts.google.com', 'oauth2.googleapis.com'])
      expect(serviceOf(CATALOG, host(name))).toBeNull()
  })
})
