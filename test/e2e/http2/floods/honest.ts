/** The process of honest clients: so many requests a second, whatever becomes of them, and how long each took from when it was due. */
import { type ClientHttp2Session, connect } from 'node:http2'
import type { Load, Measure } from './order.ts'
import { securedBy } from './strike.ts'

const TICK_MS = 5
const ANSWER_TIMEOUT_MS = 5_000
const FAULTS_MAX = 10

class Honest {
  readonly #load: Load
  readonly #sessions: (ClientHttp2Session | null)[]
  #since = performance.now()
  #offered = 0
  #taken: number[] = []
  #faults: string[] = []
  #turn = 0

  constructor(load: Load) {
    this.#load = load
    this.#sessions = Array.from({ length: load.connections }, () => null)
  }

  async start(): Promise<void> {
    await Promise.all(this.#sessions.map((_, at) => this.#connect(at)))
    this.#since = performance.now()
    setInterval(() => this.#offer(), TICK_MS)
  }

  measure(): Measure {
    const times = this.#taken.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0)
    const measure = {
      seconds: (performance.now() - this.#since) / 1_000,
      offered: this.#offered,
      served: times.length,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      longestMs: at(1),
      faults: this.#faults.slice(0, FAULTS_MAX),
    }
    this.#since = performance.now()
    this.#offered = 0
    this.#taken = []
    this.#faults = []
    return measure
  }

  #offer(): void {
    const { perSecond } = this.#load
    const now = performance.now()
    while (this.#since + (this.#offered * 1_000) / perSecond <= now) {
      const dueAt = this.#since + (this.#offered * 1_000) / perSecond
      this.#offered += 1
      this.#ask(dueAt)
    }
  }

  #ask(dueAt: number): void {
    const session = this.#nextSession()
    if (session === null) {
      this.#faults.push('no connection')
      return
    }
    const { host } = this.#load
    const stream = session.request([':method', 'GET', ':scheme', 'https', ':authority', host, ':path', '/hello'])
    let status = 0
    stream.on('response', (headers) => {
      status = Number(headers[':status'])
    })
    stream.on('error', () => undefined)
    stream.setTimeout(ANSWER_TIMEOUT_MS, () => stream.close())
    stream.on('close', () => {
      if (status === 200 && stream.rstCode === 0) this.#taken.push(performance.now() - dueAt)
      else this.#faults.push(`${status}, reset ${stream.rstCode}`)
    })
    stream.resume()
  }

  #nextSession(): ClientHttp2Session | null {
    for (let tried = 0; tried < this.#sessions.length; tried++) {
      this.#turn = (this.#turn + 1) % this.#sessions.length
      const session = this.#sessions[this.#turn] ?? null
      if (session !== null && !session.closed && !session.destroyed) return session
    }
    return null
  }

  async #connect(at: number): Promise<void> {
    try {
      const socket = await securedBy(this.#load, '127.0.0.1')
      const session = connect(`https://${this.#load.host}`, { createConnection: () => socket })
      this.#sessions[at] = session
      session.on('error', () => undefined)
      session.once('close', () => this.#lose(at))
    } catch (error) {
      this.#faults.push(`not connected: ${String(error)}`)
      setTimeout(() => void this.#connect(at), 100)
    }
  }

  #lose(at: number): void {
    this.#sessions[at] = null
    void this.#connect(at)
  }
}

process.once('message', (load) => {
  const honest = new Honest(load as Load)
  void honest.start().then(() => {
    process.on('message', () => process.send?.(honest.measure()))
    process.send?.('ready')
  })
})
process.once('disconnect', () => process.exit())
