/** What two transports must have in common: each answer, each line of the record, and what reaches the world. */
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import { FRAME_BYTES_DEFAULT } from '../http2/frames.ts'
import type { Outcome } from './client.ts'
import type { Heard } from './world.ts'

export interface Taken extends Outcome {
  /** The lines of the record about it, in order. */
  readonly records: readonly EcsRecord[]
}

/** What is told of a channel, by the place where it stands: equal where all is that must be. */
export type Sayings = ReadonlyMap<string, string>

/** Of one flow and its connection: of these no two are the same, whatever version of HTTP they speak. */
const OF_ONE_FLOW: ReadonlySet<string> = new Set([
  '@timestamp',
  'event.id',
  'event.duration',
  'source.port',
  'tls.client.supported_protocols',
  'http.version',
])

/** All that two readings of a request that is none have in common: the words about it are those of one version. */
const OF_MALFORMED: ReadonlySet<string> = new Set(['event.action', 'event.outcome', 'weir.reason', 'weir.verdict'])

/** How much of a body was read when it was denied: more in pieces of TCP than in frames. */
const READ_SO_FAR: ReadonlySet<string> = new Set(['http.request.body.bytes', 'weir.bytes.up', 'weir.upload.size'])

/** Of a tunnel that stays closed these are bytes of TLS, and what it offers is among them. */
const OF_CLOSED_TLS: ReadonlySet<string> = new Set(['weir.bytes.up', 'weir.bytes.down'])

/** About one connection, or of the moment. */
const OF_ONE_ANSWER: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding'])

export function sayingsOf(taken: readonly Taken[], heard: readonly Heard[]): Sayings {
  const steps = taken.flatMap((each, at) => [
    ...answerOf(each).map(([name, value]) => [`answer ${at + 1}: ${name}`, value] as const),
    ...each.records.flatMap((record, line) =>
      lineOf(record).map(([name, value]) => [`record ${at + 1}.${line + 1}: ${name}`, value] as const),
    ),
    // As often as it can be told: of an empty channel nothing would differ.
    [`answer ${at + 1}: lines`, String(each.records.length)] as const,
  ])
  const world = heard.flatMap(({ line, fields, body }, at) => [
    [`world ${at + 1}: line`, line] as const,
    [`world ${at + 1}: fields`, fields.join('\n')] as const,
    [`world ${at + 1}: body`, body] as const,
  ])
  return new Map([...steps, ...world])
}

export function differencesOf(one: Sayings, other: Sayings): readonly string[] {
  const places = new Set([...one.keys(), ...other.keys()])
  return [...places].flatMap((place) => {
    const [before = 'nothing', after = 'nothing'] = [one.get(place), other.get(place)]
    return before === after ? [] : [`${place}: ${before} | ${after}`]
  })
}

type Pair = readonly [name: string, value: string]

function answerOf({ by, status, answer, records }: Taken): readonly Pair[] {
  const said: readonly Pair[] = [
    ['by', by],
    ['status', String(status)],
  ]
  if (records.some(isMalformed)) return said
  const [head = '', ...body] = answer.split('\r\n\r\n')
  const fields = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
    .filter((line) => !OF_ONE_ANSWER.has(line.replace(/:.*/s, '')))
    .toSorted()
    .join('\n')
  return [...said, ['fields', withoutIds(fields, records)], ['body', withoutIds(body.join('\r\n\r\n'), records)]]
}

function lineOf(record: EcsRecord): readonly Pair[] {
  const isCut = record['event.action'] === 'denied' && Number(record['weir.bytes.up']) >= FRAME_BYTES_DEFAULT
  return Object.entries(record).flatMap(([name, value]) => {
    if (OF_ONE_FLOW.has(name) || (isMalformed(record) && !OF_MALFORMED.has(name))) return []
    if (record['http.version'] === undefined && OF_CLOSED_TLS.has(name)) return []
    return [[name, isCut && READ_SO_FAR.has(name) ? 'some' : JSON.stringify(value)] as const]
  })
}

function isMalformed(record: EcsRecord): boolean {
  return record['weir.reason'] === 'malformed'
}

function withoutIds(text: string, records: readonly EcsRecord[]): string {
  return records.reduce((rest, record) => rest.replaceAll(String(record['event.id']), 'ID'), text)
}
