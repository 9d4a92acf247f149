/** Amazon S3 and those with the same API. */
import { describe, expect, it } from 'vitest'
import { classifyAnnounced } from '../../../src/catalog/classify.ts'
import { CATALOG, classifyUrl } from '../classified.ts'
import { checkAnnounced } from './announced.ts'
import { checkTable } from './table.ts'

const BUCKET_HOST = `
PUT    /dir/key                                      file-upload      -
PUT    /key?partNumber=1&uploadId=x                  file-upload      -
PUT    /key?X-Amz-Signature=x                        file-upload      -
POST   /key?uploads                                  file-upload      -
POST   /key?uploads=                                 file-upload      -
POST   /key?uploadId=x                               file-upload      -
POST   /key?upload%49d=x                             file-upload      -
DELETE /key?uploadId=x                               file-write       -
DELETE /key                                          file-write       -
POST   /?delete                                      file-write       -
PUT    /key?acl                                      access-write     -
PUT    /key?ACL                                      access-write     -
PUT    /key?%61cl                                    access-write     -
PUT    /key?x=1;acl                                  access-write     -
PUT    /key?partNumber=1&uploadId=x&acl              access-write     -
PUT    /?policy                                      access-write     -
DELETE /?publicAccessBlock                           access-write     -
PUT    /?replication                                 access-write     -
PUT    /?lifecycle                                   settings-write   -
PUT    /key?tagging                                  metadata-write   -
POST   /key?restore                                  metadata-write   -
PUT    /                                             account-write    -
DELETE /                                             account-write    -
GET    /key                                          download         -
HEAD   /key                                          download         -
GET    /?list-type=2&prefix=a                        download         -
GET    /?uploads                                     download         -
POST   /key?select&select-type=2                     unknown-write    -
POST   /                                             unknown-write    -
POST   /key                                          unknown-write    -
PATCH  /key                                          unknown-write    -
PUT    /dir/                                         unknown-write    ?
`

describe('Amazon S3 where the host names the bucket', () => {
  checkTable('bucket.s3.amazonaws.com', '', BUCKET_HOST)
  checkTable('my.bucket.s3.eu-west-1.amazonaws.com', '', BUCKET_HOST)

  it('takes a form, and nothing else, at the bucket itself', () => {
    const posted = (contentType: string, path = '/'): string =>
      classifyUrl('POST', `bucket.s3.amazonaws.com${path}`, { contentType }).operation
    expect(posted('multipart/form-data; boundary=x')).toBe('file-upload')
    expect(posted('multipart/form-data; boundary=x', '/key')).toBe('unknown-write')
    expect(posted('text/plain')).toBe('unknown-write')
  })

  it('is told before its type is known', () => {
    const head = { host: 'bucket.s3.amazonaws.com', method: 'POST', target: '/' }
    const found = classifyAnnounced(CATALOG, head).map(({ operation }) => operation)
    expect([...new Set(found)].toSorted()).toEqual(['file-upload', 'unknown-write'])
  })
})

describe('Amazon S3 where the path names the bucket', () => {
  checkTable(
    's3.us-east-1.amazonaws.com',
    '',
    `
PUT    /bucket                      account-write    -
DELETE /bucket                      account-write    -
PUT    /bucket?acl                  access-write     -
PUT    /bucket/dir/key              file-upload      -
PUT    /bucket/dir%2Fkey            file-upload      -
PUT    /bucket%2Fkey                unknown-write    ?
POST   /bucket/key?uploads          file-upload      -
POST   /bucket?delete               file-write       -
DELETE /bucket/key                  file-write       -
GET    /                            download         -
GET    /bucket?list-type=2          download         -
`,
  )
  checkAnnounced(`
PUT  s3.amazonaws.com/bucket/key                             file-upload     -
PUT  s3.nowhere-9.amazonaws.com/bucket/key                   file-upload     -
PUT  bucket.s3-accelerate.amazonaws.com/key                  file-upload     -
PUT  bucket.s3.cn-north-1.amazonaws.com.cn/key               file-upload     -
PUT  bucket.s3.nowhere-9.amazonaws.com/key                   unknown-write   -
PUT  lambda.us-east-1.amazonaws.com/2015-03-31/functions/f   unknown-write   -
GET  sqs.us-east-1.amazonaws.com/1/q?Action=SendMessage&MessageBody=x  unknown-write  -
GET  sqs.us-east-1.amazonaws.com/1/q?action=SendMessage     unknown-write   -
GET  x.execute-api.us-east-1.amazonaws.com/page             download        -
GET  bucket.s3.amazonaws.com/key?Action=x                   download        -
POST sts.amazonaws.com/                                      unknown-write   -
PUT  bucket.s3.amazonaws.com.evil.example/key                unknown-write   -
`)
})

