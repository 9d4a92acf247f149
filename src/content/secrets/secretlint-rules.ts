/** The rules of secretlint's recommended preset as rules of ours: a second pair of eyes that others keep up to date. */
import { rules as preset } from '@secretlint/secretlint-rule-preset-recommend'
import type { SecretLintRuleContext, SecretLintRuleReportHandler, SecretLintSourceCode } from '@secretlint/types'
import { isPlaceholder } from './placeholder.ts'
import { entropyOf } from './randomness.ts'
import type { Stretch, SweepRule } from './rule.ts'

/** What its rules are here: the same names as those of our own rules for the same thing. */
interface Adopted {
  readonly id: string
  readonly title: string
  readonly keywords: readonly string[]
}

const PREFIX = '@secretlint/secretlint-rule-'

const ADOPTED: Readonly<Record<string, Adopted>> = {
  '1password': { id: 'one-password-token', title: 'a service account token of 1Password', keywords: ['ops_ey'] },
  anthropic: { id: 'anthropic-key', title: 'an API key of Anthropic', keywords: ['sk-ant-'] },
  aws: {
    id: 'aws-access-key',
    title: 'an access key of AWS',
    keywords: ['akia', 'asia', 'a3t', 'agpa', 'aida', 'aroa', 'aipa', 'anpa', 'anva'],
  },
  cloudflare: { id: 'cloudflare-token', title: 'an API token of Cloudflare', keywords: ['cfut_', 'cfat_', 'cfk_'] },
  databricks: { id: 'databricks-token', title: 'an access token of Databricks', keywords: ['dapi'] },
  docker: { id: 'docker-hub-token', title: 'an access token of Docker Hub', keywords: ['dckr_'] },
  figma: { id: 'figma-token', title: 'an access token of Figma', keywords: ['figd_'] },
  github: {
    id: 'github-token',
    title: 'an access token of GitHub',
    keywords: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
  },
  gitlab: { id: 'gitlab-token', title: 'an access token of GitLab', keywords: ['glpat-'] },
  grafana: { id: 'grafana-token', title: 'a token of Grafana', keywords: ['glc_', 'glsa_', 'eyjrijoi'] },
  groq: { id: 'groq-key', title: 'an API key of Groq', keywords: ['gsk_'] },
  'hashicorp-vault': { id: 'vault-token', title: 'a token of HashiCorp Vault', keywords: ['hvs.', 'hvb.', 'hvr.'] },
  huggingface: { id: 'hugging-face-token', title: 'an access token of Hugging Face', keywords: ['hf_'] },
  linear: { id: 'linear-key', title: 'an API key of Linear', keywords: ['lin_api_'] },
  notion: { id: 'notion-token', title: 'a token of Notion', keywords: ['ntn_', 'secret_'] },
  npm: { id: 'npm-token', title: 'an access token of npm', keywords: ['npm_', '_authtoken', 'x-oauth-basic'] },
  openai: { id: 'openai-key', title: 'an API key of OpenAI', keywords: ['t3blbkfj'] },
  privatekey: { id: 'private-key', title: 'a private key', keywords: ['-----begin'] },
  sendgrid: { id: 'sendgrid-key', title: 'an API key of SendGrid', keywords: ['sg.'] },
  shopify: { id: 'shopify-token', title: 'a token of Shopify', keywords: ['shppa_', 'shpca_', 'shpat_', 'shpss_'] },
  slack: {
    id: 'slack-token',
    title: 'a token of Slack',
    keywords: ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-', 'hooks.slack.com'],
  },
  stripe: { id: 'stripe-key', title: 'a secret key of Stripe', keywords: ['sk_live', 'sk_test', 'rk_live', 'rk_test'] },
  tailscale: { id: 'tailscale-key', title: 'a key of Tailscale', keywords: ['tskey-'] },
  vercel: { id: 'vercel-token', title: 'a token of Vercel', keywords: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'] },
}

/** Rules of the preset that are not asked, and why. A test holds that each of its rules is here or above. */
export const NOT_ADOPTED: Readonly<Record<string, string>> = {
  basicauth: 'takes user:password@host of documentation for a credential; ours knows placeholders',
  'database-connection-string': 'as basicauth',
  gcp: 'reads whole files of keys by their name; ours finds the keys inside',
  'filter-comments': 'lets a comment in the text switch rules off, which whoever sends it could write',
}

// An account is no credential, and the place that is told of the other one is not where it stands; ours finds it.
const HARMLESS_MESSAGES = new Set(['AWSAccountID', 'AWSSecretAccessKey'])

const ENTROPY_MIN = 2.6
const BEFORE_BYTES = 320
const AFTER_BYTES = 1536
const REACH_BYTES = 640

export const PRESET_NAMES: readonly string[] = preset.map(({ meta }) => meta.id.slice(PREFIX.length))
export const ADOPTED_NAMES: readonly string[] = Object.keys(ADOPTED)

export const SECRETLINT_RULES: readonly SweepRule[] = preset.flatMap((creator) => {
  const adopted = ADOPTED[creator.meta.id.slice(PREFIX.length)]
  if (adopted === undefined) return []
  let found: Stretch[] = []
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: '', messageId: String(messageId), data }),
    report: ({ message, range: [start, end] }) => {
      if (!HARMLESS_MESSAGES.has(message.messageId)) found.push({ start, end })
    },
    // Who sends a text has no say in which of its credentials count.
    ignore: () => undefined,
  }
  const { file } = creator.create(context, {})
  const rule: SweepRule = {
    kind: 'sweep',
    ...adopted,
    before: BEFORE_BYTES,
    after: AFTER_BYTES,
    reach: REACH_BYTES,
    rank: 2,
    isSlow: false,
    sweep: (text) => {
      found = []
      askSynchronously(file, text, adopted.id)
      return found.filter(({ start, end }) => isPlausible(text.slice(start, end)))
    },
  }
  return [rule]
})

function isPlausible(secret: string): boolean {
  return !isPlaceholder(secret) && entropyOf(secret) >= ENTROPY_MIN
}

function askSynchronously(file: SecretLintRuleReportHandler['file'], text: string, id: string): void {
  const answer: unknown = file?.(sourceOf(text))
  if (answer instanceof Promise) throw new TypeError(`the rule for ${id} answers later`)
}

function sourceOf(content: string): SecretLintSourceCode {
  const start = { line: 1, column: 0 }
  return {
    hasBOM: false,
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '.txt',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start, end: start }),
    positionToIndex: () => 0,
    indexToPosition: () => start,
  }
}
