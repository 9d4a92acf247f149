/** Runs a reader of events three ways and holds what it told equal: whole, byte by byte from a used buffer, and cut anywhere. */
import { expect } from 'vitest'

export interface EventReader<T> {
  readonly fault?: string | null
  push(piece: Uint8Array): Iterable<T>
  end(): Iterable<T>
}

type Event = { readonly kind: string; readonly bytes?: Uint8Array }

/** Each thing that began, and the text of its pieces. */
export interface Told {
  readonly began: readonly [begin: unknown, text: string][]
  readonly fault: string | null
}

export function tell<T extends Event>(open: () => EventReader<T>, input: string | Uint8Array): Told {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input
  const whole = run(open(), [bytes])
  expect(
    run(
      open(),
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ),
    'byte by byte',
  ).toEqual(whole)
  // Of a long one, at some places: at each would be square to its length.
  const step = Math.max(1, Math.floor(bytes.length / 600)) ** 2
  for (let cut = 0; cut <= bytes.length; cut += step) {
    expect(run(open(), [bytes.slice(0, cut), bytes.slice(cut)]), `cut at ${cut}`).toEqual(whole)
  }
  return whole
}

function run<T extends Event>(reader: EventReader<T>, pieces: readonly Uint8Array[]): Told {
  const began: [unknown, Buffer[]][] = []
  const take = (events: Iterable<T>): void => {
    for (const event of events) {
      if (event.kind === 'begin') {
        const { kind: _, ...rest } = event
        began.push([Object.values(rest)[0], []])
      } else if (event.kind === 'piece') began.at(-1)?.[1].push(Buffer.from(event.bytes ?? []))
    }
  }
  for (const piece of pieces) {
    const used = Uint8Array.from(piece)
    take(reader.push(used))
    used.fill(0xa5)
  }
  take(reader.end())
  return { began: began.map(([begin, parts]) => [begin, Buffer.concat(parts).toString()]), fault: reader.fault ?? null }
}
