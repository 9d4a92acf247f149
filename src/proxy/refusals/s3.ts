/** The error document of S3 (Amazon S3 API Reference, "REST Error Responses"), which buckets of other makers share. */
import { type Asker, type RefusalForm, sentenceOf } from './form.ts'
import { escapeXml, renderXml } from './xml.ts'

const BUCKETS: ReadonlySet<string | null> = new Set([
  'cloudflare-r2',
  'backblaze-b2',
  'digitalocean-spaces',
  'wasabi',
  'linode-objects',
  'vultr-objects',
  'storj',
  'alibaba-oss',
  'tencent-cos',
  'scaleway-storage',
])

export const s3Form: RefusalForm = {
  id: 's3',
  render(refusal, asker) {
    if (!isBucket(asker)) return null
    const { status, eventId } = refusal
    const code = status === 413 ? 'EntityTooLarge' : status < 500 ? 'AccessDenied' : 'ServiceUnavailable'
    const message = `<Message>${escapeXml(sentenceOf(refusal))}</Message>`
    const request = `<RequestId>${escapeXml(eventId)}</RequestId><HostId>weir</HostId>`
    return renderXml(status, `<Error><Code>${code}</Code>${message}${request}</Error>`)
  },
}

function isBucket({ signedFor, service, host, target }: Asker): boolean {
  if (signedFor !== null) return signedFor === 's3'
  if (service === 'aws-s3') return /(?:^|\.)s3[.-]/.test(host)
  if (service === 'google-storage') return isXmlApi(host, target)
  // Backblaze's own API is JSON, below /b2api.
  return BUCKETS.has(service) && !target.startsWith('/b2api/')
}

/** Google's buckets have a JSON API too; the rest of the host is the XML API (Cloud Storage, "Request endpoints"). */
function isXmlApi(host: string, target: string): boolean {
  if (!/(?:^|\.)storage\.googleapis\.com$/.test(host)) return false
  return !/^\/(?:(?:upload|download|resumable\/upload)\/)?storage\/|^\/batch\//.test(target)
}
