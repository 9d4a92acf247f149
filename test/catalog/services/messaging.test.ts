/** Chat: Discord, Slack, Telegram's bots and Matrix, whose messages and files leave by many methods. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'
import { checkTable } from './table.ts'

const FORM = { contentType: 'multipart/form-data; boundary=x' }

const DISCORD = `
POST   /api/webhooks/1/token                       webhook-post   -
POST   /api/webhooks/1/token?wait=true             webhook-post   -
POST   /api/v10/webhooks/1/token                   webhook-post   -
POST   /api/v10/webhooks/1/token/slack             webhook-post   -
PATCH  /api/webhooks/1/token/messages/2            webhook-post   -
POST   /api/v9/channels/1/messages                 webhook-post   -
PATCH  /api/v9/channels/1/messages/2               webhook-post   -
POST   /api/channels/1/threads                     webhook-post   -
POST   /api/v9/channels/1/attachments              file-upload    -
POST   /api/v10/channels/1/webhooks                hook-add       -
POST   /api/v9/auth/login                          sign-in        -
POST   /api/v9/auth/login/                         unknown-write  ?
POST   /api/v9/auth/Login                          unknown-write  -
POST   /api/v9/users/@me                           unknown-write  -
POST   /webhooks/1/token                           unknown-write  -
POST   /API/webhooks/1/token                       unknown-write  -
GET    /api/webhooks/1/token                       web-read       -
GET    /channels/@me                               web-read       -
`

const SLACK = `
POST   /api/chat.postMessage                       webhook-post   -
GET    /api/chat.postMessage?channel=c&text=x      webhook-post   -
GET    /api/chat.update?text=x                     webhook-post   -
POST   /api/files.upload                           file-upload    -
GET    /api/files.getUploadURLExternal?length=1    file-upload    -
POST   /api/files.getUploadURLExternal             file-upload    -
POST   /api/files.completeUploadExternal           file-upload    -
POST   /api/canvases.create                        paste          -
GET    /api/users.profile.set?profile=x            account-write  -
GET    /api/conversations.list                     api-read       -
GET    /api/users.info?user=u                      api-read       -
GET    /api/users.list/                            api-read       -
GET    /api/Users.list                             unknown-write  -
GET    /api/conversations.setTopic?topic=x         unknown-write  -
GET    /api/something.new?text=x                   unknown-write  -
POST   /api/conversations.list                     unknown-write  -
POST   /api/chat.PostMessage                       unknown-write  -
POST   /api/chat.postMessage/                      unknown-write  ?
POST   /api/oauth.v2.access                        sign-in        -
GET    /client/T0/C0                               web-read       -
`

const TELEGRAM = `
POST   /bot1:token/sendMessage                     webhook-post   -
GET    /bot1:token/sendMessage?chat_id=1&text=x    webhook-post   -
GET    /bot1:token/sendDocument?document=x         webhook-post   -
POST   /bot1:token/sendDocument                    webhook-post   -
POST   /bot1:token/sendmessage                     webhook-post   -
GET    /bot1:token/sendmessage?text=x              unknown-write  -
GET    /bot1:token/sendMessage/?text=x             webhook-post   -
GET    /bot1:token/send%4Dessage?text=x            webhook-post   -
GET    /bot1:token/getMe                           unknown-write  -
GET    /bot1:token/getUpdates                      unknown-write  -
POST   /bot1:token/getUpdates                      webhook-post   -
GET    /bot1:token/setWebhook?url=x                hook-add       -
GET    /file/bot1:token/documents/a.zip            download       -
GET    /File/bot1:token/documents/a.zip            unknown-write  -
GET    /                                           unknown-write  -
`

const MATRIX = `
PUT    /_matrix/client/v3/rooms/r/send/m.room.message/1  webhook-post   -
POST   /_matrix/media/v3/upload?filename=a               file-upload    -
PUT    /_matrix/media/v3/upload/acme.example/1           file-upload    -
POST   /_matrix/client/v3/login                          sign-in        -
POST   /_matrix/client/v3/login/x                        unknown-write  -
POST   /_matrix/client/v3/createRoom                     unknown-write  -
GET    /_matrix/client/v3/sync                           web-read       -
`

describe('chat', () => {
  checkTable('discord.com', '', DISCORD)
  checkTable('ptb.discord.com', '', DISCORD)
  checkTable('canary.discordapp.com', '', DISCORD)
  checkTable('slack.com', '', SLACK)
  checkTable('acme.slack.com', '', SLACK)
  checkTable('api.telegram.org', '', TELEGRAM)
  checkTable('matrix-client.matrix.org', '', MATRIX)

  it.each([
    ['POST', 'discord.com/api/v9/channels/1/messages'],
    ['POST', 'api.telegram.org/bot1:token/sendDocument'],
    ['POST', 'api.telegram.org/bot1:token/sendPhoto'],
  ])('%s %s is a file where the form may carry one', (method, url) => {
    expect(classifyUrl(method, url, FORM).operation).toBe('file-upload')
    expect(classifyUrl(method, url, { contentType: 'application/json' }).operation).toBe('webhook-post')
  })

  it.each([
    ['POST', 'hooks.slack.com/services/T0/B0/x', 'webhook-post', 'webhook'],
    ['GET', 'hooks.slack.com/services/T0/B0/x?text=x', 'unknown-write', 'webhook'],
    ['POST', 'files.slack.com/upload/v1/0a1b', 'file-upload', 'messaging'],
    ['PUT', 'discord-attachments-uploads-prd.storage.googleapis.com/a/b.zip', 'file-upload', 'messaging'],
    ['POST', 'acme.webhook.office.com/webhookb2/x', 'webhook-post', 'webhook'],
    ['POST', 'chat.googleapis.com/v1/spaces/s/messages?key=x', 'webhook-post', 'webhook'],
    ['GET', 'webhook.site/0a1b?x=1', 'unknown-write', 'webhook'],
  ])('%s %s is %s', (method, url, operation, category) => {
    const answer = classifyUrl(method, url)
    expect([answer.operation, answer.service?.category]).toEqual([operation, category])
  })

  it('says where the rest of an upload goes', () => {
    const discord = classifyUrl('POST', 'discord.com/api/v9/channels/1/attachments')
    expect(discord.announces).toEqual({ in: 'json', field: 'attachments.*.upload_url' })
    const slack = classifyUrl('GET', 'slack.com/api/files.getUploadURLExternal?length=1')
    expect(slack.announces).toEqual({ in: 'json', field: 'upload_url' })
  })

  it.each([
    'xdiscord.com',
    'discord.com.acme.example',
    'api.telegram.org.acme.example',
    'hooks.slack.com.acme.example',
  ])('is not %s', (host) => expect(classifyUrl('POST', `${host}/api/webhooks/1/token`).service).toBeNull())
})
