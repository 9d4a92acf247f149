/** Credentials of chat, mail, payment, monitoring, office and social services. */
import { credential, known, secret } from './credential.ts'

export const SERVICES = [
  credential(
    'slack-bot-token',
    [secret('SLACK_BOT_TOKEN SLACK_TOKEN', 'xoxb-%n1%%d11%-%n1%%d12%-%a24%')],
    'curl -H "Authorization: Bearer {0}" https://slack.com/api/auth.test',
    "client = WebClient(token='{0}')",
  ),
  credential('slack-user-token', [
    secret('SLACK_USER_TOKEN SLACK_OAUTH_TOKEN', 'xoxp-%n1%%d11%-%n1%%d11%-%n1%%d12%-%h32%', 'xoxe.xoxp-1-%a166%'),
  ]),
  credential(
    'slack-app-token',
    [secret('SLACK_APP_TOKEN', 'xapp-1-A%k10%-%n1%%d12%-%h64%')],
    "app = AsyncApp(app_token='{0}')",
  ),
  credential(
    'slack-webhook',
    [secret('SLACK_WEBHOOK_URL SLACK_WEBHOOK', 'https://hooks.slack.com/services/T%k10%/B%k10%/%a24%')],
    'curl -X POST -H \'Content-type: application/json\' --data \'{"text":"deployed"}\' {0}',
  ),
  credential(
    'discord-bot-token',
    [secret('DISCORD_TOKEN DISCORD_BOT_TOKEN', 'MT%a24%.G%w5%.%w38%')],
    "client.login('{0}')",
    "bot.run('{0}')",
  ),
  credential(
    'discord-webhook',
    [secret('DISCORD_WEBHOOK_URL DISCORD_WEBHOOK', 'https://discord.com/api/webhooks/1%d18%/%w68%')],
    'curl -F "content=build failed" {0}',
  ),
  credential(
    'telegram-bot-token',
    [secret('TELEGRAM_BOT_TOKEN TELEGRAM_TOKEN BOT_TOKEN', '%n1%%d9%:AA%w33%')],
    'curl "https://api.telegram.org/bot{0}/sendMessage?chat_id=%d9%&text=done"',
    "bot = telebot.TeleBot('{0}')",
  ),
  credential('teams-webhook', [
    secret(
      'TEAMS_WEBHOOK_URL',
      'https://%company%.webhook.office.com/webhookb2/%uuid%@%uuid%/IncomingWebhook/%h32%/%uuid%',
    ),
  ]),
  credential(
    'twilio-auth-token',
    [known('TWILIO_ACCOUNT_SID', 'AC%h32%'), secret('TWILIO_AUTH_TOKEN', '%h32%')],
    "client = Client('{0}', '{1}')",
    "curl -X POST https://api.twilio.com/2010-04-01/Accounts/{0}/Messages.json -u '{0}:{1}'",
  ),
  credential(
    'sendgrid-api-key',
    [secret('SENDGRID_API_KEY SENDGRID_KEY', 'SG.%w22%.%w43%')],
    "sgMail.setApiKey('{0}')",
    'curl https://api.sendgrid.com/v3/scopes -H "Authorization: Bearer {0}"',
  ),
  credential(
    'mailgun-api-key',
    [secret('MAILGUN_API_KEY', 'key-%h32%', '%h32%-%h8%-%h8%')],
    "curl -s --user 'api:{0}' https://api.mailgun.net/v3/%domain%/messages",
  ),
  credential(
    'mailchimp-api-key',
    [secret('MAILCHIMP_API_KEY', '%h32%-us%n1%%d1%')],
    "mailchimp.setConfig({ apiKey: '{0}', server: 'us12' })",
  ),
  credential(
    'postmark-token',
    [secret('POSTMARK_SERVER_TOKEN POSTMARK_API_TOKEN', '%uuid%')],
    'curl https://api.postmarkapp.com/email -H "X-Postmark-Server-Token: {0}"',
  ),
  credential('brevo-api-key', [secret('BREVO_API_KEY SENDINBLUE_API_KEY', 'xkeysib-%h64%-%a16%')]),
  credential('resend-api-key', [secret('RESEND_API_KEY', 're_%a8%_%a24%')], "const resend = new Resend('{0}')"),
  credential(
    'stripe-secret-key',
    [
      secret(
        'STRIPE_SECRET_KEY STRIPE_API_KEY STRIPE_KEY',
        'sk_live_%a24%',
        'sk_live_51%a97%',
        'rk_live_51%a97%',
        'sk_test_51%a97%',
      ),
    ],
    "const stripe = require('stripe')('{0}')",
    "stripe.api_key = '{0}'",
    'curl https://api.stripe.com/v1/charges -u {0}:',
  ),
  credential(
    'stripe-webhook-secret',
    [secret('STRIPE_WEBHOOK_SECRET STRIPE_ENDPOINT_SECRET', 'whsec_%a32%')],
    "event = stripe.Webhook.construct_event(payload, sig, '{0}')",
  ),
  credential('square-access-token', [secret('SQUARE_ACCESS_TOKEN', 'EAAA%w60%', 'sq0atp-%w22%')]),
  credential(
    'paypal-client-secret',
    [known('PAYPAL_CLIENT_ID', 'A%w79%'), secret('PAYPAL_CLIENT_SECRET PAYPAL_SECRET', 'E%w79%')],
    'curl -u "{0}:{1}" -d grant_type=client_credentials https://api-m.paypal.com/v1/oauth2/token',
  ),
  credential('braintree-access-token', [secret('BRAINTREE_ACCESS_TOKEN', 'access_token$production$%l16%$%h32%')]),
  credential(
    'razorpay-secret',
    [known('RAZORPAY_KEY_ID', 'rzp_live_%a14%'), secret('RAZORPAY_KEY_SECRET', '%a24%')],
    'curl -u {0}:{1} https://api.razorpay.com/v1/payments',
  ),
  credential(
    'shopify-token',
    [secret('SHOPIFY_ACCESS_TOKEN SHOPIFY_API_SECRET', 'shpat_%h32%', 'shpss_%h32%', 'shpca_%h32%')],
    'curl -H "X-Shopify-Access-Token: {0}" https://%company%.myshopify.com/admin/api/2024-04/orders.json',
  ),
  credential('plaid-secret', [known('PLAID_CLIENT_ID', '%h24%'), secret('PLAID_SECRET', '%h30%')]),
  credential('adyen-api-key', [secret('ADYEN_API_KEY', 'AQE%w90%-%s44%=-%s16%')]),
  credential(
    'datadog-keys',
    [secret('DD_API_KEY DATADOG_API_KEY', '%h32%'), secret('DD_APP_KEY DATADOG_APP_KEY', '%h40%')],
    'curl -H "DD-API-KEY: {0}" -H "DD-APPLICATION-KEY: {1}" https://api.datadoghq.com/api/v1/validate',
  ),
  credential(
    'new-relic-key',
    [secret('NEW_RELIC_API_KEY NEW_RELIC_LICENSE_KEY', 'NRAK-%k27%', '%h36%NRAL')],
    'NEW_RELIC_LICENSE_KEY={0} node -r newrelic server.js',
  ),
  credential(
    'grafana-token',
    [secret('GRAFANA_TOKEN GRAFANA_API_KEY', 'glsa_%a32%_%h8%', 'glc_eyJvIjoi%a110%')],
    'curl -H "Authorization: Bearer {0}" https://grafana.%domain%/api/dashboards/home',
  ),
  credential(
    'sentry-auth-token',
    [secret('SENTRY_AUTH_TOKEN', 'sntrys_eyJpYXQiOjE%a160%_%s43%', 'sntryu_%h64%')],
    'sentry-cli --auth-token {0} releases new %version%',
  ),
  credential('dynatrace-token', [secret('DT_API_TOKEN DYNATRACE_TOKEN', 'dt0c01.%k24%.%k64%')]),
  credential(
    'pagerduty-key',
    [secret('PAGERDUTY_TOKEN PD_API_KEY', 'u+%w18%')],
    'curl -H "Authorization: Token token={0}" https://api.pagerduty.com/incidents',
  ),
  credential(
    'splunk-hec-token',
    [secret('SPLUNK_HEC_TOKEN', '%uuid%')],
    'curl -k https://splunk.%domain%:8088/services/collector -H "Authorization: Splunk {0}" -d @event.json',
  ),
  credential(
    'elastic-api-key',
    [secret('ELASTIC_API_KEY ELASTICSEARCH_API_KEY', '%z45%')],
    'curl -H "Authorization: ApiKey {0}" https://es.%domain%:9200/_cat/indices',
  ),
  credential('algolia-admin-key', [
    known('ALGOLIA_APP_ID', '%k10%'),
    secret('ALGOLIA_ADMIN_KEY ALGOLIA_ADMIN_API_KEY', '%h32%'),
  ]),
  credential('launchdarkly-key', [secret('LAUNCHDARKLY_SDK_KEY LD_SDK_KEY', 'sdk-%uuid%', 'api-%uuid%')]),
  credential(
    'notion-token',
    [secret('NOTION_TOKEN NOTION_API_KEY', 'secret_%a43%', 'ntn_%d11%%a35%')],
    "const notion = new Client({ auth: '{0}' })",
  ),
  credential(
    'airtable-token',
    [secret('AIRTABLE_TOKEN AIRTABLE_API_KEY', 'pat%a14%.%h64%')],
    'curl https://api.airtable.com/v0/app%a14%/Tasks -H "Authorization: Bearer {0}"',
  ),
  credential('linear-api-key', [secret('LINEAR_API_KEY', 'lin_api_%a40%')]),
  credential('asana-token', [secret('ASANA_ACCESS_TOKEN', '2/%d16%/%d16%:%h32%', '1/%d16%:%h32%')]),
  credential(
    'figma-token',
    [secret('FIGMA_TOKEN FIGMA_ACCESS_TOKEN', 'figd_%w40%')],
    'curl -H "X-Figma-Token: {0}" https://api.figma.com/v1/me',
  ),
  credential(
    'postman-api-key',
    [secret('POSTMAN_API_KEY', 'PMAK-%h24%-%h34%')],
    'newman run "https://api.getpostman.com/collections/%uuid%?apikey={0}"',
  ),
  credential('hubspot-token', [secret('HUBSPOT_ACCESS_TOKEN HUBSPOT_TOKEN', 'pat-na1-%uuid%', 'pat-eu1-%uuid%')]),
  credential('typeform-token', [secret('TYPEFORM_TOKEN', 'tfp_%w44%_%w14%')]),
  credential('contentful-token', [secret('CONTENTFUL_MANAGEMENT_TOKEN', 'CFPAT-%w43%')]),
  credential(
    'dropbox-token',
    [secret('DROPBOX_ACCESS_TOKEN DROPBOX_TOKEN', 'sl.B%w135%', 'sl.u.A%w180%')],
    "dbx = dropbox.Dropbox('{0}')",
  ),
  credential('salesforce-token', [secret('SF_ACCESS_TOKEN SALESFORCE_TOKEN', '00D%a12%!AQ%w94%')]),
  credential(
    'facebook-token',
    [secret('FACEBOOK_ACCESS_TOKEN FB_PAGE_TOKEN', 'EAA%a170-190%')],
    'curl "https://graph.facebook.com/v19.0/me/accounts?access_token={0}"',
  ),
  credential(
    'twitter-bearer',
    [secret('TWITTER_BEARER_TOKEN X_BEARER_TOKEN', 'AAAAAAAAAAAAAAAAAAAAA%a24%%3D%a50%')],
    'curl -H "Authorization: Bearer {0}" "https://api.twitter.com/2/tweets/search/recent?query=weir"',
  ),
  credential('spotify-client-secret', [known('SPOTIFY_CLIENT_ID', '%h32%'), secret('SPOTIFY_CLIENT_SECRET', '%h32%')]),
  credential('mapbox-secret-token', [secret('MAPBOX_SECRET_TOKEN MAPBOX_ACCESS_TOKEN', 'sk.eyJ1Ijoi%a60%.%w22%')]),
  credential(
    'okta-token',
    [known('OKTA_ORG_URL', 'https://%company%.okta.com'), secret('OKTA_API_TOKEN OKTA_CLIENT_TOKEN', '00%w40%')],
    'curl -H "Authorization: SSWS {1}" {0}/api/v1/users',
  ),
  credential('auth-zero-client-secret', [
    known('AUTH0_DOMAIN', '%company%.eu.auth0.com'),
    secret('AUTH0_CLIENT_SECRET', '%w64%'),
  ]),
]
