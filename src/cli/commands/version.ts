/** `weir version`: which Weir this is, and on which Node it runs. */
import type { Command } from 'commander'
import { type Context, writeJson, writeLine } from '../terminal.ts'
import { readVersion } from '../version.ts'

export function addVersion(program: Command, context: Context): void {
  program
    .command('version')
    .description('print the version of Weir and of Node')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) => {
      const version = readVersion()
      if (options.json === true) writeJson(context.out, { version, node: process.versions.node })
      else writeLine(context.out, `weir ${version} (Node ${process.versions.node})`)
    })
}
