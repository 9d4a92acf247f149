/** The reference page of the command line in Markdown, from the help of the commands themselves. */
import type { Command } from 'commander'

const HELP_COLUMNS = 110

export function renderCommandPage(title: string, intro: string, program: Command): string {
  const sections = commandsOf(program).map((command) => {
    return `## \`${nameOf(command)}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`
  })
  return `# ${title}\n\n${intro}\n\n${sections.join('\n')}`
}

function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}

/** What `--help` would print, examples included. */
function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({
    writeOut: (text) => {
      help += text
    },
    getOutHelpWidth: () => HELP_COLUMNS,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return help
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
