/** The threads that look into uploads: how many scans at a time, who waits, and what becomes of them when a thread is lost. */
import type { Scan, ScanRequest, Scanners } from '../flow/scan.ts'
import type { ContentFacts } from '../flow/subject.ts'
import { unlooked } from '../flow/unlooked.ts'
import type { ScanSetup } from './scan-setup.ts'
import { type ScanThread, type ScanWord, startScanThread } from './scan-thread.ts'

/** Bytes of one scan that are on their way to its thread: enough that it is never idle, and no more. */
const WINDOW_BYTES = 256 * 1024

export interface ScanLimits {
  readonly scanThreads: number
  /** Scans at one time, and of one client. */
  readonly scansMax: number
  readonly scansPerClientMax: number
  /** More scans, which wait for their turn, and how long one waits. */
  readonly scansWaitingMax: number
  readonly scanWaitMs: number
  /** How long a thread may be silent over what it was given. */
  readonly scanStallMs: number
}

export interface ScanPoolOptions {
  readonly limits: ScanLimits
  readonly setup: ScanSetup
  readonly start?: typeof startScanThread
}

export class ScanPool implements Scanners {
  readonly #limits: ScanLimits
  readonly #start: typeof startScanThread
  #setup: ScanSetup
  readonly #seats: Seat[]
  readonly #byClient = new Map<string, number>()
  #waiting: PooledScan[] = []
  #open = 0
  #nextId = 1

  constructor({ limits, setup, start = startScanThread }: ScanPoolOptions) {
    this.#limits = limits
    this.#setup = setup
    this.#start = start
    this.#seats = Array.from({ length: limits.scanThreads }, () => new Seat(limits.scanStallMs))
  }

