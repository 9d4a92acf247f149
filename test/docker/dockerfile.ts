/** Reads the project's Dockerfile into its instructions, and its stages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const PROJECT = join(import.meta.dirname, '../..')

export interface Instruction {
  readonly name: string
  /** What follows the name, on one line, without its flags. */
  readonly text: string
  readonly flags: Readonly<Record<string, string>>
}

export interface Stage {
  readonly image: string
  /** Null for the last. */
  readonly name: string | null
  readonly instructions: readonly Instruction[]
}

export function readDockerfile(): string {
  return readFileSync(join(PROJECT, 'Dockerfile'), 'utf8')
}

export function instructionsOf(text: string): readonly Instruction[] {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '')
  return lines.split('\n').flatMap((line) => {
    const match = /^([A-Z]+)((?: --[a-z-]+=\S+)*) (.*)$/.exec(line)
    if (match === null) return []
    const [, name = '', written = '', rest = ''] = match
    const flags = [...written.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value])
    return [{ name, text: rest, flags: Object.fromEntries(flags) as Record<string, string> }]
  })
}

export function stagesOf(text: string): readonly Stage[] {
  const stages: { image: string; name: string | null; instructions: Instruction[] }[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === 'FROM') {
      const [image = '', as, name] = instruction.text.split(' ')
      stages.push({ image, name: as === 'AS' ? (name ?? null) : null, instructions: [] })
    } else {
      stages.at(-1)?.instructions.push(instruction)
    }
  }
  return stages
}

export function only(stage: Stage, name: string): Instruction {
  const found = stage.instructions.filter((instruction) => instruction.name === name)
  const [first] = found
  if (first === undefined || found.length > 1) throw new Error(`${found.length} instructions ${name} in a stage`)
  return first
}

/** The arguments of an instruction in exec form, which no shell reads; throws for one in shell form. */
export function execForm({ text }: Instruction): readonly string[] {
  const words: unknown = JSON.parse(text.replace(/^CMD /, ''))
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new Error(`no exec form: ${text}`)
  return words
}

export function lastOf(stages: readonly Stage[]): Stage {
  const last = stages.at(-1)
  if (last === undefined) throw new Error('the Dockerfile has no stage')
  return last
}

/** `NAME=VALUE` pairs of ENV or LABEL. */
export function pairsOf({ text }: Instruction): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, key = '', quoted, bare]) => [
    key,
    quoted ?? bare ?? '',
  ])
  return Object.fromEntries(pairs) as Record<string, string>
}
