/** Credentials of services: chat, payment, mail, models, work. */
import { ALNUM, BASE64URL, DIGITS, HEX, LOWER_ALNUM, type Random, UPPER_ALNUM, uuid } from '../random.ts'
import { block, type Kind, named, token } from './kind.ts'

const SLACK = 'https://docs.slack.dev/authentication/tokens/'

function base64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function jwt(random: Random): string {
  const payload = {
    sub: random.text(DIGITS, 10),
    name: 'Ada',
    iat: 1_700_000_000 + random.int(50_000_000),
    scope: 'deploy',
  }
  const head = random.pick([
    { alg: 'HS256', typ: 'JWT' },
    { typ: 'JWT', alg: 'RS256', kid: random.text(HEX, 8) },
  ])
  return `${base64Json(head)}.${base64Json(payload)}.${random.bytes(32).toString('base64url')}`
}

export const SERVICES: readonly Kind[] = [
  token('slack-bot', SLACK, ['slack_bot_token', 'slack_token'], (r) => {
    return `xoxb-${r.text(DIGITS, 12)}-${r.text(DIGITS, 13)}-${r.text(ALNUM, 24)}`
  }),
  token('slack-user', SLACK, ['slack_user_token'], (r) => {
    return `xoxp-${r.text(DIGITS, 12)}-${r.text(DIGITS, 12)}-${r.text(DIGITS, 13)}-${r.text(HEX, 32)}`
  }),
  token(
    'slack-app',
    SLACK,
    ['slack_app_token'],
    (r) => `xapp-1-A${r.text(UPPER_ALNUM, 10)}-${r.text(DIGITS, 13)}-${r.text(HEX, 64)}`,
  ),
  token(
    'slack-webhook',
    'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
    ['slack_webhook_url'],
    (r) => {
      return `https://hooks.slack.com/services/T${r.text(UPPER_ALNUM, 10)}/B${r.text(UPPER_ALNUM, 10)}/${r.text(ALNUM, 24)}`
    },
  ),
  token('stripe-live', 'https://docs.stripe.com/keys', ['stripe_secret_key', 'stripe_api_key'], (r) => {
    return `${r.pick(['sk', 'rk'])}_live_51${r.text(ALNUM, 97)}`
  }),
  token('stripe-short', 'https://docs.stripe.com/keys', ['stripe_secret_key'], (r) => `sk_live_${r.text(ALNUM, 24)}`),
  token(
    'stripe-webhook',
    'https://docs.stripe.com/webhooks',
    ['stripe_webhook_secret'],
    (r) => `whsec_${r.text(ALNUM, 32)}`,
  ),
  token(
    'twilio-key',
    'https://www.twilio.com/docs/iam/api-keys',
    ['twilio_api_key', 'twilio_api_key_sid'],
    (r) => `SK${r.text(HEX, 32)}`,
  ),
  named('twilio-auth', 'https://www.twilio.com/docs/iam/api/authtoken', ['twilio_auth_token'], (r) => r.text(HEX, 32)),
  token(
    'sendgrid',
    'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
    ['sendgrid_api_key'],
    (r) => {
      return `SG.${r.text(BASE64URL, 22)}.${r.text(BASE64URL, 43)}`
    },
  ),
  token(
    'mailgun',
    'https://documentation.mailgun.com/docs/mailgun/api-reference/authentication/',
    ['mailgun_api_key'],
    (r) => `key-${r.text(HEX, 32)}`,
  ),
  token(
    'mailgun-new',
    'https://documentation.mailgun.com/docs/mailgun/api-reference/authentication/',
    ['mailgun_api_key'],
    (r) => {
      return `${r.text(HEX, 32)}-${r.text(HEX, 8)}-${r.text(HEX, 8)}`
    },
  ),
  token(
    'mailchimp',
    'https://mailchimp.com/developer/marketing/docs/fundamentals/',
    ['mailchimp_api_key'],
    (r) => `${r.text(HEX, 32)}-us${1 + r.int(21)}`,
  ),
  token(
    'brevo',
    'https://developers.brevo.com/docs/getting-started',
    ['brevo_api_key', 'sendinblue_key'],
    (r) => `xkeysib-${r.text(HEX, 64)}-${r.text(ALNUM, 16)}`,
  ),
  token(
    'shopify',
    'https://shopify.dev/changelog/access-token-changes',
    ['shopify_access_token'],
    (r) => `shp${r.pick(['at', 'ca', 'pa', 'ss'])}_${r.text(HEX, 32)}`,
  ),
  token(
    'square-access',
    'https://developer.squareup.com/docs/build-basics/access-tokens',
    ['square_access_token'],
    (r) => `EAAA${r.text(BASE64URL, 60)}`,
  ),
  token(
    'square-oauth',
    'https://developer.squareup.com/docs/oauth-api/overview',
    ['square_oauth_secret'],
    (r) => `sq0csp-${r.text(BASE64URL, 43)}`,
  ),
  token('openai-project', 'https://platform.openai.com/docs/api-reference/authentication', ['openai_api_key'], (r) => {
    return `sk-proj-${r.text(BASE64URL, 74)}T3BlbkFJ${r.text(BASE64URL, 74)}`
  }),
  token(
    'openai-old',
    'https://platform.openai.com/docs/api-reference/authentication',
    ['openai_api_key'],
    (r) => `sk-${r.text(ALNUM, 20)}T3BlbkFJ${r.text(ALNUM, 20)}`,
  ),
  token(
    'anthropic',
    'https://docs.anthropic.com/en/api/overview',
    ['anthropic_api_key', 'claude_key'],
    (r) => `sk-ant-api03-${r.text(BASE64URL, 93)}AA`,
  ),
  token('groq', 'https://console.groq.com/docs/quickstart', ['groq_api_key'], (r) => `gsk_${r.text(ALNUM, 52)}`),
  token(
    'perplexity',
    'https://docs.perplexity.ai/getting-started/quickstart',
    ['perplexity_api_key'],
    (r) => `pplx-${r.text(ALNUM, 48)}`,
  ),
  token('xai', 'https://docs.x.ai/docs/overview', ['xai_api_key'], (r) => `xai-${r.text(ALNUM, 80)}`),
  token(
    'replicate',
    'https://replicate.com/docs/topics/security/api-tokens',
    ['replicate_api_token'],
    (r) => `r8_${r.text(ALNUM, 37)}`,
  ),
  token(
    'telegram',
    'https://core.telegram.org/bots/api#authorizing-your-bot',
    ['telegram_bot_token', 'bot_token'],
    (r) => {
      return `${r.text('123456789', 10)}:AA${r.text(BASE64URL, 33)}`
    },
  ),
  named(
    'discord-bot',
    'https://discord.com/developers/docs/reference#authentication',
    ['discord_token', 'discord_bot_token'],
    (r) => {
      const id = Buffer.from(`1${r.text(DIGITS, 17)}`).toString('base64url')
      return `${id}.G${r.text(ALNUM, 5)}.${r.text(BASE64URL, 38)}`
    },
  ),
  token('discord-webhook', 'https://discord.com/developers/docs/resources/webhook', ['discord_webhook_url'], (r) => {
    return `https://discord.com/api/webhooks/1${r.text(DIGITS, 18)}/${r.text(BASE64URL, 68)}`
  }),
  token(
    'teams-webhook',
    'https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
    ['teams_webhook_url'],
    (r) => {
      return `https://acme.webhook.office.com/webhookb2/${uuid(r)}@${uuid(r)}/IncomingWebhook/${r.text(HEX, 32)}/${uuid(r)}`
    },
  ),
  token('jwt', 'https://www.rfc-editor.org/rfc/rfc7519', ['access_token', 'id_token', 'service_token'], jwt),
  block('bearer-header', 'https://www.rfc-editor.org/rfc/rfc6750', (r) => {
    const value = r.text(ALNUM, 40)
    return { secrets: [value], block: `curl -s -H 'Authorization: Bearer ${value}' https://api.acme.example/v1/users` }
  }),
  token('linear', 'https://linear.app/developers/graphql', ['linear_api_key'], (r) => `lin_api_${r.text(ALNUM, 40)}`),
  token(
    'notion',
    'https://developers.notion.com/page/changelog',
    ['notion_token'],
    (r) => `ntn_${r.text(DIGITS, 11)}${r.text(ALNUM, 35)}`,
  ),
  token(
    'notion-old',
    'https://developers.notion.com/page/changelog',
    ['notion_token', 'notion_key'],
    (r) => `secret_${r.text(ALNUM, 43)}`,
  ),
  token(
    'figma',
    'https://www.figma.com/developers/api#access-tokens',
    ['figma_token'],
    (r) => `figd_${r.text(BASE64URL, 40)}`,
  ),
  token(
    'airtable',
    'https://airtable.com/developers/web/guides/personal-access-tokens',
    ['airtable_token'],
    (r) => `pat${r.text(ALNUM, 14)}.${r.text(HEX, 64)}`,
  ),
  token(
    'hubspot',
    'https://developers.hubspot.com/docs/guides/apps/private-apps/overview',
    ['hubspot_token'],
    (r) => `pat-${r.pick(['na1', 'eu1'])}-${uuid(r)}`,
  ),
  token(
    'contentful',
    'https://www.contentful.com/developers/docs/references/authentication/',
    ['contentful_token'],
    (r) => `CFPAT-${r.text(BASE64URL, 43)}`,
  ),
  token('zapier-webhook', 'https://help.zapier.com/hc/en-us/articles/8496288690317', ['zapier_hook_url'], (r) => {
    return `https://hooks.zapier.com/hooks/catch/${r.text(DIGITS, 7)}/${r.text(LOWER_ALNUM, 7)}/`
  }),
  token(
    'adyen',
    'https://docs.adyen.com/development-resources/api-credentials/',
    ['adyen_api_key'],
    (r) => `AQE${r.text('yhmp', 1)}${r.text(ALNUM, 90)}`,
  ),
  token(
    'asana',
    'https://developers.asana.com/docs/personal-access-token',
    ['asana_token', 'asana_pat'],
    (r) => `2/${r.text(DIGITS, 16)}/${r.text(DIGITS, 16)}:${r.text(HEX, 32)}`,
  ),
  named(
    'pagerduty',
    'https://support.pagerduty.com/main/docs/api-access-keys',
    ['pagerduty_api_key', 'pagerduty_token'],
    (r) => `u+${r.text(BASE64URL, 18)}`,
  ),
  named(
    'trello',
    'https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/',
    ['trello_api_token'],
    (r) => `ATTA${r.text(HEX, 64)}`,
  ),
  named('zendesk', 'https://support.zendesk.com/hc/en-us/articles/4408889192858', ['zendesk_api_token'], (r) =>
    r.text(ALNUM, 40),
  ),
  named('dropbox', 'https://www.dropbox.com/developers/documentation/http/documentation', ['dropbox_app_secret'], (r) =>
    r.text(LOWER_ALNUM, 15),
  ),
  token(
    'dropbox-short',
    'https://www.dropbox.com/developers/documentation/http/documentation',
    ['dropbox_access_token'],
    (r) => `sl.${r.text(BASE64URL, 138)}`,
  ),
  named(
    'twitter-secret',
    'https://docs.x.com/fundamentals/authentication/oauth-1-0a/api-key-and-secret',
    ['twitter_api_secret', 'twitter_access_token_secret'],
    (r) => r.text(ALNUM, 45),
  ),
  token(
    'easypost',
    'https://docs.easypost.com/docs/authentication',
    ['easypost_api_key'],
    (r) => `EZ${r.pick(['AK', 'TK'])}${r.text(ALNUM, 54)}`,
  ),
  token(
    'flutterwave',
    'https://developer.flutterwave.com/docs/authentication',
    ['flutterwave_secret_key'],
    (r) => `FLWSECK-${r.text(HEX, 32)}-X`,
  ),
  token(
    'razorpay',
    'https://razorpay.com/docs/api/authentication/',
    ['razorpay_key_id'],
    (r) => `rzp_live_${r.text(ALNUM, 14)}`,
  ),
  token('braintree', 'https://developer.paypal.com/braintree/docs/', ['braintree_access_token'], (r) => {
    return `access_token$production$${r.text(LOWER_ALNUM, 16)}$${r.text(HEX, 32)}`
  }),
  token(
    'atlassian-oauth',
    'https://developer.atlassian.com/cloud/confluence/oauth-2-3lo-apps/',
    ['atlassian_client_secret'],
    (r) => `ATOA${r.text(BASE64URL, 60)}`,
  ),
]
