/** The forms of package tools, buckets, drives, chats and models: to the byte, for whom, and with nothing in them that a message could add. */
import { describe, expect, it } from 'vitest'
import type { Asker } from '../../../src/proxy/refusals/form.ts'
import { renderRefusal } from '../../../src/proxy/refusals/forms.ts'
import { HOSTILE, makeAsker, makeRefusal } from './asker.ts'

const SAID = 'weir: Push to acme instead. (event 0123456789abc)'
const JSON_TYPE = 'application/json; charset=utf-8'
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
const S3 = `${XML}<Error><Code>AccessDenied</Code><Message>${SAID}</Message><RequestId>0123456789abc</RequestId><HostId>weir</HostId></Error>\n`
const NPM = `{"error":"${SAID}","message":"${SAID}","code":"E_REFUSED","event":"0123456789abc"}\n`
const OCI = `{"errors":[{"code":"DENIED","message":"${SAID}","detail":{"event":"0123456789abc"}}]}\n`
const GOOGLE = `{"error":{"code":403,"message":"${SAID}","status":"PERMISSION_DENIED","errors":[{"domain":"global","reason":"forbidden","message":"${SAID}"}]}}\n`
const GRAPH = `{"error":{"code":"accessDenied","message":"${SAID}","innerError":{"request-id":"0123456789abc"}}}\n`
const AI = `{"type":"error","error":{"type":"permission_error","message":"${SAID}","param":null,"code":"refused_by_weir"},"message":"${SAID}","request_id":"0123456789abc"}\n`
const DAV = `${XML}<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:m="http://apache.org/dav/xmlns"><s:exception>Weir\\Refused</s:exception><s:message>${SAID}</s:message><m:human-readable errcode="403">${SAID}</m:human-readable></d:error>\n`
const DROPBOX = `{"error_summary":"${SAID}","error":{".tag":"other"},"user_message":{"locale":"en","text":"${SAID}"}}\n`
const BOX = `{"type":"error","status":403,"code":"access_denied","message":"${SAID}","request_id":"0123456789abc"}\n`
const AZURE = `${XML}<Error><Code>AuthorizationFailure</Code><Message>${SAID}</Message></Error>\n`
const LFS = `{"message":"${SAID}","request_id":"0123456789abc"}\n`
const HUB = ['X-Error-Message', SAID]

type Row = readonly [string, Partial<Asker>, contentType: string, body: string, fields?: readonly string[]]

