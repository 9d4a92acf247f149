/** One request that becomes a WebSocket: asked for upstream, its answer checked, then followed and held to its limits as a tunnel. */
import type { Socket } from 'node:net'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Limit, Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import { denyBeyond, requestMax } from '../policy/limit-words.ts'
import { forwardedFields, forwardedResponseFields } from '../wire/fields.ts'
import { FrameFollower } from '../wire/websocket-frames.ts'
import { checkWebSocketAnswer, type WebSocketOffer } from '../wire/websocket-handshake.ts'
import { denialOf, isDenied, openReservation } from './budget.ts'
import type { Connection } from './connection.ts'
import { judgedAddress } from './dial.ts'
import { withoutAltSvc } from './forward.ts'
import type { Detached, Reply } from './incoming.ts'
import { type DenyVerdict, denyByGuard, noteFailure, subjectOfUpgrade } from './judge.ts'
import { SplicedTunnel } from './open-tunnel.ts'
import { passAnswer } from './pass-answer.ts'
import type { RequestCase } from './request-case.ts'
import type { Runtime } from './runtime.ts'
import { withTenantFields } from './tenants.ts'
import { askUpgrade } from './upgrade.ts'

/**
 * - `refused`: the client is still to hear why.
 * - `answered`: it has heard another answer of the site.
 * - `recorded`: it was a WebSocket, which is over and written down.
 */
export type Carried =
  | { readonly state: 'refused'; readonly verdict: DenyVerdict }
  | { readonly state: 'answered' }
  | { readonly state: 'recorded' }

type Allow = Extract<Verdict, { action: 'allow' }>

/** Takes over a request whose head is not denied. Throws a ProxyError before the client has heard anything. */
export async function carryWebSocket(
  weir: Runtime,
  connection: Connection,
  flow: Flow,
  request: RequestCase,
  rawHeaders: readonly string[],
  reply: Reply,
): Promise<Carried> {
  const { upgrade } = request.asked
  const fault = upgrade === null || 'fault' in upgrade ? (upgrade?.fault ?? 'there is none') : null
  const { detached } = reply
  if (fault !== null || upgrade === null || 'fault' in upgrade || detached === null) {
    return refused(
      denyByGuard('upgrade-refused', `this upgrade is not carried: ${fault ?? 'it cannot be told from its head'}`),
    )
  }
  const waiting = new Waiting(detached.client)
  let upstream: Socket | null = null
  try {
    const { destination } = request.asked
    const opened = await connection.upstreams.openAlone(destination, (address) => request.judgeHead('dial', address))
    if (opened.state === 'denied') {
      flow.checkpoint = 'dial'
      return refused(opened.verdict)
    }
    upstream = opened.socket
    waiting.signal.throwIfAborted()
    const address = judgedAddress(destination, opened.endpoint)
    flow.address = address
    const verdict = request.judgeHead('dial', address)
    if (verdict.action !== 'allow') return refused(verdict.action === 'deny' ? verdict : undecided())
    const turn = new WebSocketTurn(weir, flow, request, upgrade, address)
    return await turn.serve(verdict, { upstream, waiting, rawHeaders, reply, detached })
  } finally {
    waiting.end()
    upstream?.destroy()
  }
}

interface Ends {
  readonly upstream: Socket
  readonly waiting: Waiting
  readonly rawHeaders: readonly string[]
  readonly reply: Reply
  readonly detached: Detached
}

class WebSocketTurn {
  readonly #weir: Runtime
  readonly #flow: Flow
  readonly #request: RequestCase
  readonly #offer: WebSocketOffer
  readonly #address: Address | null

  constructor(weir: Runtime, flow: Flow, request: RequestCase, offer: WebSocketOffer, address: Address | null) {
    this.#weir = weir
    this.#flow = flow
    this.#request = request
    this.#offer = offer
    this.#address = address
  }

  async serve(verdict: Allow, { upstream, waiting, rawHeaders, reply, detached }: Ends): Promise<Carried> {
    const { limits } = this.#weir.settings
    const following = new Following()
    const tunnel = this.#tunnelOf(following)
    const denial = (await this.#reserveHead(verdict.limits, verdict.rule)) ?? tunnel.hold(this.#weir, verdict)
    if (denial !== null) return refused(denial)
    try {
      const { destination, target } = this.#request.asked
      const fields = withTenantFields(this.#weir.policy, this.#flow, destination, forwardedFields(rawHeaders))
      const answer = await askUpgrade(
        upstream,
        { destination, path: target, fields, protocol: 'websocket' },
        { timeoutMs: limits.responseTimeoutMs, headBytesMax: limits.headBytesMax, signal: waiting.signal },
      )
      if (answer.state === 'answered') {
        await passAnswer(this.#flow, answer.message, reply, {
          idleTimeoutMs: limits.idleTimeoutMs,
          signal: waiting.signal,
        })
        return { state: 'answered' }
      }
      const checked = checkWebSocketAnswer(this.#offer, answer.rawHeaders)
      if ('fault' in checked)
        throw new ProxyError('upstream-broken', `the site answered the upgrade wrongly: ${checked.fault}`)
      following.begin(checked.deflate)
      detached.client.pause()
      waiting.end()
      waiting.signal.throwIfAborted()
      await this.#carry(tunnel, following, detached.release(), answer)
      return { state: 'recorded' }
    } finally {
      tunnel.release()
    }
  }

  #tunnelOf(following: Following): SplicedTunnel {
    const flow = this.#flow
    const { asked, headBytes } = this.#request
    return new SplicedTunnel(this.#weir, flow, (weir) => subjectOfUpgrade(weir, flow, asked, this.#address), {
      checkpoint: 'request',
      headBytes,
      follow: following,
      note() {
        flow.upstreamBodyBytes = flow.bytesUp
        flow.uploadSize = following.uploadSize
      },
    })
  }

