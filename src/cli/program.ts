/** The program `weir`: its commands, its help, and how what they throw becomes an exit status. */
import { Command, CommanderError } from 'commander'
import { addCa } from './commands/ca.ts'
import { addCheck } from './commands/check.ts'
import { addDemo } from './commands/demo.ts'
import { addExplain } from './commands/explain.ts'
import { addHealth } from './commands/health.ts'
import { addIndex } from './commands/index.ts'
import { addRun } from './commands/run.ts'
import { addStatus } from './commands/status.ts'
import { addTest } from './commands/test.ts'
import { addVersion } from './commands/version.ts'
import { FileProblem } from './text-file.ts'
import { CommandError, type Context, paint, type Status, type Terminal, UsageError, writeLine } from './terminal.ts'
import { readVersion } from './version.ts'

const ADDERS: readonly ((program: Command, context: Context) => void)[] = [
  addRun,
  addDemo,
  addCheck,
  addTest,
  addExplain,
  addIndex,
  addCa,
  addStatus,
  addHealth,
  addVersion,
]

const EPILOGUE = `
Exit status: 0 good, 1 the thing examined is not good, 2 wrong usage.
From a checkout, write \`npm run -s weir -- COMMAND\` for \`weir COMMAND\`.`

export async function runProgram(words: readonly string[], terminal: Terminal): Promise<Status> {
  let status: Status = 0
  const program = createProgram({ ...terminal, finish: (left) => (status = left) })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return status
  } catch (error) {
    return statusOf(error, terminal)
  }
}

export function createProgram(context: Context): Command {
  const program = new Command('weir')
    .description(
      'An egress-filtering forward proxy: it lets people use code hosts, and does not let data leave by them.',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .helpCommand(false)
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: (text) => context.err.write(text),
      getOutHasColors: () => context.out.colours,
      getErrHasColors: () => context.err.colours,
    })
    .addHelpText('after', EPILOGUE)
  for (const add of ADDERS) add(program, context)
  return program
}

function statusOf(error: unknown, terminal: Terminal): Status {
  // Commander has written its own message; help that was asked for is good, help for want of a command is not.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const mistaken = error instanceof UsageError || (error instanceof FileProblem && error.mistaken)
  if (!(mistaken || error instanceof CommandError || error instanceof FileProblem)) throw error
  writeLine(terminal.err, `${paint(terminal.err, 'red', 'error')}: ${error.message}`)
  return mistaken ? 2 : 1
}
