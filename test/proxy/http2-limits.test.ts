/** The watch over one HTTP/2 connection: at each limit, one past it, and what honest clients do. */
import { describe, expect, it } from 'vitest'
import { heaviest, type Http2Traffic, Http2Watch, sessionOptions } from '../../src/proxy/http2-limits.ts'
import { makeWorld } from './world.ts'

const { limits } = makeWorld().settings
const NOTHING: Http2Traffic = { bytesIn: 0, bytesOut: 0, contentIn: 0, fieldsIn: 0, heads: 0, answered: 0, resets: 0 }

/** What the watch says of each stage, `ms` after the one before. */
function watch(...stages: readonly (Partial<Http2Traffic> & { readonly ms?: number })[]): (string | null)[] {
  const watched = new Http2Watch(limits, 0)
  let at = 0
  return stages.map(({ ms = 0, ...traffic }) => {
    at += ms
    return watched.check({ ...NOTHING, ...traffic }, at)
  })
}

const OVERHEAD = 'it sent frames without end that carry nothing'
const RESETS = 'it took back requests without end'

describe('frames that carry nothing', () => {
  it(`are borne up to ${limits.http2OverheadBytesMax} bytes at once`, () => {
    expect(watch({ bytesIn: limits.http2OverheadBytesMax })).toEqual([null])
    expect(watch({ bytesIn: limits.http2OverheadBytesMax + 1 })).toEqual([OVERHEAD])
  })

  it('are borne for ever at 16 KiB a second', () => {
    const second = 16 * 1024
    const spent = { bytesIn: limits.http2OverheadBytesMax }
    expect(watch(spent, { bytesIn: spent.bytesIn + second, ms: 1_000 })).toEqual([null, null])
    expect(watch(spent, { bytesIn: spent.bytesIn + second + 1, ms: 1_000 })).toEqual([null, OVERHEAD])
  })

  it('are no more than what they go with: heads, content, and windows for what is sent', () => {
    const bytesIn = 1_000_000
    expect(watch({ bytesIn, contentIn: bytesIn })).toEqual([null])
    expect(watch({ bytesIn, fieldsIn: bytesIn, heads: 1 })).toEqual([null])
    // Empty messages of gRPC, each in a frame of its own.
    expect(watch({ bytesIn: 14 * 100_000, contentIn: 5 * 100_000 })).toEqual([null])
    // 1 GB that goes out, and 13 bytes of WINDOW_UPDATE for each 8 KB of it.
    expect(watch({ bytesIn: 1_625_000, bytesOut: 1_000_000_000 })).toEqual([null])
    expect(watch({ bytesIn, contentIn: bytesIn / 20 })).toEqual([OVERHEAD])
  })

  it('do not add up to leave', () => {
    const idle = watch({ ms: 3_600_000 }, { bytesIn: limits.http2OverheadBytesMax + 1 })
    expect(idle).toEqual([null, OVERHEAD])
    const compressed = watch(
      { bytesIn: 10_000, fieldsIn: 1_000_000, heads: 1 },
      {
        bytesIn: 10_000 + limits.http2OverheadBytesMax + 1,
        fieldsIn: 1_000_000,
        heads: 1,
      },
    )
    expect(compressed).toEqual([null, OVERHEAD])
  })
})

describe('requests that are taken back', () => {
  it(`are borne up to ${limits.http2ResetsMax} at once`, () => {
    expect(watch({ resets: limits.http2ResetsMax })).toEqual([null])
    expect(watch({ resets: limits.http2ResetsMax + 1 })).toEqual([RESETS])
  })

  it('are borne for ever at 20 a second, or beside as many that are answered', () => {
    const { http2ResetsMax: resets } = limits
    expect(watch({ resets }, { resets: resets + 20, ms: 1_000 })).toEqual([null, null])
    expect(watch({ resets }, { resets: resets + 21, ms: 1_000 })).toEqual([null, RESETS])
    expect(watch({ resets: resets + 500, answered: 500 })).toEqual([null])
  })
})

describe('a session', () => {
  it('is told every limit of its own', () => {
    expect(sessionOptions(limits).settings).toMatchObject({
      enablePush: false,
      enableConnectProtocol: false,
      maxConcurrentStreams: limits.http2StreamsMax,
      initialWindowSize: limits.http2WindowBytes,
      maxHeaderListSize: limits.headBytesMax,
    })
  })
})

describe('what waits in memory', () => {
  const holdings = [
    { whose: 'a', bytes: 10 },
    { whose: 'b', bytes: 60 },
    { whose: 'c', bytes: 30 },
  ]

  it('is borne up to what all may hold', () => {
    expect(heaviest(holdings, 100)).toEqual([])
    expect(heaviest(holdings, 99)).toEqual(['b'])
  })

  it('is taken from those with the most', () => {
    expect(heaviest(holdings, 40)).toEqual(['b'])
    expect(heaviest(holdings, 39)).toEqual(['b', 'c'])
    expect(heaviest(holdings, 1)).toEqual(['b', 'c', 'a'])
    expect(heaviest([], 1)).toEqual([])
  })
})
