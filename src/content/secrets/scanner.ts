/** Scans one stream of bytes for credentials in overlapping windows, and what is in base64 or UTF-16 inside it. */
import {
  alignmentOf,
  BINARY_RUN_CHARACTERS_MIN,
  BREAK_BYTES_MAX,
  continuation,
  nextRun,
  readRun,
} from './base64-run.ts'
import { AFTER_BYTES_MAX, BEFORE_BYTES_MAX, type SecretRule } from './rule.ts'
import type { Call, RuleSet } from './rule-set.ts'

export const WINDOW_BYTES = 64 * 1024
const BUFFER_BYTES = BEFORE_BYTES_MAX + WINDOW_BYTES + AFTER_BYTES_MAX

/** One place of a stream where a rule found something. Offsets count from the start of the stream. */
export interface Hit {
  readonly rule: SecretRule
  readonly start: number
  readonly end: number
  /** Within what was decoded; the same as `start` and `end` where nothing was. */
  readonly innerStart: number
  readonly innerEnd: number
  readonly line: number
  /** The bytes that the stretch stands in, reused afterwards. */
  readonly bytes: Buffer
  readonly at: number
  readonly length: number
}

export interface HitSink {
  /** Whether this hit would only be counted; then its line is not worth knowing. */
  readonly isFull: boolean
  add(hit: Hit): void
  /** Whether `bytes` more may be swept by slow rules. */
  spend(bytes: number): boolean
}

/** How a stream came out of another one. */
interface Origin {
  readonly start: number
  end: number
  readonly line: number
}

/** What is still undone in a stream; each of the two only once. */
interface Layers {
  readonly base64: boolean
  readonly zeros: boolean
}

const ALL_LAYERS: Layers = { base64: true, zeros: true }

/** Offsets of a stream without its NUL bytes are none of the stream with them. */
const STRIPPED_BASE = 2 ** 50

export class Scanner {
  readonly #set: RuleSet
  readonly #sink: HitSink
  readonly #layers: Layers
  readonly #bytes = Buffer.alloc(BUFFER_BYTES)
  #path = ''
  #filled = 0
  /** In the buffer: the first byte at which no keyword was looked for yet. */
  #next = 0
  /** Of the first byte of the buffer, in the stream. */
  #base = 0
  /** Of the byte at #next. */
  #line = 1
  #origin: Origin | null = null
  /** By the number of the rule: up to where in the stream it found something, or has seen everything. */
  readonly #doneTo: Float64Array
  /** Of base64: what decodes it, and where in the stream the run goes on. */
  #decoder: Scanner | null = null
  #open: OpenRun | null = null
  #runsFrom = 0
  #stripper: Scanner | null = null
  #isStripping = false

  constructor(set: RuleSet, sink: HitSink, layers: Layers = ALL_LAYERS) {
    this.#set = set
    this.#sink = sink
    this.#layers = layers
    this.#doneTo = new Float64Array(set.rules.length)
  }

  /** Makes it ready for another stream. */
  begin(path: string, origin: Origin | null = null, line = 1, base = 0): void {
    this.#path = path
    this.#origin = origin
    this.#filled = 0
    this.#next = 0
    this.#base = base
    this.#line = line
    this.#doneTo.fill(0)
    this.#open = null
    this.#runsFrom = base
    this.#isStripping = false
  }

  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const size = Math.min(piece.length - at, BUFFER_BYTES - this.#filled)
      this.#bytes.set(piece.subarray(at, at + size), this.#filled)
      this.#filled += size
      at += size
      if (this.#filled === BUFFER_BYTES) this.#turn()
    }
  }

  end(): void {
    this.#scanTo(this.#filled)
    this.#endRun()
    if (this.#isStripping) this.#stripper?.end()
  }

  /** Scans what has enough behind it, and keeps what later keywords may look back at. */
  #turn(): void {
    this.#scanTo(this.#filled - AFTER_BYTES_MAX)
    const kept = this.#next - BEFORE_BYTES_MAX
    this.#bytes.copyWithin(0, kept, this.#filled)
    this.#base += kept
    this.#filled -= kept
    this.#next -= kept
  }

