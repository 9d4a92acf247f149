/** Brings flags, environment and settings file together: a flag goes over the environment, the environment over the file. */
import { rangeOf } from '../net/address.ts'
import { hasErrors, type Problem } from '../text/problem.ts'
import { suggestion } from '../text/suggest.ts'
import { validate } from '../text/validate.ts'
import type { YamlSource } from '../text/yaml.ts'
import { formatListen } from './listen.ts'
import { flagOf, knownVariables, OPTIONS, type Option, unknownVariables, variableOf } from './options.ts'
import { type Settings, settingsSchema } from './schema.ts'

/** Values of flags by the name of their setting, as written; a list for those that repeat. */
export type Flags = Readonly<Partial<Record<Option['name'], string | readonly string[]>>>

export interface SettingsInput {
  /** The settings file, where there is one. */
  readonly file: YamlSource | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly flags: Flags
}

/** The settings, or null with at least one error. A problem's `file` is the settings file, the flag, or the variable. */
export function resolveSettings(input: SettingsInput): { settings: Settings | null; problems: readonly Problem[] } {
  const problems: Problem[] = [...warnOfUnknown(input.environment)]
  const fromFile = input.file === null ? null : validate(settingsSchema, input.file)
  problems.push(...(fromFile?.problems ?? []))
  const merged: Record<string, unknown> = { ...(fromFile === null ? settingsSchema.parse({}) : fromFile.value) }
  for (const option of OPTIONS) {
    const source = writtenSource(option, input)
    if (source === null) continue
    const { value, problems: found } = validate(settingsSchema.shape[option.name], source)
    problems.push(...found)
    merged[option.name] = value
  }
  if (hasErrors(problems)) return { settings: null, problems }
  // Every setting has passed its own schema, in the file or where it was overridden.
  const settings = merged as Settings
  problems.push(...openToAll(settings, input))
  return { settings: hasErrors(problems) ? null : settings, problems }
}

/** What a flag or else a variable says, with a place for each of its entries. Empty is as good as not set. */
function writtenSource(option: Option, input: SettingsInput): YamlSource | null {
  const flag = input.flags[option.name]
  if (flag !== undefined) return sourceOf(flagOf(option.name), typeof flag === 'string' ? flag : [...flag])
  const name = variableOf(option.name)
  const variable = input.environment[name]?.trim() ?? ''
  if (variable === '') return null
  return sourceOf(name, option.repeatable ? variable.split(',').map((entry) => entry.trim()) : variable)
}

function sourceOf(file: string, value: string | readonly string[]): YamlSource {
  const entries = typeof value === 'string' ? [value] : value
  return {
    file,
    text: entries.join(','),
    value,
    locate([index]) {
      const at = typeof index === 'number' ? index : 0
      const column = entries.slice(0, at).reduce((sum, entry) => sum + entry.length + 1, 1)
      return { line: 1, column, endColumn: column + (entries[at] ?? '').length }
    },
  }
}

/** A proxy that anyone can reach is a way out for anyone: listening beyond this machine wants to be told for whom. */
function openToAll(settings: Settings, input: SettingsInput): readonly Problem[] {
  const { address, port } = settings.listen
  if (rangeOf(address) === 'loopback' || settings.allowClients.length > 0 || settings.users !== undefined) return []
  const written = OPTIONS.flatMap((option) => (option.name === 'listen' ? (writtenSource(option, input) ?? []) : []))
  const source = written[0] ?? input.file
  const span = source?.locate(source === input.file ? ['listen'] : []) ?? { line: 1, column: 1 }
  return [
    {
      severity: 'error',
      message: `${formatListen(address, port)} is open to other machines, and no clients are allowed`,
      file: source?.file ?? flagOf('listen'),
      ...span,
      hint: `name who may use the proxy, by ${flagOf('allowClients')} 10.0.0.0/8 or ${flagOf('users')} FILE, or listen on 127.0.0.1`,
    },
  ]
}

function warnOfUnknown(environment: SettingsInput['environment']): readonly Problem[] {
  return unknownVariables(environment).map((name) => {
    const hint = suggestion(name, knownVariables())
    return {
      severity: 'warning',
      message: 'no setting has this variable',
      file: name,
      line: 1,
      column: 1,
      ...(hint === undefined ? {} : { hint }),
    }
  })
}
