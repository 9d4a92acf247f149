/** Endpoints that take a message from anyone, and catchers that show their owner whatever was sent, in a GET too. */
import { knownByHost, type ServiceEntry } from '../service-entry.ts'

export const WEBHOOKS: readonly ServiceEntry[] = knownByHost(
  'webhook',
  {
    'slack-webhooks': ['hooks.slack.com', 'hooks.slack-gov.com'],
    'telegram-bots': ['api.telegram.org'],
    'teams-webhooks': ['*.webhook.office.com'],
    'webhook-site': ['webhook.site', '*.webhook.site', 'webhook.cool'],
    pipedream: [
      '*.m.pipedream.net',
      '*.pipedream.net',
      'requestbin.com',
      '*.requestbin.com',
      'requestbin.net',
      '*.requestbin.net',
    ],
    beeceptor: ['beeceptor.com', '*.beeceptor.com'],
    requestcatcher: ['requestcatcher.com', '*.requestcatcher.com'],
    hookbin: ['hookbin.com', '*.hookbin.com'],
    postbin: ['postb.in', 'www.postb.in', 'ptsv2.com', 'ptsv3.com', 'httpdump.app'],
    interactsh: [
      '*.oast.pro',
      '*.oast.live',
      '*.oast.site',
      '*.oast.online',
      '*.oast.fun',
      '*.oast.me',
      '*.interact.sh',
    ],
    collaborator: ['*.burpcollaborator.net', '*.oastify.com'],
    canarytokens: ['canarytokens.com', '*.canarytokens.com', 'canarytokens.org'],
    dnslog: ['dnslog.cn', '*.dnslog.cn', '*.ceye.io'],
    zapier: ['hooks.zapier.com'],
    make: ['hook.eu1.make.com', 'hook.eu2.make.com', 'hook.us1.make.com', 'hook.us2.make.com', 'hook.integromat.com'],
    ifttt: ['maker.ifttt.com'],
    ntfy: ['ntfy.sh'],
    smee: ['smee.io'],
  },
  [{ methods: ['POST', 'PUT'], path: '/**', operation: 'webhook-post' }],
)
