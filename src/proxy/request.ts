/** Admits a request: one reading of its head, its target and the names in it, or a refusal above every rule. */
import { createFlow, type Flow } from '../flow/flow.ts'
import type { Destination } from '../net/destination.ts'
import { authorityOf, nameOf, parseAuthority } from '../net/destination.ts'
import { rawValues } from '../wire/fields.ts'
import { checkHead, type Framing, type HeadFault, type RequestHead } from '../wire/request-head.ts'
import { parseTarget, type RequestTarget } from '../wire/request-target.ts'
import { readWebSocketOffer, type WebSocketOffer } from '../wire/websocket-handshake.ts'
import type { Connection } from './connection.ts'
import { createEventId } from './event-id.ts'
import type { Incoming } from './incoming.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** What a request asks for, in the one reading that Weir and the upstream share. */
export interface Asked {
  readonly destination: Destination
  readonly method: string
  /** Origin-form (or `*`): path and query as sent. */
  readonly target: string
  readonly framing: Framing
  readonly hasContent: boolean
  readonly expectContinue: boolean
  /** The other protocol that it wants to become, or why it cannot be carried; null for a request that stays one. */
  readonly upgrade: WebSocketOffer | HeadFault | null
}

export type Admitted =
  | { readonly state: 'asked'; readonly flow: Flow; readonly asked: Asked }
  | { readonly state: 'refused'; readonly flow: Flow; readonly verdict: DenyVerdict }

export function admit(weir: Runtime, connection: Connection, incoming: Incoming): Admitted {
  const { tunnel } = connection
  const flow = createFlow({
    id: createEventId(),
    kind: 'request',
    startedAt: weir.now(),
    client: connection.client,
    destination: tunnel?.destination ?? null,
    tls: tunnel?.tls ?? null,
  })
  flow.openedFor = tunnel?.openedFor ?? null
  flow.user = tunnel?.user ?? null
  flow.address = tunnel?.address ?? null
  const refused = (verdict: DenyVerdict): Admitted => {
    flow.checkpoint = 'request'
    connection.concluded = true
    return { state: 'refused', flow, verdict }
  }
  const { method, httpVersion, rawHeaders } = incoming
  const head = incoming.fault === null ? checkHead(incoming) : { fault: incoming.fault }
  if ('fault' in head) return refused(malformed(head.fault))
  const target = parseTarget(method, incoming.target)
  const place = placeOf(connection, target)
  if ('verdict' in place) return refused(place.verdict)
  flow.destination = place.destination
  flow.request = {
    method,
    scheme: schemeOf(connection),
    target: place.path,
    httpVersion,
    userAgent: rawValues(rawHeaders, 'user-agent')[0] ?? null,
  }
  const disagreement = disagreeingName(connection, place.destination, head)
  if (disagreement !== null) return refused(disagreement)
  const upgrade = wantsUpgrade(head) ? readWebSocketOffer(method, httpVersion, head, rawHeaders) : null
  const hasContent = head.framing.kind === 'chunked' || (head.framing.kind === 'length' && head.framing.length > 0)
  const { framing, expectContinue } = head
  return {
    state: 'asked',
    flow,
    asked: { destination: place.destination, method, target: place.path, framing, hasContent, expectContinue, upgrade },
  }
}

/** Inside a tunnel HTTP may be spoken in the clear as well. */
function schemeOf({ tunnel }: Connection): 'http' | 'https' {
  return tunnel === null || tunnel.tls === null ? 'http' : 'https'
}

type Place = { readonly destination: Destination; readonly path: string } | { readonly verdict: DenyVerdict }

function placeOf({ tunnel }: Connection, target: RequestTarget): Place {
  if (target.form === 'bad') return { verdict: malformed(target.fault) }
  const wide = target.form === 'asterisk' || (target.form === 'absolute' && target.path === '*')
  if (wide) return { verdict: malformed('OPTIONS * asks about a server as a whole, and is not forwarded') }
  if (tunnel === null) {
    if (target.form === 'absolute') return { destination: target.destination, path: target.path }
    return { verdict: malformed('this is a proxy: it wants a whole URL (http://HOST/PATH) or CONNECT') }
  }
  if (target.form === 'origin') return { destination: tunnel.destination, path: target.path }
  return { verdict: malformed('a URL with a host of its own inside a tunnel') }
}

/** The Host field must name what was asked for: an upstream goes by it, whatever CONNECT or the request line say. */
function disagreeingName(connection: Connection, destination: Destination, head: RequestHead): DenyVerdict | null {
  if (head.host === null) return null
  const defaultPort = schemeOf(connection) === 'http' ? 80 : 443
  const host = parseAuthority(head.host, defaultPort)
  if (host === null) return malformed('Host is not HOST or HOST:PORT')
  // Clients that reach a site on another port behind a name do write the port; a Host without one means the default.
  const samePort = host.port === destination.port || !/:\d+$/.test(head.host)
  if (nameOf(host) === nameOf(destination) && samePort) return null
  const asked = connection.tunnel === null ? 'the URL' : 'the tunnel'
  return denyByGuard(
    'name-disagrees',
    `Host says ${authorityOf(host)} but ${asked} is to ${authorityOf(destination)}: one request goes to one place`,
  )
}

/** HTTP/2 over cleartext may be declined by silence (RFC 9110 section 7.8); a client of another protocol waits for it. */
function wantsUpgrade(head: RequestHead): boolean {
  return head.upgrade !== null && !/^\s*h2c?\s*$/i.test(head.upgrade)
}

function malformed(fault: string): DenyVerdict {
  return denyByGuard('malformed', `this request is malformed: ${fault}`)
}
