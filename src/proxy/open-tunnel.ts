/** A spliced tunnel while it is open: counted, held to its limits, and judged again when policy or hour change. */
import type { Socket } from 'node:net'
import type { Flow } from '../flow/flow.ts'
import type { Reservation } from '../flow/ledger.ts'
import type { Subject } from '../flow/subject.ts'
import type { Checkpoint, Limit, Verdict } from '../flow/verdict.ts'
import { decide } from '../policy/decide.ts'
import { COUNTS, type Counts, denyBeyond, requestMax } from '../policy/limit-words.ts'
import { denialOf, isDenied, openReservation } from './budget.ts'
import { refuseUnnamed } from './credentials.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { OpenTunnel, Runtime } from './runtime.ts'
import { type Follow, type Splice, splice, type SpliceOptions } from './splice.ts'

/** A tunnel that lives is written into the record this often. */
const ALIVE_INTERVAL_MS = 300_000

type Allow = Extract<Verdict, { action: 'allow' }>

/** How a spliced tunnel ended: the denial that cut it, null for every other end, and what judged it last. */
export interface TunnelEnd {
  readonly denial: DenyVerdict | null
  readonly weir: Runtime
}

/** Splices until either side ends it or a rule does. */
export async function spliceTunnel(
  weir: Runtime,
  flow: Flow,
  client: Socket,
  upstream: Socket,
  verdict: Allow,
  subject: (weir: Runtime) => Subject,
): Promise<TunnelEnd> {
  const tunnel = new SplicedTunnel(weir, flow, subject)
  const denial = tunnel.hold(weir, verdict)
  return denial === null ? tunnel.run(client, upstream) : { denial, weir }
}

/** What of a tunnel is as it began: it was asked for by a request, or by a CONNECT. */
export interface TunnelKind {
  /** Where a later denial is noted. */
  readonly checkpoint: Checkpoint
  /** Bytes that went out ahead of the tunnel, and count as sent. */
  readonly headBytes: number
  readonly follow?: Follow
  /** Called whenever the flow is about to be written. */
  readonly note?: () => void
}

const BY_CONNECT: TunnelKind = { checkpoint: 'tls', headBytes: 0 }

export class SplicedTunnel implements OpenTunnel {
  #weir: Runtime
  readonly #flow: Flow
  readonly #subject: (weir: Runtime) => Subject
  readonly #kind: TunnelKind
  readonly #counts = { up: 0, down: 0 }
  readonly #options: SpliceOptions
  #rule: string | null = null
  #limits = ''
  #windows: readonly Limit[] = []
  #sizeMax = Number.POSITIVE_INFINITY
  #reservation: Reservation | null = null
  /** What was counted when the reservation was opened. */
  #reservedFrom = 0
  #splice: Splice | null = null
  #denial: DenyVerdict | null = null

  constructor(weir: Runtime, flow: Flow, subject: (weir: Runtime) => Subject, kind: TunnelKind = BY_CONNECT) {
    this.#weir = weir
    this.#flow = flow
    this.#subject = subject
    this.#kind = kind
    const { follow } = kind
    const idleTimeoutMs = weir.settings.limits.idleTimeoutMs
    this.#options = follow === undefined ? { idleTimeoutMs, admitUp: null } : { idleTimeoutMs, admitUp: null, follow }
  }

