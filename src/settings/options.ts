/** The settings that are also flags of `weir run` and variables of the environment, and how each is spelled there. */
import type { SettingName } from './schema.ts'

export interface Option {
  readonly name: Exclude<SettingName, 'limits'>
  /** What stands for the value in help and pages. */
  readonly argument: string
  /** A flag given several times, or a variable with commas. */
  readonly repeatable: boolean
}

export const OPTIONS: readonly Option[] = [
  { name: 'policy', argument: 'PATH', repeatable: false },
  { name: 'listen', argument: 'ADDR:PORT', repeatable: false },
  { name: 'certs', argument: 'DIR', repeatable: false },
  { name: 'data', argument: 'DIR', repeatable: false },
  { name: 'users', argument: 'FILE', repeatable: false },
  { name: 'passphraseFile', argument: 'FILE', repeatable: false },
  { name: 'upstreamCa', argument: 'FILE', repeatable: true },
  { name: 'upstreamProxy', argument: 'URL', repeatable: false },
  { name: 'clientCertificate', argument: 'HOST:FILE', repeatable: true },
  { name: 'resolve', argument: 'HOST:PORT:ADDRESS:PORT', repeatable: true },
  { name: 'allowPrivate', argument: 'CIDR', repeatable: true },
  { name: 'allowClients', argument: 'CIDR', repeatable: true },
  { name: 'inspection', argument: 'auto|never|always', repeatable: false },
  { name: 'secretRules', argument: 'FILE', repeatable: false },
  { name: 'fingerprints', argument: 'FILE', repeatable: false },
  { name: 'fingerprintsKey', argument: 'FILE', repeatable: false },
  { name: 'http2', argument: 'auto|never|always', repeatable: false },
]

const PREFIX = 'WEIR_'

/** The settings file itself has a flag and a variable, and cannot stand in itself. */
export const CONFIG_VARIABLE = `${PREFIX}CONFIG`

/** `upstreamCa` → `--upstream-ca`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** `upstreamCa` → `WEIR_UPSTREAM_CA`. */
export function variableOf(name: string): string {
  return `${PREFIX}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

/** The variables with Weir's prefix that no setting has: most likely typing errors, each of which leaves a default in force. */
export function unknownVariables(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set(knownVariables())
  return Object.keys(environment).filter((name) => name.startsWith(PREFIX) && !known.has(name))
}

export function knownVariables(): readonly string[] {
  return [CONFIG_VARIABLE, ...OPTIONS.map(({ name }) => variableOf(name))]
}
