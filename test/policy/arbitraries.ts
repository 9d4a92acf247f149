/** Random policies and subjects over a small world, in which rules and subjects meet often. */
import * as fc from 'fast-check'
import { type Catalog, repositoryHostsOf } from '../../src/catalog/catalog.ts'
import { ABSENT, type Amount, type Fact, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import { FAMILIES, OPERATIONS, type OpaqueOperation } from '../../src/flow/operation.ts'
import {
  type ContentFacts,
  contentFacts,
  NO_HOP,
  type OperationFact,
  type RefUpdate,
  type Subject,
  VISIBILITIES,
} from '../../src/flow/subject.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import type { PolicyInput } from '../../src/policy/schema.ts'
import type { RuleInput } from '../../src/policy/schema-rule.ts'
import { loadText } from './load.ts'
import { address, destination } from './subjects.ts'

const HOSTS = [
  'github.com',
  'api.github.com',
  'gitlab.com',
  'pastebin.com',
  'git.acme.example',
  'a.example',
  'b.a.example',
]
const PORTS = [443, 80, 22, 8443]
/** Nobody's, those that policies name, and one that none does. */
export const USERS = [null, 'ada', 'grace', 'eve'] as const
const CLIENTS = ['10.1.0.1', '10.2.0.1', '192.168.0.1', '2001:db8::1']
const ADDRESSES = ['203.0.113.7', '198.51.100.7', '198.51.100.200', '2001:db8:1::7']
const REPOSITORIES = [
  'github.com/acme/app',
  'github.com/acme/lib',
  'github.com/evil/app',
  'git.acme.example/a',
  'git.acme.example/a/b',
  'git.acme.example/A/b',
]
const PATHS = ['/', '/api/x', '/acme/app/settings']
const SIZES = [0, 500, 5_000]
const REFS = ['refs/heads/main', 'refs/heads/release/1', 'refs/tags/v1']
const METHODS = ['GET', 'POST', 'DELETE']
const INSTANTS = [
  Date.UTC(2026, 10, 24, 12),
  Date.UTC(2026, 10, 28, 3),
  Date.UTC(2027, 0, 1),
  Date.UTC(2026, 10, 29, 23, 59),
]
const REQUESTS = OPERATIONS.filter((operation) => !(FAMILIES.opaque as readonly string[]).includes(operation))

const some = <T>(items: readonly T[], maxLength = 3): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength })

const destinationInput = fc
  .record(
    {
      category: some(['code-repository', 'paste', 'file-sharing'] as const, 2),
      services: some(['github', 'gitlab', 'our-git'], 2),
      repositories: some(['ours', 'deep', 'github.com/acme/*', 'github.com/*/app', 'git.acme.example/**/b'], 2),
      lists: some(['listed'], 1),
      hosts: some(['github.com', '*.github.com', '*.example', 'a.example', '*.a.example', 'pastebin.com']),
      networks: some(['198.51.100.0/24', '198.51.100.128/25', '2001:db8:1::/48'], 2),
      ports: some(PORTS, 2),
    },
    { requiredKeys: [] },
  )
  // Rules with many keys at once match nothing, and nothing is learned from them.
  .map((part) => Object.fromEntries(Object.entries(part).slice(0, 2)))
  .filter((part) => Object.keys(part).length > 0)

const operationNames = fc.oneof(
  some(['read', 'write', 'admin', 'sign-in', 'telemetry'] as const, 4),
  some(['git-push', 'git-fetch', 'web-read', 'file-upload', 'upgrade'] as const),
  some(['opaque', 'tunnel', 'ssh', 'unknown-protocol'] as const, 2),
)

