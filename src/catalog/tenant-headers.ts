/** Headers by which a provider lets in only the accounts that a proxy names: their names, where they count, and what stands in them. */

/** What is wrong with a value, and what to write instead. */
export interface TenantFault {
  readonly message: string
  readonly hint: string
}

/** One key under a provider in a policy's `tenants`. */
export interface TenantKey {
  /** `list`: one or more values, joined by commas in the header. */
  readonly form: 'list' | 'one'
  /** The most values that the provider reads; where it says none, ours. */
  readonly countMax: number
  readonly pattern: RegExp
  /** What a value is, as in "`x` is not …". */
  readonly noun: string
  readonly description: string
  readonly example: string
}

/** A field, and the key that its value comes from or the value that it always has. */
export type TenantField =
  | { readonly name: string; readonly of: string }
  | { readonly name: string; readonly always: string }

/** Hosts that get the same fields. */
export interface TenantSite {
  /** `x`, or `*.x` for what is below x and not x. */
  readonly hosts: readonly string[]
  readonly fields: readonly TenantField[]
}

export interface TenantProvider {
  readonly id: string
  /** As people call it. */
  readonly title: string
  readonly description: string
  readonly keys: Readonly<Record<string, TenantKey>>
  readonly sites: readonly TenantSite[]
  /** Hosts that carry no header and lead to the same accounts: SSH. */
  readonly shut: readonly string[]
  /**
   * Hosts without the header that a certificate has together with one of `sites`: in TLS that stays closed, a client could ask
   * there for the other. They are opened, so that the names inside must agree.
   */
  readonly near: readonly string[]
  /** Hosts that write to the provider's accounts and are not said to heed the header: `weir check` tells of them. */
  readonly beyond: readonly string[]
}

/** Values under one key, where the provider says no number. */
export const tenantIdsMax = 50
/** Characters of one value. */
export const tenantIdCharactersMax = 128

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const TOKEN = /^[a-z0-9](?:[a-z0-9._:=-]*[a-z0-9=_-])?$/i

function listOf(key: Pick<TenantKey, 'pattern' | 'noun' | 'description' | 'example'>, countMax?: number): TenantKey {
  return { form: 'list', countMax: countMax ?? tenantIdsMax, ...key }
}

function oneOf(key: Pick<TenantKey, 'pattern' | 'noun' | 'description' | 'example'>): TenantKey {
  return { form: 'one', countMax: 1, ...key }
}

const NONE = { shut: [], near: [], beyond: [] } as const

// https://docs.github.com/enterprise-cloud@latest/admin/configuring-settings/hardening-security-for-your-enterprise/restricting-access-to-githubcom-using-a-corporate-proxy
const GITHUB: TenantProvider = {
  id: 'github',
  title: 'GitHub',
  description: '`sec-GitHub-allowed-enterprise`: accounts of these enterprises with managed users alone.',
  keys: {
    enterprises: listOf(
      {
        pattern: TOKEN,
        noun: 'the ID of an enterprise',
        description:
          'IDs of enterprises, as their settings show them under "Enterprise access restrictions". At most 20.',
        example: 'acme',
      },
      20,
    ),
  },
  sites: [
    {
      // www.github.com is an alias of github.com, which its certificate names too.
      hosts: ['github.com', 'www.github.com', 'api.github.com', '*.githubcopilot.com'],
      fields: [{ name: 'sec-GitHub-allowed-enterprise', of: 'enterprises' }],
    },
  ],
  shut: ['ssh.github.com'],
  near: ['*.github.com'],
  beyond: ['gist.github.com', 'uploads.github.com', 'lfs.github.com', 'github.dev', '*.github.dev'],
}

