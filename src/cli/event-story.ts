/** What a record tells of a flow, in sentences: when, who, what it did, what became of it, and how much went upstream. */
import { factInWords } from '../policy/refusal.ts'
import { formatSpan } from '../text/duration.ts'
import { formatSize } from '../text/quantity.ts'
import type { FlowRecord } from './record-document.ts'
import { counted, type Style } from './terminal.ts'

export type Painter = (style: Style, text: string) => string

/** Of refs, in one sentence. */
export const REFS_TOLD_MAX = 20
/** A flow that took less is over in the moment that its record names. */
const LASTED_MS_MIN = 1_000

/** One sentence a line. The record's texts are printable already. */
export function storyOf(record: FlowRecord, paint: Painter): readonly string[] {
  return [
    opening(record, paint),
    ...lasted(record),
    ...nature(record),
    ...refs(record),
    ...amount(record),
    ...outcome(record, paint),
    ...reports(record, paint),
    ...answer(record),
    upstream(record),
  ]
}

function opening(record: FlowRecord, paint: Painter): string {
  const stamp = record['@timestamp']
  const when = `on ${stamp.slice(0, 10)} at ${stamp.slice(11, 19)} UTC`
  return `Event ${paint('bold', record['event.id'])}: ${when}, ${who(record)} ${asked(record)}.`
}

function who({ 'user.name': user, 'source.ip': address }: FlowRecord): string {
  return user === undefined ? `a client without a user, at ${address},` : `user ${user}, at ${address},`
}

function asked(record: FlowRecord): string {
  const method = record['http.request.method']
  if (method !== undefined) return `asked for ${method} ${urlOf(record)}`
  const { 'destination.address': name, 'destination.port': port } = record
  return name === undefined ? 'connected' : `asked for a connection to ${name}:${port ?? ''}`
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }

function urlOf(record: FlowRecord): string {
  const { 'url.scheme': scheme = '', 'url.domain': domain, 'url.port': port, 'url.query': query } = record
  const path = `${record['url.path'] ?? ''}${query === undefined ? '' : `?${query}`}`
  if (domain === undefined) return path
  const shownPort = port === undefined || port === DEFAULT_PORTS[scheme] ? '' : `:${port}`
  return `${scheme}://${domain}${shownPort}${path}`
}

function lasted({ 'event.duration': nanoseconds = 0 }: FlowRecord): readonly string[] {
  const ms = nanoseconds / 1_000_000
  return ms < LASTED_MS_MIN ? [] : [`It had lasted ${formatSpan(ms)} by then.`]
}

function nature(record: FlowRecord): readonly string[] {
  const { 'weir.operation': operation, 'weir.repository': repository, 'weir.service': service } = record
  const parts = [
    ...(operation === undefined ? [] : [`the operation ${operation}`]),
    ...(repository === undefined ? [] : [`on the repository ${repository}`]),
    ...(service === undefined ? [] : [`at the service ${service}`]),
  ]
  return parts.length === 0 ? [] : [`It was ${parts.join(' ')}.`]
}

function refs({ 'weir.refs': list = [], 'weir.refCount': count = list.length }: FlowRecord): readonly string[] {
  if (list.length === 0) return []
  const told = list.slice(0, REFS_TOLD_MAX).map(({ name, kind }) => `${kind} ${name}`)
  const more = count > told.length ? `, and ${count - told.length} more` : ''
  return [`It asked to ${told.join(', ')}${more}.`]
}

function amount(record: FlowRecord): readonly string[] {
  const { 'weir.upload.size': upload, 'weir.lfs.objects': objects, 'weir.lfs.bytes': bytes = 0 } = record
  const body = record['http.request.method'] === undefined ? 0 : record['weir.bytes.up']
  // Of a denial the rest is read away, and not counted.
  const read = record['event.action'] === 'denied' ? ', as far as it was read' : ''
  return [
    ...(upload === undefined ? [] : [`Its upload was ${formatSize(upload)}${read}.`]),
    ...(upload === undefined && body > 0 ? [`Its body was ${formatSize(body)}${read}.`] : []),
    ...(objects === undefined
      ? []
      : [
          `Ahead of it the client had sent ${counted(objects, 'object')} of LFS to that repository, ${formatSize(bytes)}.`,
        ]),
  ]
}

