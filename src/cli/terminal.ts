/** What a command writes to and reads from: standard output and error, the environment, and the exit status it leaves. */
import { styleText } from 'node:util'

/** 0 good, 1 the thing examined is not good, 2 wrong usage. */
export type Status = 0 | 1 | 2

export interface Terminal {
  readonly out: Channel
  readonly err: Channel
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The bytes of standard input. */
  input(): AsyncIterable<Uint8Array>
}

/** What a command works with. `finish` leaves the exit status; without it the status is 0. */
export interface Context extends Terminal {
  finish(status: Status): void
}

export interface Channel {
  readonly colours: boolean
  write(text: string | Uint8Array): void
}

export type Style = Parameters<typeof styleText>[0]

/** Wrong usage: told on standard error, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The thing that the command needs is not good, and there is nothing to do but to say so: exit status 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

export function writeLine(channel: Channel, text: string): void {
  channel.write(`${text}\n`)
}

/** One JSON document on a line of its own, as `--json` promises. What a terminal would act on is escaped: the value is the same. */
export function writeJson(channel: Channel, value: unknown): void {
  writeLine(channel, JSON.stringify(value).replace(/\p{C}/gu, escaped))
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

export function paint(channel: Channel, style: Style, text: string): string {
  return channel.colours ? styleText(style, text, { validateStream: false }) : text
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** The process's own; colours only where a person reads and has not said no (no-color.org). */
export function processTerminal(): Terminal {
  const wanted = (process.env['NO_COLOR'] ?? '') === ''
  return {
    out: channelOf(process.stdout, wanted),
    err: channelOf(process.stderr, wanted),
    environment: process.env,
    input: () => process.stdin,
  }
}

function channelOf(stream: NodeJS.WriteStream, wanted: boolean): Channel {
  return {
    colours: wanted && stream.isTTY,
    write(text) {
      stream.write(text)
    },
  }
}
