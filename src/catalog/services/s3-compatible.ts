/** Buckets of other companies, by the API of S3. */
import { rowsFor, type ServiceEntry, webService, webSurface } from '../service-entry.ts'
import { ORDERS_BY_GET, S3_BUCKET_HOST, S3_EITHER_STYLE, S3_PATH_STYLE } from './s3-routes.ts'

const WASABI = `
  us-east-1 us-east-2 us-central-1 us-west-1 us-west-2 ca-central-1 eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3
  eu-south-1 ap-northeast-1 ap-northeast-2 ap-southeast-1 ap-southeast-2
`
const ALIBABA = `
  cn-hangzhou cn-shanghai cn-nanjing cn-qingdao cn-beijing cn-zhangjiakou cn-huhehaote cn-wulanchabu cn-shenzhen cn-heyuan
  cn-guangzhou cn-chengdu cn-hongkong us-west-1 us-east-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1
  ap-southeast-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 eu-central-1 eu-west-1 me-east-1
`
const SCALEWAY = 'fr-par nl-ams pl-waw it-mil'
const OVH = 'gra rbx sbg de uk waw bhs eu-west-par ca-east-tor sgp ap-southeast-syd ap-southeast-sgp'

function below(regions: string, name: (region: string) => string): readonly string[] {
  return regions.trim().split(/\s+/).map(name)
}

/** The API of OpenStack's Swift: an account, a container, an object. Who may read a container stands in a header field. */
const SWIFT = [
  ...rowsFor(['POST', 'PUT'], 'access-write', ['/v1/{account}/{container}']),
  ...rowsFor(['POST', 'DELETE'], 'account-write', ['/v1/{account}']),
  ...rowsFor(['PUT'], 'file-upload', ['/v1/{account}/{container}/**']),
  ...rowsFor(['POST'], 'metadata-write', ['/v1/{account}/{container}/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/v1/{account}/{container}/**']),
]

const ORACLE = [
  // Whoever has such an address reads or writes by it.
  ...rowsFor(['POST', 'DELETE'], 'access-write', ['/n/{namespace}/b/{bucket}/p/**']),
  ...rowsFor(['PUT'], 'file-upload', ['/n/{namespace}/b/{bucket}/o/**', '/p/{token}/n/{namespace}/b/{bucket}/o/**']),
  ...rowsFor(['POST', 'PUT'], 'file-upload', [
    '/n/{namespace}/b/{bucket}/u/**',
    '/p/{token}/n/{namespace}/b/{bucket}/u/**',
  ]),
  ...rowsFor(['DELETE'], 'file-write', ['/n/{namespace}/b/{bucket}/o/**', '/n/{namespace}/b/{bucket}/u/**']),
  ...rowsFor(['POST'], 'file-write', ['/n/{namespace}/b/{bucket}/actions/{action}']),
  ...rowsFor(['POST'], 'account-write', ['/n/{namespace}/b']),
  // Whether a bucket is open to everybody is one of its fields.
  ...rowsFor(['POST', 'DELETE'], 'access-write', ['/n/{namespace}/b/{bucket}']),
]

const BUNNY = [...rowsFor(['PUT'], 'file-upload', ['/{zone}/**']), ...rowsFor(['DELETE'], 'file-write', ['/{zone}/**'])]

const SUPABASE = [
  ...rowsFor(['POST'], 'file-upload', ['/storage/v1/upload/resumable', '/storage/v1/upload/resumable/sign'], {
    announces: { in: 'location' },
  }),
  ...rowsFor(['PATCH', 'PUT', 'POST'], 'file-upload', ['/storage/v1/upload/resumable/**']),
  // It lists by a POST with a body; to sign is to hand out.
  ...rowsFor(['POST'], 'unknown-write', ['/storage/v1/object/list/{bucket}', '/storage/v1/object/list-v2/{bucket}']),
  ...rowsFor(['POST'], 'access-write', ['/storage/v1/object/sign/**', '/storage/v1/object/upload/sign/**']),
  ...rowsFor(['POST'], 'file-write', ['/storage/v1/object/copy', '/storage/v1/object/move']),
  ...rowsFor(['PUT', 'POST'], 'file-upload', ['/storage/v1/object/**']),
  ...rowsFor(['DELETE'], 'file-write', ['/storage/v1/object/**']),
  ...rowsFor(['POST', 'PUT', 'DELETE'], 'account-write', ['/storage/v1/bucket/**']),
  ...rowsFor(['PUT'], 'file-upload', ['/storage/v1/s3/{bucket}/**']),
]

