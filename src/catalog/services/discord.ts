/** Discord (docs.discord.com): webhooks, messages and files; the version in the path may be left out. */
import { knownByHost, type Route, type ServiceEntry, signIns } from '../service-entry.ts'

const CHANNEL: readonly Route[] = [
  {
    methods: ['POST'],
    path: '/channels/{channel}/attachments',
    operation: 'file-upload',
    announces: { in: 'json', field: 'attachments.*.upload_url' },
  },
  {
    methods: ['POST', 'PATCH'],
    path: '/channels/{channel}/messages/**',
    types: ['multipart/form-data'],
    operation: 'file-upload',
  },
  { methods: ['POST', 'PATCH'], path: '/channels/{channel}/messages/**', operation: 'webhook-post' },
  { methods: ['POST', 'PATCH'], path: '/channels/{channel}/threads/**', operation: 'webhook-post' },
  { methods: ['POST'], path: '/channels/{channel}/webhooks', operation: 'hook-add' },
  { methods: ['POST', 'PATCH'], path: '/interactions/**', operation: 'webhook-post' },
]

const ROUTES: readonly Route[] = ['/api', '/api/{version}'].flatMap((prefix) => [
  ...signIns(`${prefix}/auth/login`, `${prefix}/auth/mfa/totp`, `${prefix}/oauth2/token`),
  { methods: ['POST', 'PUT', 'PATCH'], path: `${prefix}/webhooks/**`, operation: 'webhook-post' },
  ...CHANNEL.map((route) => ({ ...route, path: `${prefix}${route.path}` })),
])

export const DISCORD: readonly ServiceEntry[] = [
  ...knownByHost(
    'messaging',
    {
      discord: [
        'discord.com',
        '*.discord.com',
        'discordapp.com',
        '*.discordapp.com',
        '*.discordapp.net',
        'discord.gg',
        '*.discord.gg',
      ],
    },
    ROUTES,
  ),
  ...knownByHost('messaging', { 'discord-uploads': ['discord-attachments-uploads-prd.storage.googleapis.com'] }, [
    { methods: ['POST', 'PUT'], path: '/**', operation: 'file-upload' },
  ]),
]
