/** One flow as one line of the record, in the field names of the Elastic Common Schema (ECS 8) and, beside them, `weir.*`. */
import type { Flow } from '../flow/flow.ts'
import type { RecordMoment } from '../flow/ports.ts'
import { nameOf } from '../net/destination.ts'
import { contentFields } from './content-fields.ts'
import { redactTarget } from './redact.ts'

/** Every event of ECS says by which version its fields are named. */
export const ECS_VERSION = '8.17.0'

/** MITRE ATT&CK: Exfiltration to Code Repository. */
const TECHNIQUE = 'T1567.001'

/** Names of refs in one line, in characters together: a push may have thousands, and a line must not crowd out others. */
export const REF_CHARACTERS_MAX = 16_384

export type EcsRecord = Readonly<Record<string, unknown>>

/** `at` is milliseconds since the epoch; `policy` the hash of the policy that judged. Empty fields are left out. */
export function toEcs(flow: Flow, moment: RecordMoment, at: number, policy: string): EcsRecord {
  const denied = isDenied(flow)
  const denial = flow.verdict?.action === 'deny' ? flow.verdict.denial : null
  return compact({
    '@timestamp': new Date(at).toISOString(),
    'event.id': flow.id,
    'event.kind': denied ? 'alert' : 'event',
    'event.category': ['network'],
    'event.type': [denied ? 'denied' : moment === 'alive' ? 'info' : 'connection'],
    'event.action': actionOf(flow, moment),
    'event.outcome': denied || flow.failure !== null ? 'failure' : 'success',
    'event.duration': (at - flow.startedAt) * 1_000_000,
    'source.ip': flow.client.address.text,
    'source.port': flow.client.port,
    'user.name': flow.user ?? undefined,
    ...destinationFields(flow),
    ...requestFields(flow),
    'rule.name': ruleOf(flow),
    'threat.technique.id': denied && flow.operation !== null ? [TECHNIQUE] : undefined,
    message: denial?.message,
    'error.code': flow.failure?.code,
    'error.message': flow.failure?.message,
    ...weirFields(flow, policy),
  })
}

/** A client that is only asked who it is was not denied anything. */
export function isDenied({ verdict }: Flow): boolean {
  return verdict?.action === 'deny' && verdict.denial.code !== 'credentials-needed'
}

function destinationFields(flow: Flow): EcsRecord {
  const { destination, tls } = flow
  return {
    'destination.domain': destination?.host ?? undefined,
    'destination.address': destination === null ? undefined : nameOf(destination),
    'destination.ip': (flow.address ?? destination?.literal)?.text,
    'destination.port': destination?.port,
    'tls.client.server_name': tls?.serverName ?? undefined,
    'tls.client.supported_protocols': tls?.alpn.length === 0 ? undefined : tls?.alpn,
  }
}

function requestFields(flow: Flow): EcsRecord {
  const { request, destination } = flow
  if (request === null) return {}
  const { path, query } = redactTarget(request.target)
  return {
    'http.request.method': request.method,
    'http.request.body.bytes': flow.bytesUp,
    'http.response.status_code': flow.status ?? undefined,
    'http.response.body.bytes': flow.bytesDown,
    'http.version': request.httpVersion,
    'url.scheme': request.scheme,
    'url.domain': destination === null ? undefined : nameOf(destination),
    'url.port': destination?.port,
    'url.path': path,
    'url.query': query ?? undefined,
    'user_agent.original': request.userAgent ?? undefined,
  }
}

function weirFields(flow: Flow, policy: string): EcsRecord {
  const { verdict } = flow
  const denial = verdict?.action === 'deny' ? verdict.denial : null
  const wouldDeny =
    verdict === null || verdict.action === 'undecided' ? [] : verdict.wouldDeny.map((entry) => entry.rule)
  return {
    'weir.operation': flow.operation ?? undefined,
    'weir.service': flow.service ?? undefined,
    'weir.repository': flow.repository ?? undefined,
    'weir.refs': flow.refs.length === 0 ? undefined : firstRefs(flow.refs),
    'weir.refCount': flow.refs.length === 0 ? undefined : flow.refs.length,
    'weir.lfs.objects': flow.lfs?.objects,
    'weir.lfs.bytes': flow.lfs?.bytes,
    'weir.bytes.up': flow.bytesUp,
    'weir.bytes.down': flow.bytesDown,
    'weir.upload.size': flow.uploadSize ?? undefined,
    ...contentFields(flow.content),
    'weir.verdict': verdict?.action,
    'weir.reason': denial?.code,
    'weir.unseen': denial === null || denial.unseen.length === 0 ? undefined : denial.unseen,
    'weir.checkpoint': flow.checkpoint ?? undefined,
    'weir.openedFor': flow.openedFor ?? undefined,
    'weir.wouldDeny': wouldDeny.length === 0 ? undefined : wouldDeny,
    'weir.policy': policy,
    'weir.upstream.bodyBytes': flow.request === null ? undefined : flow.upstreamBodyBytes,
  }
}

function actionOf(flow: Flow, moment: RecordMoment): string {
  if (isDenied(flow)) return 'denied'
  if (flow.verdict?.action === 'deny') return 'challenged'
  if (flow.failure !== null) return 'failed'
  if (moment === 'alive') return 'alive'
  // A client that goes away before anything was decided was not allowed anything.
  return flow.verdict?.action === 'allow' ? 'allowed' : 'ended'
}

function firstRefs(refs: Flow['refs']): Flow['refs'] {
  const first: { name: string; kind: Flow['refs'][number]['kind'] }[] = []
  let characters = 0
  for (const { name, kind } of refs) {
    characters += name.length
    if (characters > REF_CHARACTERS_MAX) break
    first.push({ name, kind })
  }
  return first
}

function ruleOf(flow: Flow): string | undefined {
  if (flow.verdict === null) return undefined
  return (flow.verdict.action === 'deny' ? flow.verdict.denial.rule : flow.verdict.rule) ?? undefined
}

function compact(fields: Record<string, unknown>): EcsRecord {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value
  return kept
}
