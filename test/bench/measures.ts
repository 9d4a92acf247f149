/** The list of what is measured: a measure is one row of the result, and the work of one of its rounds. */
import type { Work } from './work.ts'

export interface Measure {
  readonly name: string
  readonly title: string
  readonly unit: 'requests' | 'MB'
  /** Whether the proxy opens the TLS of this measure's tunnels. */
  readonly inspected: boolean
  readonly work: Work
}

export const MEASURES: readonly Measure[] = [
  requests('new-tunnels', 'new tunnels, spliced', false, 'visit', 800),
  bulk('tunnel-download', 'download in a tunnel, spliced', false, 'download', 4),
  bulk('tunnel-upload', 'upload in a tunnel, spliced', false, 'upload', 4),
  requests('plain-keep-alive', 'plain requests, kept alive', false, 'plain', 4_800),
  requests('new-inspected', 'new tunnels, inspected', true, 'visit', 400),
  requests('inspected-keep-alive', 'inspected requests, kept alive', true, 'kept', 3_200),
  requests('inspected-http2', 'inspected HTTP/2, by h2load', true, 'streams', 6_400),
  bulk('inspected-download', 'download, inspected', true, 'download', 2),
  bulk('inspected-upload', 'upload, inspected', true, 'upload', 2),
]

/** The same measure with little work, for a run that only shows that all still works. */
export function quicken(measure: Measure): Measure {
  const { work } = measure
  const little = measure.unit === 'MB' ? { requests: 1, bodyBytes: 20_000_000 } : { requests: work.requests / 10 }
  return { ...measure, work: { ...work, ...little } }
}

function requests(name: string, title: string, inspected: boolean, kind: Work['kind'], count: number): Measure {
  const work: Work = { kind, requests: count, connections: 8, bodyBytes: 0 }
  return { name, title, unit: 'requests', inspected, work }
}

/** Bodies of 100 MB, one after the other, each in a tunnel of its own. */
function bulk(name: string, title: string, inspected: boolean, kind: Work['kind'], count: number): Measure {
  const work: Work = { kind, requests: count, connections: 1, bodyBytes: 100_000_000 }
  return { name, title, unit: 'MB', inspected, work }
}