const FORMS: readonly Row[] = [
  [
    'git-lfs at a second hop',
    { userAgent: 'git-lfs/3.3.0 (GitHub; linux amd64)' },
    'application/vnd.git-lfs+json',
    LFS,
  ],
  ['an upload that LFS announced', { operation: 'lfs-upload' }, 'application/vnd.git-lfs+json', LFS],
  ['npm', { userAgent: 'npm/11.6.2 node/v24.11.1 linux x64 workspaces/false' }, JSON_TYPE, NPM],
  ['pnpm', { userAgent: 'pnpm/9.1.0 npm/? node/v20.1.0 linux x64' }, JSON_TYPE, NPM],
  ['yarn', { userAgent: 'yarn/1.22.22 npm/? node/v20.1.0 linux x64' }, JSON_TYPE, NPM],
  ['bun', { userAgent: 'Bun/1.1.0' }, JSON_TYPE, NPM],
  ['cargo', { userAgent: 'cargo/1.95.0 (f2d3ce0bd 2026-03-21)' }, JSON_TYPE, `{"errors":[{"detail":"${SAID}"}]}\n`],
  ['an old cargo', { userAgent: 'cargo 1.66.0' }, JSON_TYPE, `{"errors":[{"detail":"${SAID}"}]}\n`],
  ...[
    'pip/23.0.1 {"ci":null}',
    'twine/4.0.2 CPython/3.11.2',
    'uv/0.5.1',
    'RubyGems/3.3.15 x86_64-linux Ruby/3.1.2',
    'bundler/2.3.15',
    'Apache-Maven/3.8.7 (Java 17)',
    'Gradle/8.5',
    'NuGet Command Line/6.0',
    'Wget/1.21.3',
  ].map(
    (userAgent): Row => [userAgent, { userAgent, accept: 'text/html, */*' }, 'text/plain; charset=utf-8', `${SAID}\n`],
  ),
  [
    'a webhook of Slack',
    { service: 'slack-webhooks', host: 'hooks.slack.com' },
    'text/plain; charset=utf-8',
    `${SAID}\n`,
  ],
  ['an image registry', { target: '/v2/' }, JSON_TYPE, OCI],
  ['an image’s layers', { target: '/v2/acme/app/blobs/uploads/' }, JSON_TYPE, OCI],
  ['an image’s manifest', { target: '/v2/app/manifests/latest' }, JSON_TYPE, OCI],
  ['the Hub', { host: 'huggingface.co' }, JSON_TYPE, `{"error":"${SAID}"}\n`, HUB],
  ['the Hub elsewhere', { userAgent: 'unknown/None; hf_hub/0.20.1' }, JSON_TYPE, `{"error":"${SAID}"}\n`, HUB],
  ['a signed request to a bucket', { signedFor: 's3' }, 'application/xml', S3],
  ['a bucket of Amazon', { service: 'aws-s3', host: 'acme.s3.eu-central-1.amazonaws.com' }, 'application/xml', S3],
  ['a bucket of another maker', { service: 'wasabi', host: 's3.wasabisys.com' }, 'application/xml', S3],
  ['Google’s buckets', { service: 'google-storage', host: 'storage.googleapis.com' }, 'application/xml', S3],
  [
    'Google’s buckets by JSON',
    { service: 'google-storage', host: 'storage.googleapis.com', target: '/upload/storage/v1/b/acme/o' },
    JSON_TYPE,
    GOOGLE,
  ],
  ['Google Drive', { host: 'www.googleapis.com', target: '/upload/drive/v3/files' }, JSON_TYPE, GOOGLE],
  [
    'another service of AWS',
    { signedFor: 'dynamodb' },
    'application/x-amz-json-1.1',
    `{"__type":"AccessDeniedException","message":"${SAID}"}\n`,
    ['X-Amzn-ErrorType', 'AccessDeniedException'],
  ],
  [
    'another service of AWS, by a form',
    { signedFor: 'sts', contentType: 'application/x-www-form-urlencoded; charset=utf-8' },
    'text/xml',
    `${XML}<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${SAID}</Message></Error><RequestId>0123456789abc</RequestId></ErrorResponse>\n`,
  ],
  [
    'Azure Storage',
    { service: 'azure-storage' },
    'application/xml',
    AZURE,
    ['x-ms-error-code', 'AuthorizationFailure'],
  ],
  [
    'an Azure queue',
    { host: 'acme.queue.core.windows.net' },
    'application/xml',
    AZURE,
    ['x-ms-error-code', 'AuthorizationFailure'],
  ],
  ['Microsoft Graph', { host: 'graph.microsoft.com', target: '/v1.0/me' }, JSON_TYPE, GRAPH],
  ['OneDrive', { service: 'onedrive', host: 'api.onedrive.com' }, JSON_TYPE, GRAPH],
  ['an upload session of OneDrive', { service: 'onedrive', target: '/up/fe6987' }, JSON_TYPE, GRAPH],
  ['SharePoint', { service: 'sharepoint', target: '/sites/a/_api/v2.0/drive' }, JSON_TYPE, GRAPH],
  ['Dropbox', { service: 'dropbox', host: 'content.dropboxapi.com' }, JSON_TYPE, DROPBOX],
  ['Box', { service: 'box', host: 'upload.box.com' }, JSON_TYPE, BOX],
  ['Slack', { service: 'slack', target: '/api/files.upload' }, JSON_TYPE, `{"ok":false,"error":"${SAID}"}\n`],
  ['Discord', { service: 'discord', target: '/api/webhooks/1/x' }, JSON_TYPE, `{"message":"${SAID}","code":0}\n`],
  [
    'Telegram',
    { host: 'api.telegram.org', target: '/bot1:x/sendDocument' },
    JSON_TYPE,
    `{"ok":false,"error_code":403,"description":"${SAID}"}\n`,
  ],
  ['a model', { category: 'ai', host: 'api.openai.com' }, JSON_TYPE, AI],
  ['WebDAV by its method', { method: 'PROPFIND' }, 'text/xml; charset=utf-8', DAV],
  ['WebDAV by its path', { method: 'PUT', target: '/remote.php/webdav/a' }, 'text/xml; charset=utf-8', DAV],
]

const NAMED = FORMS.map((row) => [row[0], row] as const)

const WORDS = `${HOSTILE} ünï 😀 \ud800`

function render(asker: Partial<Asker>, fields: Parameters<typeof makeRefusal>[0] = {}) {
  return renderRefusal(makeRefusal(fields), makeAsker(asker))
}