  /** Line and fields are no bytes of the tunnel; where all that is sent counts, they count too. */
  async #reserveHead(limits: readonly Limit[], rule: string | null): Promise<DenyVerdict | null> {
    const { headBytes } = this.#request
    const most = requestMax(limits, 'sentBytes')
    if (most !== null && headBytes > most) return denyBeyond(rule, most, 'sentBytes')
    const reservation = openReservation(this.#weir, this.#flow, limits, 'sentBytes')
    if (reservation === null || isDenied(reservation)) return reservation
    const denial = denialOf(await reservation.extend(headBytes), rule)
    reservation.settle(denial === null ? headBytes : 0)
    return denial
  }

  /** From the 101 on, whatever happens is written down here. */
  async #carry(
    tunnel: SplicedTunnel,
    following: Following,
    client: Socket,
    { rawHeaders, socket }: { readonly rawHeaders: readonly string[]; readonly socket: Socket },
  ): Promise<void> {
    const flow = this.#flow
    flow.status = 101
    let weir = this.#weir
    let moment: 'denied' | 'end' = 'end'
    try {
      client.write(switchingHead(rawHeaders), 'latin1')
      const end = await tunnel.run(client, socket)
      weir = end.weir
      if (end.denial !== null) {
        flow.verdict = end.denial
        moment = 'denied'
      } else if (following.failure !== null) {
        flow.failure = following.failure
      }
    } catch (error) {
      noteFailure(flow, error, false)
    } finally {
      client.destroy()
      weir.sink.write(flow, moment, weir.now(), weir.policy.hash)
    }
  }
}

/** Both directions of frames. Before the answer tells how they may be marked there are none. */
class Following {
  failure: Flow['failure'] = null
  #up: FrameFollower | null = null
  #down: FrameFollower | null = null
  #deflate = false

  begin(deflate: boolean): void {
    this.#deflate = deflate
    this.#up = new FrameFollower({ from: 'client', deflate })
    this.#down = new FrameFollower({ from: 'server', deflate })
  }

  /** Payload that was sent up; null where it may be compressed. */
  get uploadSize(): number | null {
    return this.#up === null || this.#deflate ? null : this.#up.payloadBytes
  }

  up(bytes: Buffer): boolean {
    const fault = this.#up === null ? 'it began too early' : this.#up.feed(bytes)
    if (fault === null) return true
    this.failure = { code: 'client-malformed', message: `the client broke the WebSocket protocol: ${fault}` }
    return false
  }

  down(bytes: Buffer): boolean {
    const fault = this.#down === null ? 'it began too early' : this.#down.feed(bytes)
    if (fault === null) return true
    this.failure = { code: 'upstream-broken', message: `the site broke the WebSocket protocol: ${fault}` }
    return false
  }
}

/**
 * A client that waits for its answer. It may say nothing more until then (RFC 6455 section 4.1): what it said might be read as
 * another request where the upgrade is not made.
 */
class Waiting {
  readonly #socket: Socket
  readonly #controller = new AbortController()
  readonly #onEarly = (): void =>
    this.#abort(new ProxyError('client-malformed', 'the client went on before its upgrade was answered'))
  readonly #onGone = (): void =>
    this.#abort(new ProxyError('client-aborted', 'the client went away before its upgrade was answered'))

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', this.#onEarly).on('end', this.#onGone).on('close', this.#onGone)
    if (socket.destroyed || socket.readableEnded) this.#onGone()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Of an answer that was no 101, the client's end is heard by nobody else: what it still sends is read away. */
  end(): void {
    this.#socket.off('data', this.#onEarly).off('end', this.#onGone).off('close', this.#onGone)
  }

  #abort(reason: ProxyError): void {
    this.end()
    this.#controller.abort(reason)
  }
}

/** As the upstream said it, but for what is between two neighbours. */
function switchingHead(rawHeaders: readonly string[]): string {
  const fields = withoutAltSvc(forwardedResponseFields(rawHeaders))
  let head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
  for (let at = 0; at < fields.length; at += 2) {
    // Nothing follows that such a length could be of (RFC 9110 section 8.6).
    if (fields[at]?.toLowerCase() !== 'content-length') head += `${fields[at] ?? ''}: ${fields[at + 1] ?? ''}\r\n`
  }
  return `${head}\r\n`
}

function refused(verdict: DenyVerdict): Carried {
  return { state: 'refused', verdict }
}

function undecided(): DenyVerdict {
  return denyByGuard('fault', 'this proxy could not decide about this upgrade')
}
