/** One CONNECT: judged at its line, at the address, at the ClientHello; then spliced, opened, read as HTTP, or ended. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { createFlow, type Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Inside, Subject } from '../flow/subject.ts'
import type { Checkpoint, Verdict } from '../flow/verdict.ts'
import { isSshHost, serviceOf } from '../catalog/catalog.ts'
import type { Address } from '../net/address.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { insideOf, inspectionNeeds, inspectionOf, isOpenedForTenants } from '../policy/inspection.ts'
import { tenantObstacle } from '../policy/tenants.ts'
import type { ClientHello } from '../wire/client-hello.ts'
import { checkHead } from '../wire/request-head.ts'
import { parseTarget } from '../wire/request-target.ts'
import type { OpenedTunnel } from './connection.ts'
import { refuseConnect } from './connect-reply.ts'
import { identify, isChallenge } from './credentials.ts'
import { dial, type Endpoint, judgedAddress } from './dial.ts'
import { createEventId } from './event-id.ts'
import type { Inspector } from './inspector.ts'
import {
  clientKeyOf,
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
import { spliceTunnel } from './open-tunnel.ts'
import { pin, type Runtime } from './runtime.ts'

/** RFC 4253 section 4. */
const SSH_PORT = 22
/** RFC 9110 section 4.2.1. */
const HTTP_PORT = 80

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
  const turn = new Turn(pin(weir), inspector, flow, socket, head)
  try {
    await turn.serve(message)
  } catch (error) {
    turn.fail(error)
  } finally {
    turn.record()
  }
}

