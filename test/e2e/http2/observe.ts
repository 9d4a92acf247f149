/** Finds out what the server made of what a case sent. */
import type { Outcome } from './case.ts'
import { fieldOf, finalHead, type Talk } from './talk.ts'

/** How long a server may take from GOAWAY to the end of the connection. */
const CLOSING_MS = 2_000
/** Above any stream of a case. */
const PROBE_STREAM = 0x7fff_ff01

export async function observe(talk: Talk, stream: number | undefined): Promise<Outcome> {
  const { client } = talk
  if (stream !== undefined) {
    const seen = client.stream(stream)
    const settled = (): boolean => seen.ended || seen.reset !== null || client.goaway !== null || client.ended
    await client.until(settled, `an outcome on ${stream}`)
  }
  const answered = await client.ping()
  const ending = await endingOf(talk, answered)
  // A connection that ends in good order has answered what it owed.
  const isOrderly = ending === 'connection NO_ERROR' && stream !== undefined && client.stream(stream).ended
  if (ending !== null && !isOrderly) return ending
  if (stream !== undefined) return outcomeOf(talk, stream)
  return probe(talk)
}

/** How the connection ended; null where it goes on. */
async function endingOf({ client }: Talk, answered: boolean): Promise<Outcome | null> {
  if (client.goaway === null) return answered ? null : 'closed'
  const { code } = client.goaway
  try {
    await client.until(() => client.ended, 'the end of the connection', CLOSING_MS)
  } catch (error) {
    if (client.ended || client.fault !== null) throw error
    return `left open after ${code}`
  }
  return `connection ${code}`
}

function outcomeOf({ client }: Talk, stream: number): Outcome {
  const seen = client.stream(stream)
  // A whole answer counts, whatever reset follows it (section 8.1).
  if (seen.ended) {
    return `status ${Number(fieldOf(finalHead(seen.sections), ':status'))}`
  }
  return `stream ${seen.reset ?? 'NO_ERROR'}`
}

/** A connection is alive that answers one more request, and has reset no stream. */
async function probe(talk: Talk): Promise<Outcome> {
  const { client } = talk
  talk.send(talk.get(PROBE_STREAM))
  const seen = client.stream(PROBE_STREAM)
  await client.until(() => seen.ended || seen.reset !== null || client.ended, 'the answer to one more request')
  const ending = await endingOf(talk, seen.ended || seen.reset !== null)
  if (ending !== null) return ending
  for (const { reset } of client.streams.values()) {
    if (reset !== null) return `stream ${reset}`
  }
  return seen.ended ? 'alive' : 'closed'
}