const ruleInput = fc
  .record(
    {
      from: fc.oneof(
        some(['near', 'far', 'staff'], 2),
        fc.record({ networks: some(['10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32'], 2) }),
        fc.record({ users: some(['ada', 'grace'], 1) }),
        fc.record({ groups: some(['near', 'staff'], 1), users: some(['ada', 'grace'], 2) }),
      ),
      to: destinationInput,
      except: destinationInput,
      operations: operationNames,
      when: fc
        .record(
          {
            methods: some(METHODS, 2),
            refs: some(['main', 'release/*', 'refs/**'], 2),
            deletes: fc.boolean(),
            paths: some(['/', '/api/**', '/*/app/settings'], 2),
            visibility: some([...VISIBILITIES], 2),
            ciFiles: fc.boolean(),
            size: fc.constantFrom({ over: '0 B' }, { over: '1 KB' }),
            sentBytes: fc.constantFrom({ over: '700 B' }, { over: '1 KB' }),
            types: some(['application/zip', 'image/*'], 2),
            encrypted: fc.boolean(),
            archive: fc.boolean(),
            entropy: fc.constantFrom({ over: 5 }, { over: 7.9 }),
            files: fc.constantFrom('*.pem', ['src/**', 'docs/*'], { outside: 'src/**' }),
            secrets: fc.constantFrom(true, false, 'private-key', ['private-key', 'github-token']),
            ownSource: fc.constantFrom(true, false, { share: { over: 0.5 } }, { repositories: 'acme/*' }),
            newRoot: fc.boolean(),
            largestBlob: fc.constantFrom({ over: '1 KB' }, { over: '1 MB' }),
            objects: fc.constantFrom({ over: 0 }, { over: 100 }),
            authors: fc.constantFrom('*@acme.example', { outside: ['*@acme.example', 'eve@b.example'] }),
          },
          { requiredKeys: [] },
        )
        .map((when) => Object.fromEntries(Object.entries(when).slice(0, 1))),
      limits: some(
        [{ per: 'request', size: '1 MB' }, { per: 'request', size: 2000 }, { budget: 'b' }, { budget: 'w' }] as const,
        2,
      ),
      mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'report' as const),
      until: fc.constantFrom('2026-12-31T18:00Z', '2020-01-01T00:00Z'),
      hours: fc.constantFrom(
        { days: 'mon-fri', from: '07:00', to: '20:00', zone: 'UTC' },
        { days: ['fri', 'sun'], from: '22:00', to: '06:00', zone: 'UTC' },
        { zone: 'UTC', days: 'sat-mon' },
      ),
      action: fc.constantFrom('allow' as const, 'deny' as const),
    },
    { requiredKeys: ['action'] },
  )
  .chain((rule) => {
    const keys = Object.keys(rule).filter((key) => key !== 'action')
    return fc.subarray(keys, { maxLength: Math.min(4, keys.length) }).map((kept) => keep(rule, kept))
  })

/** The rule with only these keys and its action; a deny rule has no limits. */
function keep(rule: { action: 'allow' | 'deny' }, keys: readonly string[]): Omit<RuleInput, 'name'> {
  const kept = Object.entries(rule).filter(([key]) => key === 'action' || keys.includes(key))
  const allowed = kept.filter(([key]) => rule.action === 'allow' || key !== 'limits')
  return Object.fromEntries(allowed) as unknown as Omit<RuleInput, 'name'>
}

const policyInput: fc.Arbitrary<PolicyInput> = fc
  .record({ default: fc.constantFrom('allow' as const, 'deny' as const), rules: fc.array(ruleInput, { maxLength: 6 }) })
  .map(({ default: action, rules }) => ({
    version: 1 as const,
    default: action,
    groups: {
      near: { networks: ['10.1.0.0/16'] },
      far: { networks: ['192.168.0.0/16', '2001:db8::/32'], users: ['grace'] },
      staff: { users: ['ada', 'grace'] },
    },
    services: { 'our-git': { kind: 'git' as const, hosts: ['git.acme.example'] } },
    repositories: { ours: ['github.com/acme/*', 'git.acme.example/a'], deep: ['git.acme.example/**'] },
    lists: { listed: ['gitlab.com', '*.a.example'] },
    budgets: {
      b: { per: 'request' as const, size: '3 MB' },
      w: { per: 'user' as const, window: '1 day', size: '1 GB' },
    },
    rules: rules.map((rule, at) => ({ ...rule, name: `rule-${at}` })),
  }))

export interface RandomPolicy {
  readonly input: PolicyInput
  readonly policy: CompiledPolicy
}

export const randomPolicy: fc.Arbitrary<RandomPolicy> = policyInput.map((input) => ({
  input,
  policy: loadText(JSON.stringify(input)).policy,
}))

const incomplete = fc.constantFrom<readonly string[]>([], [], ['an archive is enciphered'])

