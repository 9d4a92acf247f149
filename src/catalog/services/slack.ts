/** Slack's web API (docs.slack.dev/reference/methods). It takes each method as a GET too, so that only known ones are reads. */
import { knownByHost, type Route, type RouteMethod, type ServiceEntry, signIns } from '../service-entry.ts'

const ANY_METHOD: readonly RouteMethod[] = ['GET', 'POST']

const MESSAGES = ['postMessage', 'postEphemeral', 'scheduleMessage', 'meMessage', 'update', 'unfurl', 'command']

const READS = [
  'auth.test',
  'bookmarks.list',
  'bots.info',
  'chat.getPermalink',
  'conversations.history',
  'conversations.info',
  'conversations.list',
  'conversations.members',
  'conversations.replies',
  'dnd.info',
  'emoji.list',
  'files.info',
  'files.list',
  'pins.list',
  'reactions.get',
  'reactions.list',
  'rtm.connect',
  'search.all',
  'search.files',
  'search.messages',
  'team.info',
  'usergroups.list',
  'usergroups.users.list',
  'users.conversations',
  'users.getPresence',
  'users.identity',
  'users.info',
  'users.list',
  'users.lookupByEmail',
  'users.profile.get',
]

const ROUTES: readonly Route[] = [
  ...signIns('/api/oauth.v2.access', '/api/oauth.access', '/api/openid.connect.token'),
  ...READS.map((name): Route => ({ methods: ['GET'], path: `/api/${name}`, operation: 'api-read' })),
  ...MESSAGES.map((name): Route => ({ methods: ANY_METHOD, path: `/api/chat.${name}`, operation: 'webhook-post' })),
  {
    methods: ANY_METHOD,
    path: '/api/files.getUploadURLExternal',
    operation: 'file-upload',
    announces: { in: 'json', field: 'upload_url' },
  },
  ...['upload', 'completeUploadExternal', 'remote.add', 'remote.update'].map((name): Route => {
    return { methods: ANY_METHOD, path: `/api/files.${name}`, operation: 'file-upload' }
  }),
  ...['canvases.create', 'canvases.edit', 'conversations.canvases.create'].map((name): Route => {
    return { methods: ANY_METHOD, path: `/api/${name}`, operation: 'paste' }
  }),
  { methods: ANY_METHOD, path: '/api/users.profile.set', operation: 'account-write' },
  { methods: ['POST', 'PUT'], path: '/upload/**', operation: 'file-upload' },
  { methods: ['GET'], path: '/api/**', operation: 'unknown-write' },
]

export const SLACK: readonly ServiceEntry[] = knownByHost(
  'messaging',
  { slack: ['slack.com', '*.slack.com', 'slack-gov.com', '*.slack-gov.com', '*.slack-edge.com'] },
  ROUTES,
)
