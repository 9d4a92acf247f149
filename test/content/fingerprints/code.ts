/** Code that is somebody's own, made by a seed: the same each time, and two of them have nothing in common. */
import { createChance } from '../../fingerprints/edits.ts'

const WORDS = [
  'account',
  'balance',
  'customer',
  'delivery',
  'employee',
  'forecast',
  'gateway',
  'history',
  'invoice',
  'journal',
  'kernel',
  'ledger',
  'merchant',
  'network',
  'observer',
  'payment',
  'quantity',
  'receipt',
  'schedule',
  'transfer',
  'upstream',
  'voucher',
  'warehouse',
  'yield',
  'zone',
  'bucket',
  'counter',
  'digest',
  'entry',
  'filter',
  'group',
  'handle',
  'index',
  'limit',
  'margin',
]

/** A function a few lines, so many lines in all. */
export function makeCode(seed: number, lines: number): string {
  const chance = createChance(seed)
  const word = (): string => WORDS[Math.floor(chance() * WORDS.length)] ?? ''
  const name = (): string =>
    `${word()}_${word()}${Math.floor(chance() * 900)}`.replace(/_(.)/, (_, first: string) => first.toUpperCase())
  const line = (at: number): string => {
    if (at % 8 === 0) return `export function ${name()}(${word()}, ${word()}) {`
    if (at % 8 === 7) return '}'
    const forms = [
      () => `  const ${name()} = ${word()}.${name()}(${word()}, ${Math.floor(chance() * 100)})`,
      () => `  if (${name()} > ${word()}.${word()}) return ${name()}`,
      () => `  ${word()}.${name()} = [${word()}, "${name()}", ${word()}]`,
      () => `  // the ${word()} of a ${word()} has its ${word()}`,
    ]
    return (forms[Math.floor(chance() * forms.length)] ?? (() => ''))()
  }
  return Array.from({ length: lines }, (_, at) => line(at)).join('\n')
}
