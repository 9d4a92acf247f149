/** PEM text split into its blocks (RFC 7468 section 2); what stands between blocks is explanation and is skipped. */

export interface PemBlock {
  /** What stands after BEGIN: `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string
  /** The block with its BEGIN and END lines. */
  readonly text: string
}

const BEGIN = '-----BEGIN '
const DASHES = '-----'

/** The blocks in order; null where one is begun and not ended. */
export function splitPem(text: string): readonly PemBlock[] | null {
  const blocks: PemBlock[] = []
  let at = text.indexOf(BEGIN)
  while (at !== -1) {
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length)
    const label = text.slice(at + BEGIN.length, labelEnd)
    const end = `-----END ${label}-----`
    const endAt = labelEnd === -1 ? -1 : text.indexOf(end, labelEnd)
    const next = labelEnd === -1 ? -1 : text.indexOf(BEGIN, labelEnd)
    if (endAt === -1 || (next !== -1 && next < endAt)) return null
    blocks.push({ label, text: `${text.slice(at, endAt + end.length)}\n` })
    at = next
  }
  return blocks
}