describe('the API of S3 elsewhere', () => {
  checkAnnounced(`
PUT  acct.r2.cloudflarestorage.com/bucket/key                file-upload     -
PUT  acct.r2.cloudflarestorage.com/either                    unknown-write   -
PUT  acct.r2.cloudflarestorage.com/bucket/key?acl            access-write    -
GET  pub-1.r2.dev/key                                        download        -
PUT  pub-1.r2.dev/key                                        unknown-write   -
PUT  bucket.fra1.digitaloceanspaces.com/dir/key              file-upload     -
PUT  bucket.eu-central-1.linodeobjects.com/dir/key           file-upload     -
PUT  ewr1.vultrobjects.com/bucket/key                        file-upload     -
PUT  s3.wasabisys.com/bucket                                 account-write   -
PUT  s3.eu-central-1.wasabisys.com/bucket/key                file-upload     -
PUT  bucket.s3.eu-central-1.wasabisys.com/key                file-upload     -
PUT  iam.wasabisys.com/key                                   unknown-write   -
PUT  gateway.eu1.storjshare.io/bucket/key                    file-upload     -
PUT  bucket.gateway.storjshare.io/key                        file-upload     -
PUT  s3.fr-par.scw.cloud/bucket/key                          file-upload     -
PUT  bucket.s3.fr-par.scw.cloud/key                          file-upload     -
PUT  bucket.s3.gra.io.cloud.ovh.net/key                      file-upload     -
PUT  s3.gra.io.cloud.ovh.net/bucket/key                      file-upload     -
PUT  storage.gra.cloud.ovh.net/v1/AUTH_1/box/a.txt           file-upload     -
POST storage.gra.cloud.ovh.net/v1/AUTH_1/box                 access-write    -
PUT  bucket.oss-cn-hangzhou.aliyuncs.com/key                 file-upload     -
POST bucket.oss-cn-hangzhou.aliyuncs.com/key?append&position=0  file-upload  -
GET  ecs.aliyuncs.com/?Action=RunCommand&x=y                 unknown-write   -
POST ecs.aliyuncs.com/                                       unknown-write   -
PUT  bucket-1250000000.cos.ap-guangzhou.myqcloud.com/key     file-upload     -
PUT  objectstorage.eu-zurich-1.oraclecloud.com/n/ns/b/box/o/a.txt  file-upload  -
PUT  objectstorage.eu-zurich-1.oraclecloud.com/p/tok/n/ns/b/box/o/a.txt  file-upload  -
POST objectstorage.eu-zurich-1.oraclecloud.com/n/ns/b/box/p  access-write    -
PUT  storage.bunnycdn.com/zone/a.txt                         file-upload     -
DELETE ny.storage.bunnycdn.com/zone/a.txt                    file-write      -
POST abc.supabase.co/storage/v1/object/box/a.txt             file-upload     -
POST abc.supabase.co/storage/v1/upload/resumable             file-upload     location
POST abc.supabase.co/storage/v1/object/sign/box/a.txt        access-write    -
POST abc.supabase.co/storage/v1/object/list/box              unknown-write   -
POST abc.supabase.co/rest/v1/table                           unknown-write   -
`)
})

describe('Backblaze B2', () => {
  checkAnnounced(`
POST api005.backblazeb2.com/b2api/v3/b2_get_upload_url                   file-upload     uploadUrl
GET  api005.backblazeb2.com/b2api/v3/b2_get_upload_url?bucketId=x        file-upload     uploadUrl
POST api005.backblazeb2.com/b2api/v2/b2_get_upload_part_url              file-upload     uploadUrl
POST pod-000-1005-03.backblaze.com/b2api/v3/b2_upload_file?cvt=x         file-upload     -
POST pod-000-1005-03.backblaze.com/b2api/v3/b2_upload_part?cvt=x         file-upload     -
POST api005.backblazeb2.com/b2api/v3/b2_create_key                       access-write    -
POST api005.backblazeb2.com/b2api/v3/b2_update_bucket                    access-write    -
GET  api005.backblazeb2.com/b2api/v3/b2_delete_file_version              file-write      -
POST api005.backblazeb2.com/b2api/v3/b2_list_file_names                  unknown-write   -
GET  api.backblazeb2.com/b2api/v3/b2_authorize_account                   api-read        -
GET  api005.backblazeb2.com/b2api/v3/b2_list_file_names?bucketId=x        api-read        -
GET  api005.backblazeb2.com/b2api/v3/B2_create_key                       unknown-write   -
GET  api005.backblazeb2.com/b2api/v3/b2_nobody_knows                     unknown-write   -
GET  f005.backblazeb2.com/file/bucket/key                                download        -
POST api005.backblazeb2.com/b2api/v3/B2_get_upload_url                   unknown-write   -
PUT  s3.us-west-004.backblazeb2.com/bucket/key                           file-upload     -
PUT  bucket.s3.us-west-004.backblazeb2.com/key                           file-upload     -
PUT  notbackblazeb2.com/bucket/key                                       unknown-write   -
`)
})
