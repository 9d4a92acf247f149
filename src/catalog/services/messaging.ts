/** Chat services, where a webhook is one path among many. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

const DISCORD = knownByHost(
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
  [
    { methods: ['POST', 'PATCH'], path: '/api/webhooks/**', operation: 'webhook-post' },
    { methods: ['POST', 'PATCH'], path: '/api/{version}/webhooks/**', operation: 'webhook-post' },
  ],
)

export const MESSAGING: readonly ServiceEntry[] = [
  ...DISCORD,
  ...knownByHost('messaging', {
    slack: ['slack.com', '*.slack.com', '*.slack-edge.com'],
    telegram: ['telegram.org', '*.telegram.org', 't.me', '*.t.me'],
    whatsapp: ['whatsapp.com', '*.whatsapp.com', '*.whatsapp.net'],
    signal: ['*.signal.org'],
    matrix: ['matrix.org', '*.matrix.org', 'matrix-client.matrix.org'],
  }),
]
