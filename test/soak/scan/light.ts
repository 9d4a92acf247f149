/** The process of the light flow: so many small reads and writes a second, and how long each took from when it was due. */
import { type ClientHttp2Session, connect } from 'node:http2'
import { securedBy } from '../../e2e/http2/floods/strike.ts'
import type { Light, LightQuestion, Served, Taken } from './order.ts'

const ANSWER_TIMEOUT_MS = 120_000
const FAULTS_MAX = 10

type Kind = 'reads' | 'writes'

class Flow {
  readonly #kind: Kind
  readonly #perSecond: number
  readonly #sessions: readonly ClientHttp2Session[]
  #served: Served[] = []
  #faults: string[] = []
  #next: NodeJS.Timeout | undefined
  #underway = 0

  constructor(kind: Kind, perSecond: number, sessions: readonly ClientHttp2Session[]) {
    this.#kind = kind
    this.#perSecond = perSecond
    this.#sessions = sessions
  }

  /** From now on, until it is told to stop. */
  start(): void {
    const begunAt = performance.now()
    let asked = 0
    const turn = (): void => {
      const now = performance.now()
      for (; dueAt(asked) <= now; asked++) this.#ask(dueAt(asked), asked)
      this.#next = setTimeout(turn, Math.max(1, dueAt(asked) - performance.now()))
    }
    const dueAt = (number: number): number => begunAt + (number * 1_000) / this.#perSecond
    turn()
  }

  /** What is still under way is waited for: the slowest of all must not be left out. */
  async stop(): Promise<Taken> {
    clearTimeout(this.#next)
    while (this.#underway > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const taken = { served: this.#served, faults: this.#faults.slice(0, FAULTS_MAX) }
    this.#served = []
    this.#faults = []
    return taken
  }

  #ask(dueAt: number, number: number): void {
    const session = this.#sessions[number % this.#sessions.length]
    if (session === undefined) throw new Error('no connection')
    this.#underway += 1
    const isRead = this.#kind === 'reads'
    const stream = session.request({ ':method': isRead ? 'GET' : 'POST', ':path': '/note', ...(isRead ? {} : TYPE) })
    let status = 0
    stream.on('response', (head) => {
      status = Number(head[':status'])
    })
    stream.on('error', () => undefined)
    stream.setTimeout(ANSWER_TIMEOUT_MS, () => stream.close())
    stream.on('close', () => {
      this.#underway -= 1
      const tookMs = performance.now() - dueAt
      if (status === 200) this.#served.push({ dueAt: performance.timeOrigin + dueAt, tookMs })
      else this.#faults.push(`${this.#kind}: ${status}, reset ${stream.rstCode}`)
    })
    stream.resume()
    if (!isRead) stream.end(JSON.stringify({ text: `A note of a few words, number ${number}.`, lines: LINES }))
  }
}

const TYPE = { 'content-type': 'application/json' }
const LINES = Array.from({ length: 20 }, (_, at) => `line ${at} of what somebody writes about the weather`)

async function flowsOf({ connections, readsPerSecond, writesPerSecond, ...behind }: Light): Promise<readonly Flow[]> {
  const open = async (): Promise<ClientHttp2Session> => {
    const socket = await securedBy(behind, '127.0.0.1')
    const session = connect(`https://${behind.host}`, { createConnection: () => socket })
    session.on('error', () => undefined)
    return session
  }
  const sessions = await Promise.all(Array.from({ length: connections * 2 }, open))
  return [
    new Flow('reads', readsPerSecond, sessions.slice(0, connections)),
    new Flow('writes', writesPerSecond, sessions.slice(connections)),
  ]
}

let flows: readonly Flow[] = []

async function answer(question: LightQuestion): Promise<unknown> {
  if ('open' in question) {
    flows = await flowsOf(question.open)
    return 'open'
  }
  if ('start' in question) {
    for (const flow of flows) flow.start()
    return 'started'
  }
  const [reads, writes] = await Promise.all(flows.map((flow) => flow.stop()))
  return { reads, writes }
}

process.on('message', (question) => {
  void answer(question as LightQuestion).then((said) => process.send?.(said))
})
process.once('disconnect', () => process.exit())
