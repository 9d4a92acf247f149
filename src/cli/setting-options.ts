/** The flags of a command that are settings too, with the descriptions and defaults that the schema gives them. */
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { CONFIG_VARIABLE, flagOf, OPTIONS, variableOf } from '../settings/options.ts'
import { type SettingName, settingsSchema } from '../settings/schema.ts'

/** Adds `--config` and the flags of these settings to a command. */
export function addSettingOptions(command: Command, names: readonly SettingName[]): void {
  command.addOption(new Option('--config <FILE>', `The settings file, YAML. (${CONFIG_VARIABLE})`))
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input' })
  for (const option of OPTIONS) {
    const described = properties[option.name]
    if (!names.includes(option.name) || typeof described !== 'object') continue
    const notes = [
      variableOf(option.name),
      ...(option.repeatable ? ['may be repeated'] : []),
      ...(typeof described.default === 'string' ? [`default: ${described.default}`] : []),
    ]
    const text = `${described.description ?? ''} (${notes.join(', ')})`
    const flag = new Option(`${flagOf(option.name)} <${option.argument}>`, text)
    if (option.repeatable) flag.argParser(collect)
    command.addOption(flag)
  }
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value]
}
