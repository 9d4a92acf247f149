/** One CONNECT: judged at its line, at the address, at the ClientHello; then spliced, opened, or ended. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createFlow, type Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Inside } from '../flow/subject.ts'
import type { Checkpoint, Verdict } from '../flow/verdict.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { insideOf, inspectionNeeds, inspectionOf } from '../policy/inspection.ts'
import type { ClientHello } from '../wire/client-hello.ts'
import { checkHead } from '../wire/request-head.ts'
import { parseTarget } from '../wire/request-target.ts'
import type { OpenedTunnel } from './connection.ts'
import { refuseConnect } from './connect-reply.ts'
import { dial, type Endpoint } from './dial.ts'
import { createEventId } from './event-id.ts'
import type { Inspector } from './inspector.ts'
import {
  type DenyVerdict,
  denyByGuard,
  judge,
  noteFailure,
  subjectAtConnect,
  subjectAtDial,
  subjectAtTls,
  subjectOfOpaque,
} from './judge.ts'
import { type Peeked, peek } from './peek.ts'
import { failureOf, refusalOf } from './respond.ts'
import type { Runtime } from './runtime.ts'
import { splice } from './splice.ts'

/** A tunnel that lives is written into the record this often. */
const ALIVE_INTERVAL_MS = 300_000

/** Serves one CONNECT to its end. Never rejects. */
export async function tunnel(
  weir: Runtime,
  inspector: Inspector,
  client: Flow['client'],
  message: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const flow = createFlow({
    id: createEventId(),
    kind: 'tunnel',
    startedAt: weir.now(),
    client,
  })
  // The parser that listened is gone with the CONNECT, and an error that nobody hears would end the process.
  socket.on('error', () => undefined)
  const turn = new Turn(weir, inspector, flow, socket, head)
  try {
    await turn.serve(message)
  } catch (error) {
    turn.fail(error)
  } finally {
    turn.record()
  }
}

class Turn {
  readonly #weir: Runtime
  readonly #inspector: Inspector
  readonly #flow: Flow
  readonly #socket: Socket
  readonly #head: Buffer
  #established = false
  #recorded = false

  constructor(weir: Runtime, inspector: Inspector, flow: Flow, socket: Socket, head: Buffer) {
    this.#weir = weir
    this.#inspector = inspector
    this.#flow = flow
    this.#socket = socket
    this.#head = head
  }

