/** Telegram's bots (core.telegram.org/bots/api): each method is taken as a GET too, with its text in the query. */
import { knownByHost, type Route, type ServiceEntry } from '../service-entry.ts'

const FILES = ['Animation', 'Audio', 'Document', 'MediaGroup', 'Photo', 'Sticker', 'Video', 'VideoNote', 'Voice']
const TEXTS = ['Message', 'Poll', 'Contact', 'Location', 'Venue', ...FILES].map((what) => `send${what}`)

const ROUTES: readonly Route[] = [
  { methods: ['GET'], path: '/file/{bot}/**', operation: 'download' },
  { methods: ['GET', 'POST'], path: '/{bot}/setWebhook', operation: 'hook-add' },
  ...[...FILES.map((what) => `send${what}`), 'uploadStickerFile'].map((name): Route => {
    return { methods: ['POST'], path: `/{bot}/${name}`, types: ['multipart/form-data'], operation: 'file-upload' }
  }),
  ...[...TEXTS, 'editMessageText', 'editMessageCaption', 'copyMessage', 'forwardMessage'].map((name): Route => {
    return { methods: ['GET'], path: `/{bot}/${name}`, operation: 'webhook-post' }
  }),
  // Methods are known in any case of their letters: what is not named above is no read.
  { methods: ['POST', 'PUT'], path: '/**', operation: 'webhook-post' },
]

export const TELEGRAM: readonly ServiceEntry[] = [
  ...knownByHost('webhook', { 'telegram-bots': ['api.telegram.org'] }, ROUTES),
  ...knownByHost('messaging', { telegram: ['telegram.org', '*.telegram.org', 't.me', '*.t.me'] }),
]
