/** The policy language once more, as plainly as it can be written, for flows of which everything is known. */
import { BlockList, isIPv6 } from 'node:net'
import { type Catalog, foldsCase, serviceOf } from '../../src/catalog/catalog.ts'
import { isFamily, FAMILIES } from '../../src/flow/operation.ts'
import type { Subject } from '../../src/flow/subject.ts'
import type { GroupInput, PolicyInput } from '../../src/policy/schema.ts'
import type { DestinationInput, RuleInput } from '../../src/policy/schema-rule.ts'
import { parseSize } from '../../src/text/quantity.ts'

export interface Expected {
  readonly action: 'allow' | 'deny'
  readonly rule: string | null
  readonly wouldDeny: readonly string[]
}

/** Only for a known operation; every other fact is known or absent. */
export function referenceVerdict(input: PolicyInput, subject: Subject, catalog: Catalog): Expected {
  const wouldDeny: string[] = []
  for (const rule of input.rules ?? []) {
    if (!matches(input, rule, subject, catalog)) continue
    if (rule.mode !== 'report') return { action: rule.action, rule: rule.name, wouldDeny }
    if (rule.action === 'deny') wouldDeny.push(rule.name)
  }
  return { action: input.default ?? 'deny', rule: null, wouldDeny }
}

function matches(input: PolicyInput, rule: RuleInput, subject: Subject, catalog: Catalog): boolean {
  const at = new Date(subject.at)
  const { ref, method, operation, path, visibility, ciFiles, size, sentBytes } = subject
  if (operation.state !== 'known') throw new Error('the reference knows only requests')
  const named = list(
    rule.operations ??
      (rule.action === 'deny' ? Object.keys(FAMILIES) : ['read', 'write', 'admin', 'sign-in', 'telemetry']),
  )
  const operations = named.flatMap((name): readonly string[] => (isFamily(name) ? FAMILIES[name] : [name]))
  const when = rule.when ?? {}
  return (
    isFrom(input, rule, subject) &&
    (rule.to === undefined || isAt(input, rule.to, subject, catalog, rule.action === 'allow')) &&
    (rule.except === undefined || !isAt(input, rule.except, subject, catalog, false)) &&
    operations.includes(operation.operation) &&
    (when.methods === undefined || (method.state === 'known' && list(when.methods).includes(method.value))) &&
    (when.refs === undefined ||
      (ref.state === 'known' &&
        list(when.refs).some((text) =>
          glob(text.startsWith('refs/') ? text : `refs/heads/${text}`, ref.value.name),
        ))) &&
    (when.paths === undefined || (path.state === 'known' && list(when.paths).some((text) => glob(text, path.value)))) &&
    (when.visibility === undefined ||
      (visibility.state === 'known' && list(when.visibility).includes(visibility.value))) &&
    (when.ciFiles === undefined || (ciFiles.state === 'known' && ciFiles.value === when.ciFiles)) &&
    (when.size === undefined || (size.state === 'known' && size.value > Number(parseSize(when.size.over)))) &&
    (when.sentBytes === undefined ||
      (sentBytes.state === 'known' && sentBytes.value > Number(parseSize(when.sentBytes.over)))) &&
    (when.deletes === undefined || (ref.state === 'known' && (ref.value.kind === 'delete') === when.deletes)) &&
    (rule.until === undefined || at < new Date(rule.until)) &&
    (rule.hours === undefined || isInHours(rule.hours, at))
  )
}

function isFrom(input: PolicyInput, { from }: RuleInput, { client }: Subject): boolean {
  if (from === undefined) return true
  const { groups, networks, users } = typeof from === 'string' || Array.isArray(from) ? { groups: from } : from
  return (
    (groups === undefined || list(groups).some((name) => isMember(input.groups?.[name], client))) &&
    (networks === undefined || inNetworks(networks, client.address.text)) &&
    (users === undefined || list(users).some((user) => user === client.user))
  )
}

function isMember(group: GroupInput | undefined, { address, user }: Subject['client']): boolean {
  return inNetworks(group?.networks ?? [], address.text) || (group?.users ?? []).some((member) => member === user)
}

function isAt(
  input: PolicyInput,
  part: DestinationInput,
  subject: Subject,
  catalog: Catalog,
  isAllowed: boolean,
): boolean {
  const { host, port } = subject.destination
  const service = host === null ? null : serviceOf(catalog, host)
  const { address, repository } = subject
  const patterns = [
    ...list(part.hosts ?? []),
    ...list(part.lists ?? []).flatMap((name) => (input.lists?.[name] ?? []) as string[]),
  ]
  const namesHosts = part.hosts !== undefined || part.lists !== undefined
  const ports = part.ports ?? (namesHosts && isAllowed ? [80, 443] : undefined)
  const repositories = list(part.repositories ?? []).flatMap((name) =>
    name.includes('/') ? [name] : (input.repositories?.[name] ?? []),
  )
  return (
    (part.category === undefined || (service !== null && list(part.category).includes(service.category))) &&
    (part.services === undefined || (service !== null && list(part.services).includes(service.id))) &&
    (!namesHosts ||
      (host !== null &&
        patterns.some((text) => (text.startsWith('*.') ? host.endsWith(text.slice(1)) : host === text)))) &&
    (ports === undefined || list(ports).includes(port)) &&
    (part.networks === undefined ||
      (address.state === 'known' && inNetworks(list(part.networks), address.value.text))) &&
    (part.repositories === undefined ||
      (host !== null &&
        repository.state === 'known' &&
        repositories.some((text) => isRepository(text, repository.value, catalog))))
  )
}

function isRepository(pattern: string, repository: string, catalog: Catalog): boolean {
  const folds = foldsCase(catalog, repository.split('/')[0] ?? '')
  const plain = (text: string): string => (folds ? text.toLowerCase() : text).replace(/\.git$/, '')
  return glob(plain(pattern), plain(repository))
}

export function glob(pattern: string, text: string): boolean {
  // `**` with its slash may be nothing at all.
  const source = `/${pattern}`
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\/\*\*(?=\/|$)/g, '\u0000')
    .replace(/\*/g, '[^/]*')
    .replaceAll('\u0000', '(?:/[^/]+)*')
  return new RegExp(`^${source}$`).test(`/${text}`)
}

function inNetworks(networks: readonly string[], text: string): boolean {
  const blocks = new BlockList()
  for (const network of networks) {
    const [base = '', prefix] = network.split('/')
    const family = isIPv6(base) ? 'ipv6' : 'ipv4'
    blocks.addSubnet(base, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return blocks.check(text, isIPv6(text) ? 'ipv6' : 'ipv4')
}

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Only for UTC. */
function isInHours({ days, from = '00:00', to = '24:00' }: NonNullable<RuleInput['hours']>, at: Date): boolean {
  const isDay = (day: number): boolean =>
    list(days ?? 'mon-sun').some((range) => {
      const [first = '', last = first] = range.split('-')
      for (let one = WEEK.indexOf(first); ; one = (one + 1) % 7) {
        if (one === day) return true
        if (WEEK[one] === last) return false
      }
    })
  const today = (at.getUTCDay() + 6) % 7
  const clock = at.toISOString().slice(11, 16)
  if (from < to) return isDay(today) && clock >= from && clock < to
  return (isDay(today) && clock >= from) || (isDay((today + 6) % 7) && clock < to)
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