  #scanTo(to: number): void {
    const from = this.#next
    this.#strip(from, to)
    this.#set.literals.each(this.#bytes, from, to, this.#filled, (place, keyword) => {
      const call = this.#set.calls[keyword]
      if (call !== undefined) this.#ask(call, place)
    })
    this.#decode(from, to)
    this.#line += countLines(this.#bytes, from, to)
    this.#next = to
  }

  #ask(call: Call, place: number): void {
    if (call.points.length > 0) {
      const from = Math.max(0, place - call.before)
      const text = this.#bytes.toString('latin1', from, Math.min(this.#filled, place + call.after))
      for (const { rule, number } of call.points) {
        if (this.#isDone(rule, number, place)) continue
        const stretch = rule.find(text, place - from)
        if (stretch === null) continue
        this.#doneTo[number] = this.#base + from + stretch.end
        this.#report(rule, from + stretch.start, stretch.end - stretch.start)
      }
    }
    for (const { rule, number } of call.sweeps) {
      if (this.#isDone(rule, number, place)) continue
      const from = Math.max(0, place - rule.before)
      const to = Math.min(this.#filled, place + rule.after)
      if (rule.isSlow && !this.#sink.spend(to - from)) continue
      const seenTo = this.#doneTo[number] ?? 0
      this.#doneTo[number] = this.#base + to - rule.reach
      for (const { start, end } of rule.sweep(this.#bytes.toString('latin1', from, to))) {
        if (this.#base + from + start >= seenTo) this.#report(rule, from + start, end - start)
      }
    }
  }

  #isDone(rule: SecretRule, number: number, place: number): boolean {
    return this.#base + place < (this.#doneTo[number] ?? 0) || rule.appliesTo?.(this.#path) === false
  }

  #report(rule: SecretRule, at: number, length: number): void {
    const innerStart = this.#base + at
    const innerEnd = innerStart + length
    const { start, end } = this.#origin ?? { start: innerStart, end: innerEnd }
    const line = this.#sink.isFull ? 0 : this.#lineAt(at)
    // What is behind the filled part is of another stream.
    const bytes = this.#bytes.subarray(0, this.#filled)
    this.#sink.add({ rule, start, end, innerStart, innerEnd, line, bytes, at, length })
  }

  #lineAt(at: number): number {
    if (this.#origin !== null) return this.#origin.line
    const lines = countLines(this.#bytes, Math.min(at, this.#next), Math.max(at, this.#next))
    return at >= this.#next ? this.#line + lines : this.#line - lines
  }

  /** UTF-16 without its NUL bytes is what the rules read; a window with many of them is scanned a second time without. */
  #strip(from: number, to: number): void {
    if (!this.#layers.zeros) return
    const hasMany = hasManyZeros(this.#bytes, from, to)
    if (!hasMany && !this.#isStripping) return
    this.#stripper ??= new Scanner(this.#set, this.#sink, { ...this.#layers, zeros: false })
    if (!this.#isStripping) this.#stripper.begin(this.#path, this.#origin, this.#line, STRIPPED_BASE)
    this.#isStripping = hasMany
    if (hasMany) this.#stripper.push(this.#bytes.subarray(from, to).filter((byte) => byte !== 0))
    else this.#stripper.end()
  }

  #decode(from: number, to: number): void {
    if (!this.#layers.base64) return
    let at = Math.max(from, this.#runsFrom - this.#base)
    if (this.#open !== null) at = this.#continueRun(at)
    while (at < to) {
      const start = nextRun(this.#bytes, at, to, this.#filled)
      if (start === -1) break
      at = this.#beginRun(start)
    }
    this.#runsFrom = this.#base + Math.max(at, from)
  }

  #beginRun(start: number): number {
    const run = readRun(this.#bytes, start, this.#filled)
    const skipped = alignmentOf(run.text) ?? (run.text.length >= BINARY_RUN_CHARACTERS_MIN ? 0 : null)
    if (skipped === null) return run.end + 1
    this.#decoder ??= new Scanner(this.#set, this.#sink, { ...this.#layers, base64: false })
    const origin = { start: this.#base + start, end: this.#base + run.end, line: this.#lineAt(start) }
    this.#decoder.begin(this.#path, origin)
    this.#open = { rest: '', origin }
    this.#feedRun(run.text.slice(skipped))
    return this.#pauseRun(run.end)
  }

  #continueRun(at: number): number {
    const start = continuation(this.#bytes, at, this.#filled)
    if (start === -1) {
      this.#endRun()
      return at
    }
    const run = readRun(this.#bytes, start, this.#filled)
    if (this.#open !== null) this.#open.origin.end = this.#base + run.end
    this.#feedRun(run.text)
    return this.#pauseRun(run.end)
  }

  /** A run that reaches the end of what is known may go on in the next window. */
  #pauseRun(end: number): number {
    if (end + BREAK_BYTES_MAX >= this.#filled) return end
    this.#endRun()
    return end + 1
  }

  #feedRun(text: string): void {
    if (this.#open === null || this.#decoder === null) return
    const all = this.#open.rest + text
    const whole = all.length - (all.length % 4)
    this.#open.rest = all.slice(whole)
    this.#decoder.push(Buffer.from(all.slice(0, whole), 'base64'))
  }

  #endRun(): void {
    if (this.#open === null || this.#decoder === null) return
    this.#decoder.push(Buffer.from(this.#open.rest, 'base64'))
    this.#open = null
    this.#decoder.end()
  }
}

interface OpenRun {
  /** Up to three characters that wait for those behind them. */
  rest: string
  readonly origin: Origin
}

function countLines(bytes: Uint8Array, from: number, to: number): number {
  let lines = 0
  for (let at = from; at < to; at += 1) if (bytes[at] === 0x0a) lines += 1
  return lines
}

const ZERO_SAMPLES = 512
const ZERO_SHARE = 0.25

function hasManyZeros(bytes: Uint8Array, from: number, to: number): boolean {
  // An odd step, so that both bytes of a character are looked at.
  const step = Math.max(1, Math.floor((to - from) / ZERO_SAMPLES)) | 1
  let zeros = 0
  let looked = 0
  for (let at = from; at < to; at += step) {
    looked += 1
    if (bytes[at] === 0) zeros += 1
  }
  return zeros > looked * ZERO_SHARE
}