class Turn {
  /** What judges it: the policy of its beginning, and for a spliced tunnel later ones. */
  #weir: Runtime
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
    this.#flow.service =
      destination.host === null ? null : (serviceOf(this.#weir.policy.catalog, destination.host)?.id ?? null)
    const subject = (): Subject => this.#subjectAtConnect(destination)
    const unknown = await identify(this.#weir, this.#flow, message.rawHeaders, subject)
    if (unknown !== null) {
      this.#flow.checkpoint = 'connect'
      this.#refuse(unknown)
      return
    }
    const verdict = this.#judgeConnect(destination, subject())
    if (verdict.action === 'deny') {
      if (this.#explains(destination)) await this.#explain(destination, verdict, 'connect')
      else this.#refuse(verdict)
      return
    }
    const dialled = await dial(this.#weir, destination, 'tunnel', (address) =>
      judge(this.#weir, this.#flow, 'dial', [subjectAtDial(this.#weir, this.#flow, destination, address)]),
    )
    if (dialled.state === 'denied') {
      this.#flow.checkpoint = 'dial'
      this.#refuse(dialled.verdict)
      return
    }
    this.#flow.address = judgedAddress(destination, dialled.endpoint)
    const upstream = dialled.socket
    upstream.on('error', () => undefined)
    try {
      await this.#joined(destination, dialled.endpoint, upstream)
    } finally {
      // Splice and inspector end what they took over; everything else is ended here, whatever happened.
      if (!this.#inspector.owns(upstream)) upstream.destroy()
    }
  }

  #judgeConnect(destination: Destination, subject: Subject): Verdict {
    const verdict = judge(this.#weir, this.#flow, 'connect', [subject])
    const inside = this.#insideOf(destination)
    if (verdict.action === 'deny' || inside === 'unseen' || inside === 'opened') return verdict
    // Requests in the clear carry one, and come here by their port.
    if (destination.port === HTTP_PORT) return verdict
    // Where nothing in this tunnel could be opened for a tenant header, now is the last time that the client can be told.
    const obstacle = tenantObstacle(this.#weir.policy, { ...subject, operation: { state: 'tunnel', inside } })
    if (obstacle === null || obstacle === 'unopened') return verdict
    return { action: 'deny', denial: obstacle, wouldDeny: [] }
  }

  /** Where only SSH is spoken, the port and the name say so before a byte does. */
  #subjectAtConnect(destination: Destination): Subject {
    const subject = subjectAtConnect(this.#weir, this.#flow, destination)
    return this.#speaksSsh(destination) ? { ...subject, operation: { state: 'opaque', operation: 'ssh' } } : subject
  }

  #speaksSsh({ host, port }: Destination): boolean {
    return port === SSH_PORT || (host !== null && isSshHost(this.#weir.policy.catalog, host))
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
    else if (peeked.state === 'http') this.#serveClear(destination, { endpoint, socket: upstream }, null)
    else await this.#joinedOpaque(destination, judgedAddress(destination, endpoint), upstream, peeked.state)
  }

  /** What is in the clear needs no opening: each request is judged as a plain one, and writes its own line. */
  #serveClear(
    destination: Destination,
    upstream: { readonly endpoint: Endpoint; readonly socket: Socket } | null,
    closed: OpenedTunnel['closed'],
  ): void {
    this.#recorded = true
    const address = upstream === null ? null : judgedAddress(destination, upstream.endpoint)
    const clear = { destination, tls: null, openedFor: null, address, user: this.#flow.user, closed }
    this.#inspector.serveClear(this.#socket, this.#flow.client, clear, upstream)
  }

  async #joinedOpaque(
    destination: Destination,
    address: Address | null,
    upstream: Socket,
    protocol: 'ssh' | 'unknown' | 'silent',
  ): Promise<void> {
    // Where only SSH is spoken, a server that speaks first makes no unknown protocol of it.
    const isSsh = protocol === 'ssh' || (protocol === 'silent' && this.#speaksSsh(destination))
    const operation = isSsh ? 'ssh' : 'unknown-protocol'
    this.#flow.operation = operation
    const subject = (weir: Runtime): Subject => subjectOfOpaque(weir, this.#flow, destination, address, operation)
    const verdict = judge(this.#weir, this.#flow, 'tls', [subject(this.#weir)])
    if (verdict.action === 'allow') await this.#splice(upstream, verdict, subject)
    else this.#end(verdict.action === 'deny' ? verdict : undecidable())
  }

  async #joinedTls(destination: Destination, endpoint: Endpoint, upstream: Socket, hello: ClientHello): Promise<void> {
    const disagreement = this.#noteHello(destination, hello)
    if (disagreement !== null) {
      this.#end(disagreement)
      return
    }
    const inside = this.#insideOf(destination)
    const address = judgedAddress(destination, endpoint)
    const subject = subjectAtTls(this.#weir, this.#flow, destination, address, inside)
    const verdict = judge(this.#weir, this.#flow, 'tls', [subject])
    const opened: OpenedTunnel = {
      destination,
      tls: { serverName: hello.serverName, alpn: hello.alpn },
      openedFor: verdict.action === 'undecided' ? verdict.rule : null,
      address,
      user: this.#flow.user,
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

  /** What may be hoped for of the inside; without a CA that may speak for the name, nothing is ever opened. */
  #insideOf(destination: Destination): Inside | 'opened' {
    const inside = insideOf(this.#weir.policy, destination)
    if (inside !== 'unseen') return inside
    if (this.#weir.contexts?.permits(destination) !== true) return 'never'
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
    const secured = await this.#inspector.secure(opened.destination, upstream, opened.tls?.alpn ?? [])
    if (secured instanceof ProxyError) this.#open({ ...opened, closed: { state: 'failed', error: secured } }, null)
    else this.#open(opened, { endpoint, socket: secured })
  }

  #open(opened: OpenedTunnel, upstream: { endpoint: Endpoint; socket: TLSSocket } | null): void {
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
    // What stays closed now stays so: to a later policy its inside can never be seen.
    await this.#splice(upstream, verdict, (weir) => {
      const inside = insideOf(weir.policy, destination) === 'absent' ? 'absent' : 'never'
      return subjectAtTls(weir, this.#flow, destination, judgedAddress(destination, endpoint), inside)
    })
  }

  async #splice(
    upstream: Socket,
    verdict: Extract<Verdict, { action: 'allow' }>,
    subject: (weir: Runtime) => Subject,
  ): Promise<void> {
    const end = await spliceTunnel(this.#weir, this.#flow, this.#socket, upstream, verdict, subject)
    this.#weir = end.weir
    if (end.denial !== null) this.#end(end.denial)
  }

  /** Accepts a tunnel that is already denied, so that each request in it is refused in its own words; nothing is dialled. */
  async #explain(destination: Destination, verdict: DenyVerdict, checkpoint: Checkpoint): Promise<void> {
    const peeked = await this.#establish()
    if (peeked.state === 'http') {
      this.#serveClear(destination, null, { state: 'denied', verdict, checkpoint })
      return
    }
    if (peeked.state !== 'tls' || !agrees(peeked.hello, destination)) {
      this.#flow.checkpoint = checkpoint
      this.#end(verdict)
      return
    }
    const tls = { serverName: peeked.hello.serverName, alpn: peeked.hello.alpn }
    const closed = { state: 'denied', verdict, checkpoint } as const
    this.#open({ destination, tls, openedFor: null, address: null, user: this.#flow.user, closed }, null)
  }

  /** Whether a denial there is told inside the tunnel: only where Weir opens TLS anyway may its leaf be shown. */
  #explains(destination: Destination): boolean {
    if (this.#weir.contexts?.permits(destination) !== true || destination.host === null) return false
    // Who speaks SSH hears nothing inside TLS, but does hear a CONNECT that is refused.
    if (this.#speaksSsh(destination)) return false
    const plan = inspectionOf(this.#weir.policy, destination)
    if (plan === 'always' || isOpenedForTenants(this.#weir.policy, destination)) return true
    const hop = this.#weir.bindings.possibleAt(clientKeyOf(this.#flow), destination, this.#weir.now())
    return inspectionNeeds(this.#weir.policy, destination, undefined, undefined, hop) !== null
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
    // A client that is only asked who it is was not denied anything: its line is written at the end.
    if (!isChallenge(verdict)) this.#deny()
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