  async serve(message: IncomingMessage): Promise<void> {
    const destination = this.#admit(message)
    if (destination === null) return
    this.#flow.destination = destination
    const verdict = judge(this.#weir, this.#flow, 'connect', [subjectAtConnect(this.#weir, this.#flow, destination)])
    if (verdict.action === 'deny') {
      if (this.#explains(destination)) await this.#explain(destination, verdict, 'connect')
      else this.#refuse(verdict)
      return
    }
    const dialled = await dial(this.#weir, destination, (address) =>
      judge(this.#weir, this.#flow, 'dial', [subjectAtDial(this.#weir, this.#flow, destination, address)]),
    )
    if (dialled.state === 'denied') {
      this.#flow.checkpoint = 'dial'
      this.#refuse(dialled.verdict)
      return
    }
    this.#flow.address = dialled.endpoint.address
    const upstream = dialled.socket
    upstream.on('error', () => undefined)
    try {
      await this.#joined(destination, dialled.endpoint, upstream)
    } finally {
      // Splice and inspector end what they took over; everything else is ended here, whatever happened.
      if (!this.#inspector.owns(upstream)) upstream.destroy()
    }
  }

  /** Null where the request is not one that may be judged: it has then been answered. */
  #admit(message: IncomingMessage): Destination | null {
    const { method = '', url = '', httpVersion, rawHeaders } = message
    const head = checkHead({ method, httpVersion, rawHeaders, target: url })
    const target = parseTarget(method, url)
    const fault = 'fault' in head ? head.fault : target.form === 'bad' ? target.fault : null
    if (fault === null && target.form === 'authority') return target.destination
    this.#flow.checkpoint = 'connect'
    this.#refuse(denyByGuard('malformed', `this CONNECT is malformed: ${fault ?? 'it needs HOST:PORT'}`))
    return null
  }

  async #joined(destination: Destination, endpoint: Endpoint, upstream: Socket): Promise<void> {
    const peeked = await this.#establish()
    if (peeked.state === 'gone') {
      // A client that only ended its side would otherwise keep the other one open for ever.
      this.#socket.destroy()
      return
    }
    if (peeked.state === 'bad') {
      this.#flow.checkpoint = 'tls'
      this.#end(denyByGuard('malformed', `its first bytes cannot be read: ${peeked.fault}`))
      return
    }
    if (peeked.state === 'tls') await this.#joinedTls(destination, endpoint, upstream, peeked.hello)
    else await this.#joinedOpaque(destination, endpoint, upstream, peeked.state)
  }

  async #joinedOpaque(
    destination: Destination,
    { address }: Endpoint,
    upstream: Socket,
    protocol: 'ssh' | 'unknown' | 'silent',
  ): Promise<void> {
    const operation = protocol === 'ssh' ? 'ssh' : 'unknown-protocol'
    this.#flow.operation = operation
    const subject = subjectOfOpaque(this.#weir, this.#flow, destination, address, operation)
    const verdict = judge(this.#weir, this.#flow, 'tls', [subject])
    if (verdict.action === 'allow') await this.#splice(upstream, verdict)
    else this.#end(verdict.action === 'deny' ? verdict : undecidable())
  }

  async #joinedTls(destination: Destination, endpoint: Endpoint, upstream: Socket, hello: ClientHello): Promise<void> {
    const disagreement = this.#noteHello(destination, hello)
    if (disagreement !== null) {
      this.#end(disagreement)
      return
    }
    const inside = this.#insideOf(destination)
    const subject = subjectAtTls(this.#weir, this.#flow, destination, endpoint.address, inside)
    const verdict = judge(this.#weir, this.#flow, 'tls', [subject])
    const opened: OpenedTunnel = {
      destination,
      tls: { serverName: hello.serverName, alpn: hello.alpn },
      openedFor: verdict.action === 'undecided' ? verdict.rule : null,
      address: endpoint.address,
      closed: null,
    }
    if (verdict.action === 'deny') {
      if (this.#explains(destination))
        this.#open({ ...opened, closed: { state: 'denied', verdict, checkpoint: 'tls' } }, null)
      else this.#end(verdict)
      return
    }
    if (inside === 'opened' || verdict.action === 'undecided') {
      await this.#inspect(opened, endpoint, upstream)
      return
    }
    await this.#proveAndSplice(destination, endpoint, upstream, verdict)
  }

  /** What may be hoped for of the inside; without a CA, nothing is ever opened. */
  #insideOf(destination: Destination): Inside | 'opened' {
    const inside = insideOf(this.#weir.policy, destination)
    if (inside !== 'unseen') return inside
    if (this.#weir.contexts === null) return 'never'
    return inspectionOf(this.#weir.policy, destination) === 'always' ? 'opened' : 'unseen'
  }

  /** The names in CONNECT and ClientHello must agree; ECH shows itself as an outer name that differs. */
  #noteHello(destination: Destination, hello: ClientHello): DenyVerdict | null {
    this.#flow.operation = 'tunnel'
    this.#flow.tls = { serverName: hello.serverName, alpn: hello.alpn }
    this.#flow.checkpoint = 'tls'
    if (agrees(hello, destination)) return null
    return denyByGuard(
      'name-disagrees',
      `CONNECT asks for ${nameOf(destination)} but the TLS inside asks for ${hello.serverName ?? 'nothing'}`,
    )
  }

  async #inspect(opened: OpenedTunnel, endpoint: Endpoint, upstream: Socket): Promise<void> {
    const secured = await this.#inspector.secure(opened.destination, upstream)
    if (secured instanceof ProxyError) this.#open({ ...opened, closed: { state: 'failed', error: secured } }, null)
    else this.#open(opened, { endpoint, socket: secured })
  }

  #open(opened: OpenedTunnel, upstream: { endpoint: Endpoint; socket: Socket } | null): void {
    // The requests inside write their own lines; a denial here is told by each of them.
    this.#recorded = true
    this.#inspector.open(this.#socket, this.#flow.client, opened, upstream)
  }

  async #proveAndSplice(
    destination: Destination,
    endpoint: Endpoint,
    upstream: Socket,
    verdict: Extract<Verdict, { action: 'allow' }>,
  ): Promise<void> {
    try {
      await this.#weir.proofs.prove(destination, endpoint.address, endpoint.port)
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error
      this.#flow.failure = { code: error.code, message: error.message }
      this.#end(
        denyByGuard(
          'name-unproven',
          `${authorityOf(destination)} did not prove its name to this proxy: ${error.message}`,
        ),
      )
      return
    }
    await this.#splice(upstream, verdict)
  }

  async #splice(upstream: Socket, verdict: Extract<Verdict, { action: 'allow' }>): Promise<void> {
    const counts = { up: 0, down: 0 }
    const note = (): void => {
      this.#flow.bytesUp = counts.up
      this.#flow.bytesDown = counts.down
    }
    const alive = setInterval(() => {
      note()
      this.#weir.sink.write(this.#flow, 'alive', this.#weir.now(), this.#weir.policy.hash)
    }, ALIVE_INTERVAL_MS)
    alive.unref()
    const upBytesMax = Math.min(Number.POSITIVE_INFINITY, ...verdict.limits.map((limit) => limit.size))
    const { idleTimeoutMs } = this.#weir.settings.limits
    const end = await splice(this.#socket, upstream, counts, { idleTimeoutMs, upBytesMax })
    clearInterval(alive)
    note()
    if (end === 'limit') {
      this.#flow.checkpoint = 'body'
      this.#flow.verdict = {
        action: 'deny',
        denial: {
          code: 'limit',
          rule: verdict.rule,
          message: 'this tunnel reached its limit of bytes sent',
          unseen: [],
        },
        wouldDeny: verdict.wouldDeny,
      }
      this.#deny()
    }
  }

  /** Accepts a tunnel that is already denied, so that each request in it is refused in its own words; nothing is dialled. */
  async #explain(destination: Destination, verdict: DenyVerdict, checkpoint: Checkpoint): Promise<void> {
    const peeked = await this.#establish()
    if (peeked.state !== 'tls' || !agrees(peeked.hello, destination)) {
      this.#flow.checkpoint = checkpoint
      this.#end(verdict)
      return
    }
    const tls = { serverName: peeked.hello.serverName, alpn: peeked.hello.alpn }
    const closed = { state: 'denied', verdict, checkpoint } as const
    this.#open({ destination, tls, openedFor: null, address: null, closed }, null)
  }

