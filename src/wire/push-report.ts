/** The answer to a refused push, in the form that makes git print it ref by ref (gitprotocol-pack, "Report Status"). */

import { encodePktLine, FLUSH, pktLineBytesMax, pktPayloadBytesMax } from './pkt-line.ts'
import { hasCapability } from './push-head.ts'

export interface PushRefusal {
  /** As the client announced them. */
  readonly capabilities: readonly string[]
  /** Every ref of the push, and why it is refused. */
  readonly refs: readonly { readonly name: string; readonly reason: string }[]
  /** What git shows behind `remote: `, one a line. A client without a sideband cannot be told. */
  readonly lines: readonly string[]
}

export const refusalReasonBytesMax = 500
export const refusalLineBytesMax = 900

/**
 * The whole body of a receive-pack result, or null where the client announced neither a report nor a side band: nothing in a
 * body can then tell it. On a side band without a report the refusal is a fatal error, for a client that waits for no report
 * takes any other end for success. The pack is reported as unpacked, for git prints the reasons of the refs only then. Control characters become spaces, so that no text
 * can end its line or move the cursor of a terminal.
 */
export function encodePushRefusal({ capabilities, refs, lines }: PushRefusal): Uint8Array | null {
  const packetBytesMax = sidebandBytesMax(capabilities)
  if (!hasCapability(capabilities, 'report-status') && !hasCapability(capabilities, 'report-status-v2')) {
    return packetBytesMax === null ? null : encodeFatal(lines, packetBytesMax)
  }
  const report = Buffer.concat([encodePktLine('unpack ok\n'), ...refs.map(encodeRefusedRef), FLUSH])
  if (packetBytesMax === null) return report
  const progress = lines.map((line) => Buffer.from(`${oneLine(line, refusalLineBytesMax)}\n`))
  return Buffer.concat([
    ...progress.flatMap((line) => encodeBand(bandProgress, line, packetBytesMax)),
    ...encodeBand(bandReport, report, packetBytesMax),
    FLUSH,
  ])
}

const bandReport = 1
const bandProgress = 2
const bandFatal = 3

function encodeFatal(lines: readonly string[], packetBytesMax: number): Uint8Array {
  // The client reads one fatal packet and no further, so all that is said has to fit into it.
  const said = Buffer.from(`${oneLine(lines.join('; '), Math.min(refusalLineBytesMax, packetBytesMax - 6))}\n`)
  return Buffer.concat([...encodeBand(bandFatal, said, packetBytesMax), FLUSH])
}

/** The length of a packet on the sideband, or null where the client cannot take one (gitprotocol-capabilities). */
function sidebandBytesMax(capabilities: readonly string[]): number | null {
  if (hasCapability(capabilities, 'side-band-64k')) return pktLineBytesMax
  return hasCapability(capabilities, 'side-band') ? 1_000 : null
}

function encodeRefusedRef({ name, reason }: PushRefusal['refs'][number]): Uint8Array {
  const opening = `ng ${oneLine(name, pktPayloadBytesMax - 64)} `
  const room = pktPayloadBytesMax - Buffer.byteLength(opening) - 1
  return encodePktLine(`${opening}${oneLine(reason, Math.min(room, refusalReasonBytesMax))}\n`)
}

/** Cuts `content` into packets of one band: four bytes of length and one of band stand before each piece. */
function encodeBand(band: number, content: Uint8Array, packetBytesMax: number): Uint8Array[] {
  const pieceBytes = packetBytesMax - 5
  const packets: Uint8Array[] = []
  for (let at = 0; at < content.length; at += pieceBytes) {
    packets.push(encodePktLine(Buffer.concat([Buffer.of(band), content.subarray(at, at + pieceBytes)])))
  }
  return packets
}

function oneLine(text: string, bytesMax: number): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  const bytes = Buffer.from(plain)
  if (bytes.length <= bytesMax) return plain
  // A character that the cut would halve goes whole: its first byte is no continuation byte (0b10xxxxxx).
  let end = bytesMax
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString('utf8')
}
