/** Buckets of anyone. Some of these names serve much else: a rule on the category is a rule on all of that. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const OBJECT_STORAGE: readonly ServiceEntry[] = knownByHost(
  'object-storage',
  {
    'aws-s3': ['*.amazonaws.com', '*.amazonaws.com.cn'],
    'azure-storage': ['*.blob.core.windows.net', '*.file.core.windows.net', '*.dfs.core.windows.net'],
    'google-storage': [
      'www.googleapis.com',
      'storage.googleapis.com',
      '*.storage.googleapis.com',
      'storage.cloud.google.com',
      'firebasestorage.googleapis.com',
      '*.firebasestorage.app',
    ],
    'cloudflare-r2': ['*.r2.cloudflarestorage.com', '*.r2.dev'],
    'backblaze-b2': ['api.backblazeb2.com', '*.backblazeb2.com'],
    'digitalocean-spaces': ['*.digitaloceanspaces.com'],
    wasabi: ['*.wasabisys.com'],
    'linode-objects': ['*.linodeobjects.com'],
    'vultr-objects': ['*.vultrobjects.com'],
    storj: ['*.storjshare.io'],
    'oracle-storage': ['*.oraclecloud.com'],
    'alibaba-oss': ['*.aliyuncs.com'],
    'tencent-cos': ['*.myqcloud.com'],
    'scaleway-storage': ['*.scw.cloud'],
    'ovh-storage': ['*.cloud.ovh.net'],
    'supabase-storage': ['*.supabase.co'],
  },
  // Where Google's APIs take files: Drive's, and those of buckets.
  [{ methods: ['POST', 'PUT', 'PATCH'], path: '/upload/**', operation: 'file-upload' }],
)