  /** Whether a denial there is told inside the tunnel: only where Weir opens TLS anyway may its leaf be shown. */
  #explains(destination: Destination): boolean {
    if (this.#weir.contexts === null || destination.host === null) return false
    const plan = inspectionOf(this.#weir.policy, destination)
    return plan === 'always' || inspectionNeeds(this.#weir.policy, destination) !== null
  }

  #establish(): Promise<Peeked> {
    this.#established = true
    this.#socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    this.#flow.status = 200
    return peek(this.#socket, this.#head, this.#weir.settings.limits.helloTimeoutMs)
  }

  /** Refuses a CONNECT that has not been answered yet. */
  #refuse(verdict: DenyVerdict): void {
    const { checkpoint } = this.#flow
    this.#flow.verdict = verdict
    this.#flow.checkpoint = checkpoint ?? 'connect'
    const refusal = refusalOf(this.#flow, verdict.denial)
    this.#flow.status = refusal.status
    this.#deny()
    refuseConnect(this.#socket, refusal)
  }

  /** Ends a tunnel that was established: there is no way left to say why, but in the record. */
  #end(verdict: DenyVerdict): void {
    this.#flow.verdict = verdict
    this.#deny()
    this.#socket.destroy()
  }

  #deny(): void {
    this.#weir.sink.write(this.#flow, 'denied', this.#weir.now(), this.#weir.policy.hash)
    this.#recorded = true
  }

  fail(error: unknown): void {
    const failure = noteFailure(this.#flow, error, this.#recorded)
    if (this.#established) {
      this.#socket.destroy()
      return
    }
    const refusal = failureOf(this.#flow, failure)
    this.#flow.status = refusal.status
    refuseConnect(this.#socket, refusal)
  }

  record(): void {
    if (this.#recorded) return
    this.#weir.sink.write(this.#flow, 'end', this.#weir.now(), this.#weir.policy.hash)
  }
}

/** An absent SNI agrees with the CONNECT name. */
function agrees(hello: ClientHello, destination: Destination): boolean {
  return hello.serverName === null || hello.serverName === destination.host
}

function undecidable(): DenyVerdict {
  return denyByGuard('fault', 'this proxy could not decide about this tunnel')
}
