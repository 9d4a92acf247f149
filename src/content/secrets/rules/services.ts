/** Credentials of services for chat, payment, mail, models and work, by the shapes that they document. */
import { patternRule as rule } from '../pattern-rule.ts'
import type { SecretRule } from '../rule.ts'

const END = '(?![A-Za-z0-9_-])'
const END_ALNUM = '(?![A-Za-z0-9])'
const SLASH = '(?:\\\\?/|%2F)'
const UUID = '[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}'

/** A keyword of two characters and a digit or letter of hexadecimal behind it. */
function withHex(start: string): readonly string[] {
  return '0123456789abcdef'.split('').map((digit) => `${start}${digit}`)
}

export const SERVICE_RULES: readonly SecretRule[] = [
  rule(
    'slack-token',
    'a token of Slack',
    ['xoxb-', 'xoxp-', 'xoxa-', 'xoxo-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xoxc-', 'xoxd-', 'xapp-', 'xwfp-'],
    '(?:xox[abceoprsd](?:\\.xox[bp])?|xapp|xwfp)-[A-Za-z0-9%-]{20,400}',
    { after: 440 },
  ),
  rule(
    'slack-webhook',
    'a webhook of Slack',
    ['hooks.slack.com'],
    `hooks\\.slack\\.com${SLASH}(?:services|workflows|triggers)${SLASH}([A-Za-z0-9+/\\\\]{30,80})`,
    { group: 1 },
  ),
  rule(
    'stripe-key',
    'a secret key of Stripe',
    ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_org_'],
    `[sr]k_(?:live|test|org(?:_live)?)_[A-Za-z0-9]{16,247}`,
    { entropyMin: 3 },
  ),
  rule('stripe-webhook-secret', 'a signing secret of webhooks', ['whsec_'], 'whsec_[A-Za-z0-9+/=]{24,80}'),
  rule('twilio-key', 'an API key of Twilio', withHex('sk'), `SK[a-f0-9]{32}${END_ALNUM}`, { after: 36 }),
  rule(
    'twilio-auth-token',
    'an auth token of Twilio beside its account',
    withHex('ac'),
    `AC[a-f0-9]{32}["']?\\s{0,3}[,:]\\s{0,3}["']?([a-f0-9]{32})${END_ALNUM}`,
    { group: 1, after: 90 },
  ),
  rule('sendgrid-key', 'an API key of SendGrid', ['sg.'], `SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}${END}`, {
    after: 110,
    entropyMin: 3.8,
  }),
  rule('mailgun-key', 'an API key of Mailgun', ['key-'], `key-[a-f0-9]{32}${END_ALNUM}`, { after: 40 }),
  rule(
    'mailgun-signed-key',
    'an API key of Mailgun',
    ['mailgun', 'mg_'],
    `[\\w"'.-]{0,30}["']?\\s{0,3}[:=>]{1,2}\\s{0,3}["']?([a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})${END}`,
    { group: 1, isInner: true },
  ),
  rule(
    'mailchimp-key',
    'an API key of Mailchimp',
    ['-us1', '-us2', '-us3', '-us4', '-us5', '-us6', '-us7', '-us8', '-us9'],
    `[a-f0-9]{32}-us[0-9]{1,2}${END_ALNUM}`,
    { before: 32, after: 8 },
  ),
  rule('brevo-key', 'an API key of Brevo', ['xkeysib-', 'xsmtpsib-'], 'x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}'),
  rule(
    'postmark-token',
    'a server token of Postmark',
    ['postmark'],
    `[\\w"'.-]{0,30}["']?\\s{0,3}[:=]\\s{0,3}["']?(${UUID})${END}`,
    { group: 1, isInner: true, rank: 2 },
  ),
  rule(
    'shopify-token',
    'a token of Shopify',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_'],
    `shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32}${END_ALNUM}`,
  ),
  rule(
    'square-token',
    'an access token of Square',
    ['eaaa', 'sq0atp-', 'sq0csp-'],
    `(?:EAAA[A-Za-z0-9_-]{60}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43})${END}`,
    { entropyMin: 3.5 },
  ),
  rule('openai-key', 'an API key of OpenAI', ['t3blbkfj'], 'sk-[A-Za-z0-9_-]{16,120}T3BlbkFJ[A-Za-z0-9_-]{16,120}', {
    before: 124,
    after: 130,
  }),
  rule(
    'openai-project-key',
    'an API key of OpenAI',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-or-v1-'],
    'sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{32,240}',
  ),
  rule(
    'model-service-key',
    'an API key in the form that services of models use',
    ['sk-'],
    `sk-[A-Za-z0-9]{32,64}${END}`,
    { rank: 2, entropyMin: 3.4, after: 72, check: (secret) => /[0-9]/.test(secret) },
  ),
  rule('anthropic-key', 'an API key of Anthropic', ['sk-ant-'], 'sk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{60,140}'),
  rule('groq-key', 'an API key of Groq', ['gsk_'], `gsk_[A-Za-z0-9]{48,56}${END_ALNUM}`),
  rule('perplexity-key', 'an API key of Perplexity', ['pplx-'], `pplx-[A-Za-z0-9]{40,64}${END_ALNUM}`),
  rule('xai-key', 'an API key of xAI', ['xai-'], `xai-[A-Za-z0-9_-]{70,90}${END}`),
  rule('replicate-token', 'an API token of Replicate', ['r8_'], `r8_[A-Za-z0-9]{37}${END_ALNUM}`),
  rule(
    'langsmith-key',
    'an API key of LangSmith',
    ['lsv2_pt_', 'lsv2_sk_', 'ls__'],
    `(?:lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}|ls__[a-f0-9]{32})${END_ALNUM}`,
  ),
  rule('telegram-token', 'a bot token of Telegram', [':aa'], `[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33}${END}`, {
    before: 10,
    after: 44,
    entropyMin: 3.5,
  }),
  rule(
    'discord-webhook',
    'a webhook of Discord',
    ['/webhooks/', '/webhooks\\/', '%2fwebhooks%2f'],
    `discord(?:app)?\\.com${SLASH}api${SLASH}(?:v[0-9]{1,2}${SLASH})?webhooks${SLASH}([0-9]{16,20}${SLASH}[A-Za-z0-9_-]{50,80})`,
    { group: 1, before: 40, isInner: true },
  ),
  rule(
    'discord-token',
    'a bot token of Discord',
    ['discord', 'bot ', 'token', 'login(', '.run(', 'client('],
    `[\\w"'.\\])-]{0,40}?[\\s:=("'>]{1,8}([MNO][A-Za-z0-9_-]{22,28}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,45})${END}`,
    { group: 1, isInner: true, after: 160 },
  ),
  rule(
    'teams-webhook',
    'a webhook of Microsoft Teams',
    ['.webhook.office.com', 'outlook.office.com'],
    `(?:\\.webhook|outlook)\\.office\\.com${SLASH}webhook(?:b2)?${SLASH}(${UUID}(?:@|%40)${UUID}${SLASH}IncomingWebhook${SLASH}[a-f0-9]{32}${SLASH}${UUID})`,
    { group: 1, before: 0, isInner: true },
  ),
  rule(
    'jwt',
    'a JSON Web Token',
    ['eyj'],
    '(?:eyJ|ey)[A-Za-z0-9_-]{14,800}\\.eyJ[A-Za-z0-9_-]{10,3000}\\.[A-Za-z0-9_-]{16,1024}',
    {
      after: 4900,
      allowsWords: true,
      rank: 2,
      check: (secret) => isJsonHead(secret),
    },
  ),
  rule('linear-key', 'an API key of Linear', ['lin_api_', 'lin_oauth_'], 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}'),
  rule(
    'notion-token',
    'a token of Notion',
    ['ntn_', 'secret_'],
    `(?:ntn_[0-9]{11}[A-Za-z0-9]{32,38}|secret_[A-Za-z0-9]{43})${END_ALNUM}`,
    { entropyMin: 3.5 },
  ),
  rule('figma-token', 'an access token of Figma', ['figd_', 'figu_', 'figo_'], 'fig[duo]_[A-Za-z0-9_-]{38,200}'),
  rule('airtable-token', 'an access token of Airtable', ['pat'], `pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}${END_ALNUM}`, {
    after: 90,
  }),
  rule('hubspot-token', 'a token of HubSpot', ['pat-'], `pat-[a-z]{2}[0-9]-${UUID}${END}`),
  rule('contentful-token', 'a management token of Contentful', ['cfpat-'], 'CFPAT-[A-Za-z0-9_-]{43}'),
  rule(
    'zapier-webhook',
    'a webhook of Zapier',
    ['hooks.zapier.com'],
    `hooks\\.zapier\\.com${SLASH}hooks${SLASH}catch${SLASH}([0-9]{4,10}${SLASH}[a-z0-9]{5,10})`,
    { group: 1, entropyMin: 2 },
  ),
  rule(
    'generic-webhook',
    'a webhook with its key',
    ['webhook.site', 'chat.googleapis.com', 'hook.eu', 'hook.us'],
    'chat\\.googleapis\\.com/v1/spaces/[A-Za-z0-9_-]{6,20}/messages\\?key=[A-Za-z0-9_-]{30,50}&token=([A-Za-z0-9_%-]{30,60})',
    { group: 1 },
  ),
  rule('adyen-key', 'an API key of Adyen', ['aqe'], `AQE[yhmp][A-Za-z0-9+/.=-]{80,240}`, { entropyMin: 4, after: 300 }),
  rule(
    'asana-token',
    'an access token of Asana',
    ['2/1', '2/0', '2/2', '2/3', '2/4', '2/5', '2/6', '2/7', '2/8', '2/9', '1/1'],
    `[12]/[0-9]{10,20}(?:/[0-9]{10,20})?:[a-f0-9]{32}${END_ALNUM}`,
    { after: 90 },
  ),
  rule('dropbox-token', 'an access token of Dropbox', ['sl.'], `sl\\.(?:u\\.)?[A-Za-z0-9_=-]{120,1400}`, {
    after: 1500,
  }),
  rule('easypost-key', 'an API key of EasyPost', ['ezak', 'eztk'], `EZ[AT]K[A-Za-z0-9]{54}${END_ALNUM}`),
  rule(
    'flutterwave-key',
    'a secret key of Flutterwave',
    ['flwseck-', 'flwseck_test-'],
    'FLWSECK(?:_TEST)?-[a-z0-9]{12,32}-X',
    { entropyMin: 3 },
  ),
  rule(
    'razorpay-key',
    'a key of Razorpay',
    ['rzp_live_', 'rzp_test_'],
    `rzp_(?:live|test)_[A-Za-z0-9]{14}${END_ALNUM}`,
  ),
  rule(
    'braintree-token',
    'an access token of Braintree',
    ['access_token$'],
    'access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}',
  ),
  rule('facebook-token', 'an access token of Facebook', ['eaa'], `EAA[A-Z][A-Za-z0-9]{80,300}${END_ALNUM}`, {
    entropyMin: 4,
  }),
  rule(
    'facebook-app-token',
    'an app token of Facebook',
    ['facebook', 'fb_'],
    `[\\w"'.-]{0,30}["']?\\s{0,3}[:=]\\s{0,3}["']?([0-9]{13,17}\\|[A-Za-z0-9_-]{25,30})${END}`,
    { group: 1, isInner: true },
  ),
  rule('typeform-token', 'a token of Typeform', ['tfp_'], 'tfp_[A-Za-z0-9_-]{40,62}'),
  rule('readme-key', 'an API key of ReadMe', ['rdme_'], `rdme_[a-z0-9]{70}${END_ALNUM}`),
  rule(
    'shippo-token',
    'a token of Shippo',
    ['shippo_live_', 'shippo_test_'],
    `shippo_(?:live|test)_[a-f0-9]{40}${END_ALNUM}`,
  ),
  rule(
    'duffel-frame-token',
    'an API token of Duffel or Frame.io',
    ['duffel_live_', 'duffel_test_', 'fio-u-'],
    '(?:duffel_(?:live|test)_[A-Za-z0-9_=-]{40,44}|fio-u-[A-Za-z0-9_=-]{60,66})',
  ),
  rule('infracost-key', 'an API key of Infracost', ['ico-'], `ico-[A-Za-z0-9]{32}${END_ALNUM}`, {
    entropyMin: 3.5,
    check: (secret) => /[0-9]/.test(secret),
  }),
  rule('lob-key', 'an API key of Lob', ['live_', 'test_'], `(?:live|test)_[a-f0-9]{35}${END_ALNUM}`, { after: 48 }),
]

/** The first part is base64url of a JSON object with an algorithm (RFC 7515). */
function isJsonHead(token: string): boolean {
  try {
    const head: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8'))
    return typeof head === 'object' && head !== null && ('alg' in head || 'enc' in head || 'typ' in head)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