  get busy(): { readonly open: number; readonly waiting: number } {
    return { open: this.#open, waiting: this.#waiting.length }
  }

  open(request: ScanRequest): Scan {
    const scan = new PooledScan(this.#nextId++, request, {
      ended: () => this.#ended(scan),
      waitMs: this.#limits.scanWaitMs,
    })
    if (this.#hasRoomFor(scan)) this.#begin(scan)
    else if (this.#waiting.length < this.#limits.scansWaitingMax) this.#waiting.push(scan)
    else scan.fail(BUSY)
    return scan
  }

  /** For scans that begin afterwards. */
  renew(setup: ScanSetup): void {
    this.#setup = setup
    for (const seat of this.#seats) seat.thread?.tell({ renew: setup })
  }

  async close(): Promise<void> {
    for (const scan of this.#waiting) scan.fail('this proxy ends')
    await Promise.all(this.#seats.map((seat) => seat.end('this proxy ends')))
  }

  #hasRoomFor({ request }: PooledScan): boolean {
    const mine = this.#byClient.get(request.client) ?? 0
    return this.#open < this.#limits.scansMax && mine < this.#limits.scansPerClientMax
  }

  #begin(scan: PooledScan): void {
    const seat = this.#seats.reduce((least, each) => (each.scans.size < least.scans.size ? each : least))
    this.#open += 1
    this.#byClient.set(scan.request.client, (this.#byClient.get(scan.request.client) ?? 0) + 1)
    seat.thread ??= this.#start(
      this.#setup,
      (word) => seat.hear(word),
      (fault) => seat.lose(fault),
    )
    scan.begin(seat)
  }

  #ended(scan: PooledScan): void {
    if (!scan.hasBegun) {
      this.#waiting = this.#waiting.filter((each) => each !== scan)
      return
    }
    const { client } = scan.request
    const mine = (this.#byClient.get(client) ?? 0) - 1
    if (mine <= 0) this.#byClient.delete(client)
    else this.#byClient.set(client, mine)
    this.#open -= 1
    const next = this.#waiting.find((each) => this.#hasRoomFor(each))
    if (next === undefined) return
    this.#waiting = this.#waiting.filter((each) => each !== next)
    this.#begin(next)
  }
}

const BUSY = 'the scanners are busy'

/** A thread and its scans. It is started when it is needed, and again where it was lost. */
class Seat {
  thread: ScanThread | null = null
  readonly scans = new Map<number, PooledScan>()
  readonly #stallMs: number
  #stalled: NodeJS.Timeout | undefined

  constructor(stallMs: number) {
    this.#stallMs = stallMs
  }

  hear(word: ScanWord): void {
    if ('fault' in word) {
      this.lose(word.fault)
      return
    }
    this.scans.get(word.id)?.hear(word)
    this.watch()
  }

  /** Called again when the thread has said something, or was given something. */
  watch(): void {
    clearTimeout(this.#stalled)
    const owes = [...this.scans.values()].some((scan) => scan.isOwed)
    if (!owes) return
    this.#stalled = setTimeout(() => {
      void this.end('the scanner did not answer')
    }, this.#stallMs)
    this.#stalled.unref()
  }

  lose(fault: string): void {
    void this.end(`the scanner failed (${fault})`)
  }

  async end(why: string): Promise<void> {
    clearTimeout(this.#stalled)
    const { thread } = this
    this.thread = null
    const scans = [...this.scans.values()]
    this.scans.clear()
    for (const scan of scans) scan.fail(why)
    await thread?.end()
  }
}

class PooledScan implements Scan {
  readonly id: number
  readonly request: ScanRequest
  readonly #ended: () => void
  #seat: Seat | null = null
  #hasBegun = false
  #found: ContentFacts | null = null
  #isOver = false
  #isFinishing = false
  /** Bytes on their way. */
  #underway = 0
  #wake: () => void = () => undefined
  readonly #waits: NodeJS.Timeout

  constructor(id: number, request: ScanRequest, { ended, waitMs }: { ended: () => void; waitMs: number }) {
    this.id = id
    this.request = request
    this.#ended = ended
    this.#waits = setTimeout(() => this.fail(BUSY), waitMs)
    this.#waits.unref()
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  get isWaiting(): boolean {
    return !this.#hasBegun && !this.#isOver
  }

  /** The thread has something to say. */
  get isOwed(): boolean {
    return this.#underway > 0 || this.#isFinishing
  }

  begin(seat: Seat): void {
    clearTimeout(this.#waits)
    this.#hasBegun = true
    this.#seat = seat
    seat.scans.set(this.id, this)
    const { form, wants } = this.request
    seat.thread?.tell({ id: this.id, open: { form, wants } })
    this.#wake()
  }

  async feed(piece: Uint8Array): Promise<void> {
    while (!this.#isOver && (this.#seat === null || this.#underway >= WINDOW_BYTES)) await this.#change()
    if (this.#isOver || this.#seat === null) return
    // A copy of just these bytes: of a view the whole buffer would go, and belong to nobody else any more.
    const copy = new Uint8Array(piece)
    this.#underway += copy.length
    this.#seat.thread?.tell({ id: this.id, feed: copy }, [copy.buffer])
    this.#seat.watch()
  }

  async finish(): Promise<ContentFacts> {
    while (!this.#isOver && this.#seat === null) await this.#change()
    if (!this.#isOver) {
      this.#isFinishing = true
      this.#seat?.thread?.tell({ id: this.id, finish: true })
      this.#seat?.watch()
    }
    while (!this.#isOver) await this.#change()
    return this.#found ?? unlooked('nobody looked')
  }

  close(): void {
    if (this.#isOver) return
    this.#seat?.thread?.tell({ id: this.id, close: true })
    this.fail('nobody wanted to know')
  }

  hear(word: Exclude<ScanWord, { fault: string }>): void {
    if ('taken' in word) this.#underway -= word.taken
    else this.#end(word.found)
    this.#wake()
  }

  fail(why: string): void {
    this.#end(unlooked(why))
    this.#wake()
  }

  #end(found: ContentFacts): void {
    if (this.#isOver) return
    clearTimeout(this.#waits)
    this.#isOver = true
    this.#found = found
    this.#seat?.scans.delete(this.id)
    this.#seat?.watch()
    this.#ended()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