/** What a look into an upload finds, in whole or in part. */
const contents: fc.Arbitrary<ContentFacts> = fc
  .record({
    payload: fc.record({
      types: fc.subarray(['application/zip', 'image/png', 'text/plain']),
      files: fc.subarray(['src/a.ts', 'docs/b.md', 'deep/down/id.pem']),
      encrypted: fc.subarray(['a.zip']),
      archives: fc.subarray(['zip', 'tar']),
      entropy: fc.constantFrom(0, 4.5, 7.99),
      incomplete,
    }),
    secrets: fc.record({
      findings: fc
        .subarray(['private-key', 'github-token'])
        .map((rules) =>
          rules.map((rule) => ({ rule, title: rule, place: { commit: null, within: [] }, line: 1, excerpt: '' })),
        ),
      incomplete,
    }),
    ownSource: fc.record({
      source: fc.constantFrom(
        { bytes: 0, ofBytes: 1_000, repositories: [] },
        { bytes: 700, ofBytes: 1_000, repositories: [{ name: 'acme/app', blobs: 2, partial: 1, bytes: 700 }] },
        { bytes: 10, ofBytes: 1_000, repositories: [{ name: 'other/app', blobs: 0, partial: 1, bytes: 10 }] },
      ),
      incomplete,
    }),
    pack: fc.record({
      objects: fc.constantFrom(0, 3, 500),
      largestBlob: fc.constantFrom(0, 2_000, 5_000_000),
      newRoot: fc.boolean(),
      authors: fc.subarray(['ada@acme.example', 'eve@b.example']),
      ciFiles: fc.subarray(['.github/workflows/ci.yml']),
      ciNamed: fc.subarray(['.gitlab-ci.yml']),
      incomplete,
    }),
  })
  .map(({ payload, secrets, ownSource, pack }) => ({
    payload: known(payload),
    secrets: known(secrets),
    ownSource: known(ownSource),
    pack: known(pack),
  }))

/** Everything there is to know of a flow, in the end. */
export const truth = (catalog: Catalog): fc.Arbitrary<Subject> =>
  fc
    .record({
      client: fc.constantFrom(...CLIENTS),
      user: fc.constantFrom(...USERS),
      to: fc.oneof(fc.constantFrom(...HOSTS), fc.constantFrom('198.51.100.7', '203.0.113.1')),
      port: fc.constantFrom(...PORTS),
      address: fc.constantFrom(...ADDRESSES),
      at: fc.constantFrom(...INSTANTS),
      operation: fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(...REQUESTS).map((name) => ({ state: 'known', operation: name }) as OperationFact),
        },
        { weight: 1, arbitrary: fc.constantFrom('ssh', 'unknown-protocol', 'upgrade').map(opaque) },
        {
          weight: 1,
          arbitrary: fc
            .constantFrom('never', 'absent')
            .map((inside): OperationFact => ({ state: 'tunnel', inside: inside as 'never' })),
        },
      ),
      method: fc.constantFrom(...METHODS),
      path: fc.constantFrom(...PATHS),
      visibility: fc.option(fc.constantFrom(...VISIBILITIES)),
      ciFiles: fc.option(fc.boolean()),
      size: fc.constantFrom(...SIZES),
      content: contents,
      repository: fc.option(fc.constantFrom(...REPOSITORIES, 'nobody can say')),
      ref: fc.option(
        fc.record({ name: fc.constantFrom(...REFS), kind: fc.constantFrom('create', 'update', 'delete') }),
      ),
    })
    .map((words) => {
      const to = destination(`${words.to}:${words.port}`)
      const reachable = to.host === null ? [] : repositoryHostsOf(catalog, to.host)
      const isReachable = reachable.some((host) => words.repository?.startsWith(`${host}/`) === true)
      const inside = insideOf(words.operation)
      return {
        client: { address: address(words.client), user: words.user },
        destination: to,
        address: known(to.literal ?? address(words.address)),
        operation: words.operation,
        repository: inside ?? repositoryOf(words.repository, isReachable),
        method: inside ?? known(words.method),
        ref: inside ?? (words.ref === null ? ABSENT : known<RefUpdate>(words.ref)),
        path: inside ?? known(words.path),
        visibility: inside ?? (words.visibility === null ? ABSENT : known(words.visibility)),
        ciFiles: inside ?? (words.ciFiles === null ? ABSENT : known(words.ciFiles)),
        size: inside ?? known(words.size),
        sentBytes: inside ?? known(words.size + 300),
        ...(inside === null ? words.content : contentFacts(inside)),
        hop: NO_HOP,
        at: words.at,
      }
    })

