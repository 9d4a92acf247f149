/** Starts Weir as an operator would: from its command line, with a policy file, its records in a file. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { largePolicy } from '../policy/large.ts'
import { weirWords } from '../weir-command.ts'
import type { Contestant, Stage } from './contestant.ts'
import { runCommand, startProgram, waitFor } from './program.ts'
import { ORIGIN_NAME } from './work.ts'

export const weirEntry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const RULES = 1_000

/** The rules of a large organisation, and behind them all the one that lets the bench through. */
function policyOf(ports: Stage['ports']): string {
  const ours = `  - { name: bench, to: { hosts: [${ORIGIN_NAME}], ports: [${Object.values(ports).join(', ')}] }, action: allow }\n`
  return largePolicy(RULES - 1, 0).text + ours
}

const readySchema = z.object({ event: z.literal('ready'), listen: z.tuple([z.string()]) })

export async function startWeir(stage: Stage, inspected: boolean): Promise<Contestant> {
  const name = inspected ? 'weir-inspect' : 'weir-splice'
  const folder = join(stage.folder, name)
  const [policy, certs, data] = [join(folder, 'policy.yaml'), join(folder, 'certs'), join(folder, 'data')]
  await mkdir(folder)
  await writeFile(policy, policyOf(stage.ports))
  await runCommand([process.execPath, weirEntry, 'ca', 'init', '--certs', certs], folder)
  const flags = [
    ['--listen', '127.0.0.1:0', '--policy', policy, '--certs', certs, '--data', data],
    ['--upstream-ca', stage.originAnchorFile, '--allow-private', '127.0.0.0/8'],
    Object.values(stage.ports).flatMap((port) => ['--resolve', `${ORIGIN_NAME}:${port}:127.0.0.1:${port}`]),
    ['--inspection', inspected ? 'always' : 'auto'],
  ].flat()
  const program = startProgram(name, [process.execPath, ...weirWords(), 'run', ...flags], {
    folder,
    cleanup: stage.cleanup,
  })
  const port = await waitFor(program, () => readPort(program.files.output))
  return { program, port, anchorFile: join(certs, 'ca.pem') }
}

export function weirVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version
}

/** From the ready line, once it is whole. */
function readPort(outputFile: string): number | null {
  if (!existsSync(outputFile)) return null
  const complete = readFileSync(outputFile, 'utf8').split('\n').slice(0, -1)
  const line = complete.find((text) => text.includes('"event":"ready"'))
  if (line === undefined) return null
  const [first] = readySchema.parse(JSON.parse(line)).listen
  return Number(first.slice(first.lastIndexOf(':') + 1))
}
