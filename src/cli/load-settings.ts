/** Brings the settings of a command together: reads the settings file, and says everything that is wrong with the whole. */
import { CONFIG_VARIABLE } from '../settings/options.ts'
import { type Flags, resolveSettings } from '../settings/resolve.ts'
import type { Settings } from '../settings/schema.ts'
import type { Problem } from '../text/problem.ts'
import { parseYaml, yamlBytesMax } from '../text/yaml.ts'
import { writeProblems } from './problems.ts'
import { CommandError, type Terminal, UsageError } from './terminal.ts'
import { FileProblem, readTextFile } from './text-file.ts'

/** Flags of a command that become settings, and `--config`. */
export interface SettingsFlags extends Flags {
  readonly config?: string
}

/** Throws a UsageError where a flag is wrong, a CommandError where the file or the environment is. */
export async function loadSettings(terminal: Terminal, options: SettingsFlags): Promise<Settings> {
  const { config, ...flags } = options
  const fromEnvironment = terminal.environment[CONFIG_VARIABLE]?.trim()
  const path = config ?? (fromEnvironment === '' ? undefined : fromEnvironment)
  const text = path === undefined ? null : await readConfig(path)
  const parsed = path === undefined || text === null ? null : parseYaml(text, path)
  const resolved =
    parsed !== null && parsed.source === null
      ? { settings: null, problems: parsed.problems }
      : resolveSettings({ file: parsed?.source ?? null, environment: terminal.environment, flags })
  writeProblems(terminal.err, resolved.problems, new Map(path === undefined || text === null ? [] : [[path, text]]))
  if (resolved.settings === null) throw refusal(resolved.problems)
  return resolved.settings
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readTextFile(path, yamlBytesMax)
  } catch (error) {
    throw error instanceof FileProblem ? new UsageError(`the settings file ${error.message}`) : error
  }
}

function refusal(problems: readonly Problem[]): Error {
  const message = 'the settings do not hold'
  const isFlag = problems.some(({ severity, file }) => severity === 'error' && file.startsWith('--'))
  return isFlag ? new UsageError(message) : new CommandError(message)
}
