#!/usr/bin/env node
/** The entry of `weir`: gives the program the process's arguments and streams, and ends with its exit status. */
import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// A reader that has seen enough (`weir check | head`) is no fault; any other failure to write is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exit(await runProgram(process.argv.slice(2), processTerminal()))