// https://learn.microsoft.com/entra/identity/enterprise-apps/tenant-restrictions
const MICROSOFT: TenantProvider = {
  id: 'microsoft',
  title: 'Microsoft',
  description:
    '`Restrict-Access-To-Tenants` and `Restrict-Access-Context`: sign-in to these tenants alone. Personal accounts are refused by `sec-Restrict-Tenant-Access-Policy: restrict-msa`.',
  keys: {
    tenants: listOf({
      pattern: new RegExp(`${DOMAIN.source}|${UUID.source}`, 'i'),
      noun: 'a tenant',
      description: 'Tenants that may be signed in to: a domain registered with them, or their directory ID.',
      example: 'acme.example',
    }),
    context: oneOf({
      pattern: UUID,
      noun: 'a directory ID',
      description: 'The directory ID of your own tenant, which sets the restriction.',
      example: '456ff232-0000-4000-8000-8c6a2a3f0000',
    }),
  },
  sites: [
    {
      hosts: ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net'],
      fields: [
        { name: 'Restrict-Access-To-Tenants', of: 'tenants' },
        { name: 'Restrict-Access-Context', of: 'context' },
      ],
    },
    { hosts: ['login.live.com'], fields: [{ name: 'sec-Restrict-Tenant-Access-Policy', always: 'restrict-msa' }] },
  ],
  ...NONE,
}

// https://support.google.com/a/answer/1668854
const GOOGLE: TenantProvider = {
  id: 'google',
  title: 'Google',
  description: '`X-GoogApps-Allowed-Domains`: accounts of these Workspace domains alone.',
  keys: {
    domains: listOf({
      pattern: new RegExp(`${DOMAIN.source}|^consumer_accounts$`, 'i'),
      noun: 'a domain of Google Workspace',
      description: 'Domains, secondary ones included; `consumer_accounts` lets personal accounts in.',
      example: 'acme.example',
    }),
  },
  sites: [{ hosts: ['google.com', '*.google.com'], fields: [{ name: 'X-GoogApps-Allowed-Domains', of: 'domains' }] }],
  ...NONE,
  beyond: ['*.googleapis.com', '*.googleusercontent.com'],
}

// https://help.dropbox.com/security/network-control
const DROPBOX: TenantProvider = {
  id: 'dropbox',
  title: 'Dropbox',
  description: '`X-Dropbox-allowed-Team-Ids`: accounts of these teams alone.',
  keys: {
    teams: listOf({
      pattern: TOKEN,
      noun: 'the ID of a team',
      description: 'IDs of teams, as the admin console shows them under "Network control".',
      example: 'dbtid:AAAexample',
    }),
  },
  sites: [{ hosts: ['dropbox.com', '*.dropbox.com'], fields: [{ name: 'X-Dropbox-allowed-Team-Ids', of: 'teams' }] }],
  ...NONE,
  beyond: ['*.dropboxapi.com'],
}

// https://slack.com/help/articles/360024821873
const SLACK: TenantProvider = {
  id: 'slack',
  title: 'Slack',
  description: '`X-Slack-Allowed-Workspaces` and `X-Slack-Allowed-Workspaces-Requester`: these workspaces alone.',
  keys: {
    workspaces: listOf({
      pattern: TOKEN,
      noun: 'the ID of a workspace',
      description: 'IDs of workspaces and organisations that may be signed in to.',
      example: 'T0123456789',
    }),
    requester: oneOf({
      pattern: TOKEN,
      noun: 'the ID of a workspace',
      description: 'The ID of your own workspace or organisation, which sets the restriction.',
      example: 'E0123456789',
    }),
  },
  sites: [
    {
      hosts: ['slack.com', '*.slack.com'],
      fields: [
        { name: 'X-Slack-Allowed-Workspaces-Requester', of: 'requester' },
        { name: 'X-Slack-Allowed-Workspaces', of: 'workspaces' },
      ],
    },
  ],
  ...NONE,
}

