/** Buckets of anyone. Some of these names serve much else: a rule on the category is a rule on all of that. */
import type { ServiceEntry } from '../service-entry.ts'
import { AMAZON_S3 } from './amazon-s3.ts'
import { AZURE_STORAGE } from './azure-storage.ts'
import { BACKBLAZE_B2 } from './backblaze-b2.ts'
import { GOOGLE_STORAGE } from './google-storage.ts'
import { S3_COMPATIBLE } from './s3-compatible.ts'

export const OBJECT_STORAGE: readonly ServiceEntry[] = [
  AMAZON_S3,
  AZURE_STORAGE,
  GOOGLE_STORAGE,
  BACKBLAZE_B2,
  ...S3_COMPATIBLE,
]