  async run(client: Socket, upstream: Socket): Promise<TunnelEnd> {
    const alive = setInterval(() => this.#alive(), ALIVE_INTERVAL_MS)
    alive.unref()
    this.#weir.openTunnels.add(this)
    try {
      this.#splice = splice(client, upstream, this.#counts, this.#options)
      await this.#splice.ended
      return { denial: this.#denial, weir: this.#weir }
    } finally {
      clearInterval(alive)
      this.#weir.openTunnels.delete(this)
      this.#settle()
      this.#note()
    }
  }

  /** Takes on the limits of a verdict; a denial where their budgets cannot be kept. */
  hold(weir: Runtime, verdict: Allow): DenyVerdict | null {
    this.#weir = weir
    this.#rule = verdict.rule
    const limits = JSON.stringify(verdict.limits)
    if (limits === this.#limits) return null
    this.#settle()
    const reservation = openReservation(weir, this.#flow, verdict.limits)
    if (isDenied(reservation)) return reservation
    this.#limits = limits
    this.#windows = verdict.limits
    this.#reservation = reservation
    this.#reservedFrom = this.#counts.up
    // Of a tunnel that stays closed, what is sent is all that can be counted.
    this.#sizeMax = Math.min(...COUNTS.map((counts) => this.#mostOf(verdict.limits, counts)))
    this.#options.admitUp = verdict.limits.length === 0 ? null : (bytes) => this.#admit(bytes)
    return null
  }

  #mostOf(limits: readonly Limit[], counts: Counts): number {
    const most = requestMax(limits, counts) ?? Number.POSITIVE_INFINITY
    return counts === 'sentBytes' ? most - this.#kind.headBytes : most
  }

  /** Gives back what was reserved, for a tunnel that never began. */
  release(): void {
    this.#settle()
  }

  /** By the policy of this moment. What is inside was not opened, and never will be. */
  rejudge(weir: Runtime): void {
    const verdict = this.#judged(weir)
    const denial =
      verdict.action === 'deny' ? verdict : verdict.action === 'allow' ? this.hold(weir, verdict) : undecided()
    if (denial === null) return
    this.#weir = weir
    this.#denial = denial
    this.#flow.checkpoint = this.#kind.checkpoint
    this.#splice?.cut('denied')
  }

  #judged(weir: Runtime): Verdict {
    try {
      const subject = this.#subject(weir)
      return refuseUnnamed(weir, this.#flow, () => subject) ?? decide(weir.policy, subject)
    } catch (cause) {
      return denyByGuard('fault', `this proxy failed to decide (${cause instanceof Error ? cause.message : 'unknown'})`)
    }
  }

  #admit(bytes: number): boolean | Promise<boolean> {
    if (this.#counts.up + bytes > this.#sizeMax) {
      this.#deny(denyBeyond(this.#rule, null))
      return false
    }
    const outcome = this.#reservation?.extend(bytes) ?? { state: 'reserved' as const }
    if (outcome instanceof Promise) return outcome.then((later) => this.#isReserved(denialOf(later, this.#rule)))
    return this.#isReserved(denialOf(outcome, this.#rule))
  }

  #isReserved(denial: DenyVerdict | null): boolean {
    if (denial !== null) this.#deny(denial)
    return denial === null
  }

  #deny(denial: DenyVerdict): void {
    this.#denial = denial
    this.#flow.checkpoint = 'body'
  }

  #settle(): void {
    this.#reservation?.settle(this.#counts.up - this.#reservedFrom)
    this.#reservation = null
  }

  /** What a tunnel has sent begins to leave the window only once it is settled: one that lives for days does so now and then. */
  #renewReservation(): void {
    if (this.#reservation === null) return
    this.#settle()
    const reservation = openReservation(this.#weir, this.#flow, this.#windows)
    if (isDenied(reservation)) {
      this.#denial = reservation
      this.#splice?.cut('denied')
      return
    }
    this.#reservation = reservation
    this.#reservedFrom = this.#counts.up
  }

  #note(): void {
    this.#flow.bytesUp = this.#counts.up
    this.#flow.bytesDown = this.#counts.down
    this.#kind.note?.()
  }

  #alive(): void {
    this.#note()
    this.#renewReservation()
    this.#weir.sink.write(this.#flow, 'alive', this.#weir.now(), this.#weir.policy.hash)
  }
}

function undecided(): DenyVerdict {
  return denyByGuard('fault', 'this proxy could not decide about this tunnel')
}