// https://help.webex.com/article/m0jby2
const WEBEX: TenantProvider = {
  id: 'webex',
  title: 'Webex',
  description: '`CiscoSpark-Allowed-Domains`: accounts with mail addresses in these domains alone.',
  keys: {
    domains: listOf({
      pattern: DOMAIN,
      noun: 'a domain',
      description: 'Domains of mail addresses.',
      example: 'acme.example',
    }),
  },
  sites: [
    {
      hosts: [
        ...['identity', 'identity-eu', 'identity-ca', 'idbroker', 'idbroker-secondary', 'idbroker-b-us'].map(webex),
        ...['idbroker-eu', 'idbroker-au', 'idbroker-ca'].map(webex),
        'atlas-a.wbx2.com',
      ],
      fields: [{ name: 'CiscoSpark-Allowed-Domains', of: 'domains' }],
    },
  ],
  ...NONE,
}

function webex(name: string): string {
  return `${name}.webex.com`
}

// https://help.openai.com/articles/8798594
const CHATGPT: TenantProvider = {
  id: 'chatgpt',
  title: 'ChatGPT',
  description: '`ChatGPT-Allowed-Workspace-Id`: this workspace alone.',
  keys: {
    workspace: oneOf({
      pattern: UUID,
      noun: 'the ID of a workspace',
      description: 'The ID of the workspace.',
      example: '437adf77-0000-4000-8000-de7b6f5e0000',
    }),
  },
  sites: [
    {
      hosts: ['chatgpt.com', '*.chatgpt.com'],
      fields: [{ name: 'ChatGPT-Allowed-Workspace-Id', of: 'workspace' }],
    },
  ],
  ...NONE,
  beyond: ['api.openai.com'],
}

// https://support.claude.com/en/articles/13198485
const ANTHROPIC: TenantProvider = {
  id: 'anthropic',
  title: 'Claude',
  description: '`anthropic-allowed-org-ids`: these organisations alone, by password and by API key.',
  keys: {
    organizations: listOf({
      pattern: UUID,
      noun: 'the ID of an organisation',
      description: 'IDs of organisations.',
      example: '550e8400-e29b-41d4-a716-446655440000',
    }),
  },
  sites: [
    {
      hosts: ['claude.ai', 'api.anthropic.com'],
      fields: [{ name: 'anthropic-allowed-org-ids', of: 'organizations' }],
    },
  ],
  ...NONE,
  near: ['*.claude.ai', '*.anthropic.com'],
  beyond: ['console.anthropic.com', 'claude.com', '*.claude.com'],
}

export const TENANT_PROVIDERS: readonly TenantProvider[] = [
  GITHUB,
  MICROSOFT,
  GOOGLE,
  DROPBOX,
  SLACK,
  WEBEX,
  CHATGPT,
  ANTHROPIC,
]

/** What is wrong with a value under a key; null where nothing is. What the text breaks is not repeated in the message. */
export function whyNotTenantId(text: string, { pattern, noun, example }: TenantKey): TenantFault | null {
  const hint = `write it as ${example}`
  if (/\p{Cc}/u.test(text)) return { message: 'has a control character, which would break the header', hint }
  if (text.length > tenantIdCharactersMax) {
    return { message: `must be at most ${tenantIdCharactersMax} characters`, hint }
  }
  if (text.includes(',')) return { message: `\`${text}\` has a comma`, hint: 'write each as an item of its own' }
  return pattern.test(text) ? null : { message: `\`${text}\` is not ${noun}`, hint }
}

/** The value of a field; `valuesOf` answers what the policy says under a key. */
export function tenantValueOf(field: TenantField, valuesOf: (key: string) => readonly string[]): string {
  return 'always' in field ? field.always : valuesOf(field.of).join(',')
}

/**
 * In lower case, all that a client must not say in our place at any of the provider's hosts: at login.microsoftonline.com,
 * `sec-Restrict-Tenant-Access-Policy` would name a policy of somebody else's.
 */
export function tenantFieldNames({ sites }: TenantProvider): readonly string[] {
  const names = sites.flatMap(({ fields }) => fields.map(({ name }) => name.toLowerCase()))
  return [...new Set(names)]
}