function repositoryOf(name: string | null, isReachable: boolean): Fact<string> {
  // A request may land in a repository that its address does not name.
  if (name === 'nobody can say') return NEVER
  return name !== null && isReachable ? known(name) : ABSENT
}

/** What is hidden of a flow: any of the facts, and how much of the operation. */
export interface Veil {
  readonly address: boolean
  readonly repository: boolean
  readonly method: boolean
  readonly ref: boolean
  readonly more: boolean
  readonly operation: 'unseen' | 'tunnel' | 'opened' | 'seen'
}

export const veil: fc.Arbitrary<Veil> = fc.record({
  address: fc.boolean(),
  repository: fc.boolean(),
  method: fc.boolean(),
  ref: fc.boolean(),
  more: fc.boolean(),
  operation: fc.constantFrom('unseen', 'tunnel', 'opened', 'seen'),
})

const MORE_UNSEEN = {
  path: UNSEEN,
  visibility: UNSEEN,
  ciFiles: UNSEEN,
  size: UNSEEN,
  sentBytes: UNSEEN,
  ...contentFacts(UNSEEN),
} as const

export function cover(subject: Subject, hidden: Veil, policy: RandomPolicy): Subject {
  return {
    ...subject,
    address: hidden.address && subject.destination.literal === null ? UNSEEN : subject.address,
    repository: hidden.repository ? UNSEEN : subject.repository,
    method: hidden.method ? UNSEEN : subject.method,
    ref: hidden.ref ? UNSEEN : subject.ref,
    ...(hidden.more ? MORE_UNSEEN : {}),
    operation: coverOperation(subject.operation, hidden.operation, policy),
  }
}

function coverOperation(fact: OperationFact, stage: Veil['operation'], { input }: RandomPolicy): OperationFact {
  if (stage === 'unseen') return { state: 'unseen' }
  const isRequest = fact.state === 'known' || (fact.state === 'opaque' && fact.operation === 'upgrade')
  if (stage === 'opened' && isRequest) return { state: 'opened' }
  // A rule that names tunnels and not all that may be inside judges unopened TLS as it is: opening it is another flow.
  const namesTunnels = (input.rules ?? []).some(
    ({ operations }) => operations?.includes('tunnel') === true || operations?.includes('opaque') === true,
  )
  if (stage === 'tunnel' && isRequest && !namesTunnels) return { state: 'tunnel', inside: 'unseen' }
  if (stage === 'tunnel' && fact.state === 'tunnel' && fact.inside === 'never')
    return { state: 'tunnel', inside: 'unseen' }
  return fact
}

/** Facts in any state whatever, as no shell would ever put them together. */
export const chaos = (catalog: Catalog): fc.Arbitrary<Subject> => {
  const state = fc.constantFrom(ABSENT, UNSEEN, NEVER)
  const any = <T>(fact: Fact<T>): fc.Arbitrary<Fact<T>> => fc.oneof(fc.constant(fact), state)
  const operations = fc.constantFrom<OperationFact>(
    { state: 'unseen' },
    { state: 'opened' },
    { state: 'tunnel', inside: 'unseen' },
    { state: 'tunnel', inside: 'absent' },
  )
  return truth(catalog).chain((subject) =>
    fc.record({
      client: fc.constant(subject.client),
      destination: fc.constant(subject.destination),
      address: any(subject.address),
      operation: fc.oneof(fc.constant(subject.operation), operations),
      repository: any(subject.repository),
      method: any(subject.method),
      ref: any(subject.ref),
      path: any(subject.path),
      visibility: any(subject.visibility),
      ciFiles: any(subject.ciFiles),
      size: fc.oneof(fc.constant(subject.size), state, fc.constant<Amount>({ state: 'atLeast', value: 500 })),
      sentBytes: fc.oneof(fc.constant(subject.sentBytes), state),
      payload: any(subject.payload),
      secrets: any(subject.secrets),
      ownSource: any(subject.ownSource),
      pack: any(subject.pack),
      hop: fc.constant(NO_HOP),
      at: fc.constant(subject.at),
    }),
  )
}

function insideOf(fact: OperationFact): typeof NEVER | typeof ABSENT | null {
  if (fact.state === 'tunnel') return fact.inside === 'absent' ? ABSENT : NEVER
  return fact.state === 'opaque' && fact.operation !== 'upgrade' ? NEVER : null
}

function opaque(name: string): OperationFact {
  return { state: 'opaque', operation: name as Exclude<OpaqueOperation, 'tunnel'> }
}
