/** What is done to a file before it is looked for again: a tenth of its lines edited, all indented anew, or a third pasted elsewhere. */

/** Mulberry32: the same seed makes the same numbers, from 0 to below 1. */
export function createChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    const once = Math.imul(state ^ (state >>> 15), state | 1)
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61))
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32
  }
}

const EDITED_SHARE = 0.1

/** One in ten lines is changed, replaced, taken out or split by a new one; then every line gets another indentation and line end. */
export function editLines(text: string, chance: () => number): string {
  const lines = text.split('\n')
  const edited = pick(lines.length, Math.ceil(lines.length * EDITED_SHARE), chance)
  const changed = lines.flatMap((line, at) => (edited.has(at) ? editLine(line, chance) : [line]))
  return changed.map((line) => indent(line)).join('\r\n')
}

function editLine(line: string, chance: () => number): readonly string[] {
  const name = `edited${Math.floor(chance() * 1e6)}`
  const words = line.split(/\b/)
  switch (Math.floor(chance() * 4)) {
    case 0: {
      words[Math.floor(chance() * words.length)] = name
      return [words.join('')]
    }
    case 1:
      return [`  const ${name} = compute(${name}, other)`]
    case 2:
      return []
    default:
      return [line, `    log("${name}", value)`]
  }
}

/** Spaces become tabs, tabs become spaces, and both twice as many. */
function indent(line: string): string {
  const body = line.trimStart()
  const white = line.slice(0, line.length - body.length)
  return white.includes('\t') ? '    '.repeat(white.length) + body : '\t'.repeat(Math.ceil(white.length / 2)) + body
}

/** A document as an API takes it, with a third of the lines, in one piece, as a text in it. */
export function pasteThird(text: string, chance: () => number): string {
  const lines = text.split('\n')
  const size = Math.ceil(lines.length / 3)
  const start = Math.floor(chance() * (lines.length - size + 1))
  const body = lines.slice(start, start + size).join('\n')
  return JSON.stringify({
    title: 'a question',
    labels: ['help wanted'],
    body: `How does this work?\n\n${body}\n\nThanks!`,
  })
}

function pick(count: number, wanted: number, chance: () => number): ReadonlySet<number> {
  const picked = new Set<number>()
  while (picked.size < Math.min(wanted, count)) picked.add(Math.floor(chance() * count))
  return picked
}