const ALIBABA_ENDPOINTS = ['oss.aliyuncs.com', 'oss-accelerate.aliyuncs.com', 'oss-accelerate-overseas.aliyuncs.com']

function eitherStyle(id: string, ...hosts: readonly string[]): ServiceEntry {
  return webService(id, 'object-storage', webSurface('download', hosts, S3_EITHER_STYLE))
}

export const S3_COMPATIBLE: readonly ServiceEntry[] = [
  webService(
    'cloudflare-r2',
    'object-storage',
    webSurface('download', ['*.r2.cloudflarestorage.com'], S3_EITHER_STYLE),
    webSurface('download', ['*.r2.dev']),
  ),
  eitherStyle('digitalocean-spaces', '*.digitaloceanspaces.com'),
  eitherStyle('linode-objects', '*.linodeobjects.com'),
  eitherStyle('vultr-objects', '*.vultrobjects.com'),
  webService(
    'wasabi',
    'object-storage',
    webSurface('download', ['s3.wasabisys.com', 's3.*.wasabisys.com'], S3_PATH_STYLE),
    webSurface(
      'download',
      ['*.s3.wasabisys.com', ...below(WASABI, (region) => `*.s3.${region}.wasabisys.com`)],
      S3_BUCKET_HOST,
    ),
    webSurface('download', ['*.wasabisys.com']),
  ),
  webService(
    'storj',
    'object-storage',
    webSurface('download', ['gateway.storjshare.io', 'gateway.*.storjshare.io'], S3_PATH_STYLE),
    webSurface('download', ['*.gateway.storjshare.io'], S3_BUCKET_HOST),
    webSurface('download', ['*.storjshare.io']),
  ),
  webService(
    'scaleway-storage',
    'object-storage',
    webSurface('download', ['s3.*.scw.cloud'], S3_PATH_STYLE),
    webSurface(
      'download',
      below(SCALEWAY, (region) => `*.s3.${region}.scw.cloud`),
      S3_BUCKET_HOST,
    ),
    webSurface('download', ['*.scw.cloud']),
  ),
  webService(
    'ovh-storage',
    'object-storage',
    webSurface('download', ['s3.*.cloud.ovh.net'], S3_PATH_STYLE),
    webSurface('download', ['storage.*.cloud.ovh.net'], SWIFT),
    webSurface(
      'download',
      [
        ...below(OVH, (region) => `*.s3.${region}.io.cloud.ovh.net`),
        ...below(OVH, (region) => `*.s3.${region}.cloud.ovh.net`),
      ],
      S3_BUCKET_HOST,
    ),
    webSurface('download', ['*.cloud.ovh.net']),
  ),
  webService(
    'alibaba-oss',
    'object-storage',
    webSurface(
      'download',
      [...below(ALIBABA, (region) => `oss-${region}.aliyuncs.com`), ...ALIBABA_ENDPOINTS].map((host) => `*.${host}`),
      S3_BUCKET_HOST,
    ),
    webSurface('download', ['*.aliyuncs.com'], ORDERS_BY_GET),
  ),
  webService('tencent-cos', 'object-storage', webSurface('download', ['*.myqcloud.com'], S3_BUCKET_HOST)),
  webService(
    'oracle-storage',
    'object-storage',
    webSurface('download', ['objectstorage.*.oraclecloud.com'], ORACLE),
    webSurface('download', ['*.oraclecloud.com']),
  ),
  webService(
    'bunny-storage',
    'object-storage',
    webSurface('download', ['storage.bunnycdn.com', '*.storage.bunnycdn.com'], BUNNY),
  ),
  webService('supabase-storage', 'object-storage', webSurface('download', ['*.supabase.co'], SUPABASE)),
]