function outcome(record: FlowRecord, paint: Painter): readonly string[] {
  const opened = record['weir.openedFor']
  return [...(opened === undefined ? [] : [`TLS was opened for rule ${opened}.`]), ...ending(record, paint)]
}

function ending(record: FlowRecord, paint: Painter): readonly string[] {
  switch (record['event.action']) {
    case 'denied':
      return denial(record, paint)
    case 'challenged':
      return [`It was ${paint('yellow', 'asked for credentials')}: nothing was decided yet.`]
    case 'failed':
      return failure(record, paint)
    case 'allowed':
      return [`It was ${paint('green', 'allowed')} by ${ruleOf(record)}.`]
    case 'alive':
      return [`It was still going on, ${paint('green', 'allowed')} by ${ruleOf(record)}.`]
    default:
      return ['It ended before anything was decided.']
  }
}

function denial(record: FlowRecord, paint: Painter): readonly string[] {
  const { message, 'weir.unseen': unseen = [], 'weir.checkpoint': checkpoint } = record
  const at = checkpoint === undefined ? '' : `, at the checkpoint ${checkpoint}`
  return [
    `It was ${paint('red', 'denied')} by ${groundOf(record)}${at}.`,
    ...(unseen.length === 0 ? [] : [`Could not be seen: ${unseen.map(factInWords).join(', ')}.`]),
    ...(message === undefined ? [] : [`The reason that was given: ${message}`]),
  ]
}

function groundOf(record: FlowRecord): string {
  const { 'weir.reason': reason = '', 'rule.name': rule } = record
  const ofRule = rule === undefined ? '' : ` of rule ${rule}`
  switch (reason) {
    case 'rule':
    case 'default':
      return ruleOf(record)
    case 'doubt':
      return rule === undefined ? 'doubt' : `doubt: rule ${rule} refuses what it cannot see`
    case 'limit':
    case 'budget':
      return `a ${reason}${ofRule}`
    case 'tenant-unset':
      return '`tenants`'
    default:
      return `a guard that stands above every rule (${reason})`
  }
}

function failure(record: FlowRecord, paint: Painter): readonly string[] {
  const { 'error.message': message = 'nobody knows why', 'error.code': code = '', 'weir.verdict': verdict } = record
  return [
    `It ${paint('yellow', 'failed')}: ${message} (${code}).`,
    verdict === 'allow' ? `Until then it was allowed by ${ruleOf(record)}.` : 'Nothing was decided until then.',
  ]
}

function ruleOf({ 'rule.name': rule }: FlowRecord): string {
  return rule === undefined ? 'the default' : `rule ${rule}`
}

function reports({ 'weir.wouldDeny': rules = [] }: FlowRecord, paint: Painter): readonly string[] {
  return rules.map((rule) => `It ${paint('yellow', 'would have been denied')} by rule ${rule}, which only reports.`)
}

function answer({ 'http.response.status_code': status }: FlowRecord): readonly string[] {
  return status === undefined ? [] : [`The client saw status ${status}.`]
}

function upstream(record: FlowRecord): string {
  const bytes = record['weir.upstream.bodyBytes']
  if (bytes !== undefined) return `${bytes === 0 ? 'Nothing' : formatSize(bytes)} of its body went upstream.`
  const { 'weir.bytes.up': up, 'weir.bytes.down': down } = record
  return up + down === 0
    ? 'No byte went through it.'
    : `The client sent ${formatSize(up)} and was sent ${formatSize(down)}.`
}
