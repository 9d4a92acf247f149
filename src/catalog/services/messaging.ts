/** Chat services, where a message or a file is one path among many. */
import { knownByHost, type Route, type ServiceEntry, signIns } from '../service-entry.ts'
import { DISCORD } from './discord.ts'
import { SLACK } from './slack.ts'
import { TELEGRAM } from './telegram.ts'

/** The client-server API of Matrix (spec.matrix.org). */
const MATRIX: readonly Route[] = [
  ...signIns('/_matrix/client/v3/login', '/_matrix/client/r0/login'),
  { methods: ['PUT', 'POST'], path: '/_matrix/client/{version}/rooms/{room}/send/**', operation: 'webhook-post' },
  { methods: ['PUT', 'POST'], path: '/_matrix/client/{version}/rooms/{room}/state/**', operation: 'webhook-post' },
  { methods: ['PUT', 'POST'], path: '/_matrix/client/{version}/sendToDevice/**', operation: 'webhook-post' },
  { methods: ['PUT', 'POST'], path: '/_matrix/media/**', operation: 'file-upload' },
]

export const MESSAGING: readonly ServiceEntry[] = [
  ...DISCORD,
  ...SLACK,
  ...TELEGRAM,
  ...knownByHost('messaging', { matrix: ['matrix.org', '*.matrix.org'] }, MATRIX),
  ...knownByHost('messaging', {
    whatsapp: ['whatsapp.com', '*.whatsapp.com', '*.whatsapp.net'],
    signal: ['*.signal.org'],
    teams: ['teams.microsoft.com', '*.teams.microsoft.com', 'teams.live.com', '*.teams.cloud.microsoft'],
    'google-chat': ['chat.google.com'],
    zulip: ['*.zulipchat.com'],
    line: ['*.line.me'],
    viber: ['*.viber.com'],
    twilio: ['api.twilio.com', '*.api.twilio.com'],
  }),
]
