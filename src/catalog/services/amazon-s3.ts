/**
 * Amazon S3. The other services of Amazon's stand below the same name, and their writes stay unknown: so do those of a region
 * that is not listed here, where the bucket is named by the host.
 */
import { type ServiceEntry, webService, webSurface } from '../service-entry.ts'
import { ORDERS_BY_GET, S3_BUCKET_HOST, S3_PATH_STYLE } from './s3-routes.ts'

const REGIONS = `
  us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1 mx-central-1 sa-east-1
  eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 eu-south-2
  af-south-1 il-central-1 me-central-1 me-south-1 ap-east-1 ap-east-2 ap-south-1 ap-south-2
  ap-northeast-1 ap-northeast-2 ap-northeast-3
  ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
`
  .trim()
  .split(/\s+/)

const CHINA = ['cn-north-1', 'cn-northwest-1']

const ENDPOINTS = [
  's3.amazonaws.com',
  's3-accelerate.amazonaws.com',
  's3-accelerate.dualstack.amazonaws.com',
  ...REGIONS.flatMap((region) => [
    `s3.${region}.amazonaws.com`,
    `s3-${region}.amazonaws.com`,
    `s3.dualstack.${region}.amazonaws.com`,
    `s3-fips.${region}.amazonaws.com`,
    `s3-accesspoint.${region}.amazonaws.com`,
  ]),
  ...CHINA.flatMap((region) => [`s3.${region}.amazonaws.com.cn`, `s3.dualstack.${region}.amazonaws.com.cn`]),
]

export const AMAZON_S3: ServiceEntry = webService(
  'aws-s3',
  'object-storage',
  webSurface('download', ['s3.*.amazonaws.com', 's3.*.amazonaws.com.cn', ...ENDPOINTS], S3_PATH_STYLE),
  webSurface(
    'download',
    ENDPOINTS.map((host) => `*.${host}`),
    S3_BUCKET_HOST,
  ),
  webSurface('download', ['*.amazonaws.com', '*.amazonaws.com.cn'], ORDERS_BY_GET),
)
