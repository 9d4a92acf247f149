/** Amounts as people write them: `50 MB`, `1.5 GiB`. Decimal units are powers of ten, binary ones of two (IEC 80000-13). */

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

export const SIZE_UNITS: readonly string[] = Object.keys(UNITS)

/** Reads a size in bytes; a plain number is bytes, and a part of a byte is dropped. Null for what is no size or too large to count. */
export function parseSize(text: string | number): number | null {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : null
  const match = /^(\d{1,16})(?:\.(\d{1,6}))? ?([A-Za-z]{1,3})?$/.exec(text)
  if (match === null) return null
  const [, whole = '', fraction = '', name = 'B'] = match
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
  if (unit === undefined) return null
  // In whole numbers: 1.1 * 1e6 in floating point is not 1.1 MB.
  const size = Number((BigInt(whole + fraction) * BigInt(unit)) / 10n ** BigInt(fraction.length))
  return Number.isSafeInteger(size) ? size : null
}

/** A size as text, in the largest decimal unit that says it shortly: `50 MB`, `1.5 GB`, `999 B`. */
export function formatSize(bytes: number): string {
  for (const unit of ['TB', 'GB', 'MB', 'kB'] as const) {
    const amount = bytes / (UNITS[unit] ?? 1)
    if (amount >= 1) return `${Number(amount.toFixed(2))} ${unit}`
  }
  return `${bytes} B`
}
