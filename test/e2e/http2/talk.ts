/** One connection of a case: a raw client, and the requests that cases are made of. */
import { expect } from 'vitest'
import { data, FLAG, FRAME_BYTES_DEFAULT, headers, SETTING, WINDOW_BYTES_DEFAULT } from './frames.ts'
import { block } from './hpack-encode.ts'
import type { Field } from './hpack-static.ts'
import { RawHttp2 } from './raw-http2.ts'
import type { Echo, Target } from './target.ts'

interface Asked {
  readonly method?: string
  readonly path?: string
  /** After the pseudo-header fields. */
  readonly fields?: readonly Field[]
}

export interface Answer {
  readonly status: number
  readonly body: Buffer
  readonly fields: readonly Field[]
}

const END = FLAG.endStream | FLAG.endHeaders
/** For what must not come: long enough for it to come on this machine. */
const QUIET_MS = 25

export class Talk {
  readonly client: RawHttp2
  readonly authority: string

  constructor(client: RawHttp2, authority: string) {
    this.client = client
    this.authority = authority
  }

  static async start(target: Target): Promise<Talk> {
    return new Talk(new RawHttp2(await target.connect()), target.authority)
  }

  send(...bytes: readonly Uint8Array[]): void {
    this.client.send(...bytes)
  }

  head({ method = 'GET', path = '/', fields = [] }: Asked = {}): readonly Field[] {
    return [[':method', method], [':scheme', 'https'], [':authority', this.authority], [':path', path], ...fields]
  }

  /** A whole request without content. */
  get(stream: number, asked: Asked = {}): Buffer {
    return headers(stream, block(this.head(asked)), END)
  }

  /** The head of a request whose content follows. */
  post(stream: number, asked: Asked = {}): Buffer {
    return headers(stream, block(this.head({ method: 'POST', ...asked })))
  }

  async answer(stream: number): Promise<Answer> {
    const seen = this.client.stream(stream)
    await this.client.until(() => seen.ended, `the whole answer on ${stream}`)
    const fields = finalHead(seen.sections)
    return { status: Number(fieldOf(fields, ':status')), body: seen.body, fields }
  }

  /** What the origin saw of the request on this stream. */
  async echo(stream: number): Promise<Echo> {
    const { status, body } = await this.answer(stream)
    expect(status).toBe(200)
    return JSON.parse(body.toString()) as Echo
  }

  /** Waits until all that was sent is taken, and what could come for it has come. */
  async settle(): Promise<void> {
    await this.client.ping()
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    await this.client.ping()
  }

  /** Comes back once so many octets of content have come on the stream, and shows that no more come. */
  async expectContent(stream: number, octets: number): Promise<void> {
    const seen = this.client.stream(stream)
    await this.client.until(() => seen.body.length >= octets, `${octets} octets on ${stream}`)
    await this.settle()
    expect(seen.body.length).toBe(octets)
  }

  /** The server's window for a new stream. */
  get streamWindow(): number {
    return this.client.announced.get(SETTING.initialWindowSize) ?? WINDOW_BYTES_DEFAULT
  }

  /** Sends content in frames as large as may be, heedless of any window. */
  pour(stream: number, octets: number, flags: number = FLAG.none): void {
    const frames: Buffer[] = []
    for (let left = octets; left > 0; left -= PIECE.length) {
      const isLast = left <= PIECE.length
      frames.push(data(stream, PIECE.subarray(0, left), isLast ? flags : FLAG.none))
    }
    this.send(...frames)
  }
}

const PIECE = Buffer.alloc(FRAME_BYTES_DEFAULT, 'weir')

/** The first field section that is no interim answer's. */
export function finalHead(sections: readonly (readonly Field[])[]): readonly Field[] {
  return sections.find((section) => !fieldOf(section, ':status').startsWith('1')) ?? []
}

export function fieldOf(fields: readonly Field[], name: string): string {
  return fields.find(([each]) => each === name)?.[1] ?? ''
}