describe('the form', () => {
  it.each(NAMED)('for %s', (_, [, asker, contentType, body, fields]) => {
    const expected = { status: 403, contentType, body }
    expect(render(asker)).toEqual(fields === undefined ? expected : { ...expected, fields })
  })

  it.each(NAMED)('has a hostile message as one text: %s', (_, [, asker, contentType]) => {
    const { body, fields = [] } = render(asker, { message: WORDS })
    const text = String(body)
    expect(text).toContain('0123456789abc')
    for (const field of fields) expect(field).toMatch(/^[\x20-\x7e]{1,300}$/)
    if (contentType.includes('json')) {
      expect(shapeOf(JSON.parse(text))).toEqual(shapeOf(JSON.parse(String(render(asker).body))))
      expect(text).toContain(JSON.stringify(`weir: ${WORDS} (event 0123456789abc)`))
    } else if (contentType.includes('xml')) {
      expect(text.match(/<[^>]*>/g)).toEqual(String(render(asker).body).match(/<[^>]*>/g))
      expect(text).toContain(
        '&lt;script&gt;alert(&quot;&amp;&apos;&quot;)&lt;/script&gt;&#13;\nX-Injected: 1&#13;\n&#13;\n\ufffd[2J\u2028&quot;} ünï 😀 \ufffd',
      )
    } else {
      expect(text).toBe(`weir: ${WORDS} (event 0123456789abc)\n`)
    }
  })

  it.each(NAMED)('keeps the status of the denial or failure: %s', (_, [, asker]) => {
    for (const status of [400, 403, 413, 421, 502]) expect(render(asker, { status }).status).toBe(status)
  })
})

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
}

describe('the code beside the sentence', () => {
  it.each([
    ['a bucket', { signedFor: 's3' }, 413, '<Code>EntityTooLarge<'],
    ['a bucket', { signedFor: 's3' }, 502, '<Code>ServiceUnavailable<'],
    ['Azure Storage', { service: 'azure-storage' }, 413, '<Code>RequestBodyTooLarge<'],
    ['Azure Storage', { service: 'azure-storage' }, 502, '<Code>ServerBusy<'],
    ['an image registry', { target: '/v2/' }, 502, '"code":"UNAVAILABLE"'],
    ['Google', { host: 'www.googleapis.com' }, 502, '"reason":"backendError"'],
    ['a model', { category: 'ai' as const }, 502, '"type":"api_error"'],
  ])('tells %s what the %s of %i means', (_, asker, status, part) => {
    expect(String(render(asker, { status }).body)).toContain(part)
  })
})

describe('a person with a browser', () => {
  const BROWSER = { accept: 'text/html,*/*;q=0.8', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0' }

  it.each<[string, Partial<Asker>]>([
    ['Dropbox', { service: 'dropbox', host: 'www.dropbox.com' }],
    ['a bucket', { service: 'aws-s3', host: 'acme.s3.amazonaws.com' }],
    ['a model', { category: 'ai', host: 'chatgpt.com' }],
    ['the Hub', { host: 'huggingface.co', target: '/acme' }],
    ['a page below /v2/', { target: '/v2/guide/tags/new' }],
    ['Google', { host: 'storage.googleapis.com' }],
  ])('gets the page at %s', (_, asker) => {
    expect(render({ ...asker, ...BROWSER }).contentType).toBe('text/html; charset=utf-8')
  })
})

describe('problem details', () => {
  it.each<[string, Partial<Asker>]>([
    ['curl', { userAgent: 'curl/7.88.1' }],
    ['who only mentions npm', { userAgent: 'mynpm/1.0' }],
    ['who is called like git-lfs', { userAgent: 'x git-lfs/3' }],
    ['who begins as pip does', { userAgent: 'pipeline/1' }],
    ['a page of Slack', { service: 'slack', target: '/messages' }],
    ['Dropbox’s pages', { service: 'dropbox', host: 'www.dropbox.com' }],
    ['Box’s pages', { service: 'box', host: 'app.box.com' }],
    ['SharePoint’s pages', { service: 'sharepoint', target: '/sites/a' }],
    ['Discord’s pages', { service: 'discord', target: '/channels' }],
    ['another host of Amazon', { service: 'aws-s3', host: 'lambda.eu-central-1.amazonaws.com' }],
    ['Backblaze’s own API', { service: 'backblaze-b2', target: '/b2api/v2/b2_list_buckets' }],
    ['a host that ends as Google’s does', { host: 'evilgoogleapis.com' }],
    ['a host that ends as the Hub does', { host: 'notsohf.co' }],
    ['an API at version 2', { target: '/v2/users' }],
    ['WebDAV in the query', { target: '/x?y=/remote.php/dav/' }],
  ])('are for %s', (_, asker) => {
    expect(render(asker).contentType).toBe('application/problem+json')
  })
})
