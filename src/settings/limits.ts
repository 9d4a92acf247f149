/** The limits of the data plane, each with its unit and what happens past it: one schema for validation, types and pages. */
import { z } from 'zod'
import { parseDuration } from '../text/duration.ts'
import { parseSize } from '../text/quantity.ts'

const COUNT_MAX = 1_000_000_000
// A timer of Node beyond 2³¹ milliseconds fires at once, which would turn a generous limit into none.
const DURATION_MS_MAX = 2 ** 31 - 1

/** Bytes, as a number or as `64 KiB`. */
function size(preset: string, description: string) {
  return z
    .union([z.number(), z.string()])
    .transform((written, context) => {
      const bytes = parseSize(written)
      if (bytes !== null && bytes > 0) return bytes
      context.issues.push({ code: 'custom', message: 'must be a size above 0 such as `64 KiB`', input: written })
      return z.NEVER
    })
    .prefault(preset)
    .meta({ description, unit: 'bytes' })
}

/** Milliseconds, as a number or as `30 s`. */
function duration(preset: string, description: string) {
  return z
    .union([z.number(), z.string()])
    .transform((written, context) => {
      const durationMs = parseDuration(written)
      if (durationMs !== null && durationMs > 0 && durationMs <= DURATION_MS_MAX) return durationMs
      const message = 'must be a duration above 0 and below 24 days, such as `30 s` or `10 min`'
      context.issues.push({ code: 'custom', message, input: written })
      return z.NEVER
    })
    .prefault(preset)
    .meta({ description, unit: 'milliseconds' })
}

function count(preset: number, description: string) {
  return z.int().min(1).max(COUNT_MAX).prefault(preset).meta({ description, unit: 'count' })
}

const limits = z.strictObject({
  headBytesMax: size(
    '64 KiB',
    'Head of a request or a response: start line and header fields. Past it the client gets 431.',
  ),
  headTimeoutMs: duration('30 s', 'From the first byte of a request to the end of its head.'),
  helloTimeoutMs: duration(
    '10 s',
    'From the 200 of a CONNECT to the client’s first bytes, and to a whole ClientHello or request line.',
  ),
  resolveTimeoutMs: duration('10 s', 'One name resolution, all attempts together.'),
  dialTimeoutMs: duration('10 s', 'One TCP connection attempt to one address.'),
  dialAttemptsMax: count(4, 'Addresses of one name that are tried, one after the other.'),
  tlsHandshakeTimeoutMs: duration('15 s', 'One TLS handshake, with a client or with an upstream.'),
  idleTimeoutMs: duration(
    '10 min',
    'Without a byte either way on a tunnel or an exchange; past it the connection is closed.',
  ),
  responseTimeoutMs: duration(
    '5 min',
    'From the end of a request to the head of the upstream’s response. Past it the client gets 504.',
  ),
  keepAliveTimeoutMs: duration(
    '60 s',
    'A kept connection, with a client or with an upstream, that waits for its next request.',
  ),
  drainTimeoutMs: duration('30 s', 'From SIGTERM until connections that are still open are cut.'),
  connectionsMax: count(10_000, 'Client connections at one time; one more is closed at once.'),
  connectionsPerClientMax: count(1_000, 'Client connections at one time from one address.'),
  requestsPerConnectionMax: count(10_000, 'Requests on one client connection, after which it is closed.'),
  http2StreamsMax: count(
    100,
    'Requests at one time on one HTTP/2 connection of a client; one more is refused, and may be asked again. A client that has acknowledged the limit and passes it is cut off.',
  ),
  http2WindowBytes: size(
    '256 KiB',
    'What one HTTP/2 stream may send ahead of what is read of it, in either direction.',
  ),
  http2ResetsMax: count(
    200,
    'Requests on one HTTP/2 connection that its client takes back before they are answered, beyond one for each that is answered and 20 a second. Past it the connection is closed.',
  ),
  http2OverheadBytesMax: size(
    '256 KiB',
    'Bytes on one HTTP/2 connection that are neither head nor content, beyond what these need and 16 KiB a second. Past it the connection is closed.',
  ),
  http2WaitingTotalBytesMax: size(
    '256 MiB',
    'What all HTTP/2 connections of clients have in memory that nobody took yet, in either direction. Past it those with the most are closed.',
  ),
  heldBytesMax: size(
    '4 GiB',
    'One upload that is held until its verdict is known. Past it the upload is denied by doubt.',
  ),
  heldMemoryBytesMax: size('256 KiB', 'Of one held upload in memory; the rest goes to an unlinked spool file.'),
  heldMemoryTotalBytesMax: size(
    '256 MiB',
    'Of all held uploads together in memory; past it they go to their spool files.',
  ),
  spoolBytesMax: size('16 GiB', 'All spool files together. Past it an upload that would have to be held is denied.'),
  spoolBytesPerClientMax: size('8 GiB', 'Spool files of one client address together.'),
  scanThreads: count(1, 'Threads that look into uploads, where a rule asks what is in them.'),
  scanBytesMax: size(
    '4 GiB',
    'Of one upload, without its Content-Encoding, that is looked into. Past it what is in the upload is doubt.',
  ),
  scanWorkMs: duration(
    '10 min',
    'Work on one upload, in which every byte may be looked at several times. Past it what is in the upload is doubt.',
  ),
  scansMax: count(64, 'Uploads that are looked into at one time; more wait for their turn.'),
  scansPerClientMax: count(32, 'Of these, from one client address.'),
  scansWaitingMax: count(512, 'Uploads that wait to be looked into. What is in one more is doubt.'),
  scanWaitMs: duration('60 s', 'How long one waits. Past it what is in the upload is doubt.'),
  scanStallMs: duration(
    '60 s',
    'How long a thread may be at one piece of an upload. Past it the thread is ended, and what it was looking into is doubt.',
  ),
  drainBytesMax: size(
    '64 MiB',
    'Read and thrown away of an upload that was denied, so that its client hears the answer; past it the connection is closed.',
  ),
  gitDrainBytesMax: size(
    '2 GiB',
    'The same for a git push, whose client reads no answer before it has sent everything.',
  ),
  dnsCacheEntriesMax: count(10_000, 'Names whose addresses are kept.'),
  proofCacheEntriesMax: count(
    10_000,
    'Pairs of name and address kept for which a valid certificate was seen before TLS was spliced.',
  ),
  proofLifetimeMs: duration('10 min', 'How long such a proof holds.'),
  leafCacheEntriesMax: count(1_000, 'Names kept for which the inspection CA has made a certificate.'),
})

export const limitsSchema = limits.default(limits.parse({})).meta({
  description:
    'How much and how long at most. Sizes and durations are a number in the unit of the name, or a text with its unit.',
})
