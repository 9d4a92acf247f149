/** Several files as one policy: what concatenates, what unites, what stands once, and which file each thing came from. */
import type { Problem, Span } from '../text/problem.ts'
import type { Path, YamlSource } from '../text/yaml.ts'
import type { PolicyInput } from './schema.ts'

export interface Place extends Span {
  readonly file: string
}

/** The place of the value at `path`, or of its key. Of a path that does not exist, the nearest that does. */
export type Locate = (path: Path, part?: 'key' | 'value') => Place

/** One file, read by itself. */
export interface Part {
  readonly input: PolicyInput
  readonly yaml: YamlSource
}

/** What unites by name, and what one of its things is called. */
const NAMED = [
  ['groups', 'groups'],
  ['services', 'services'],
  ['repositories', 'sets of repositories'],
  ['lists', 'lists'],
  ['budgets', 'budgets'],
] as const

/** What stands in one file at most. */
const ONCE = ['default', 'inspection', 'tenants'] as const

/** With any problem, what stands twice is in `input` once. */
export function mergeParts(parts: readonly Part[]): {
  input: PolicyInput
  locate: Locate
  problems: readonly Problem[]
} {
  const inputs = parts.map(({ input }) => input)
  const input: PolicyInput = {
    version: 1,
    default: inputs.find((one) => one.default !== undefined)?.default,
    inspection: inputs.find((one) => one.inspection !== undefined)?.inspection,
    tenants: inputs.find((one) => one.tenants !== undefined)?.tenants,
    groups: unite(inputs.map(({ groups }) => groups)),
    services: unite(inputs.map(({ services }) => services)),
    repositories: unite(inputs.map(({ repositories }) => repositories)),
    lists: unite(inputs.map(({ lists }) => lists)),
    budgets: unite(inputs.map(({ budgets }) => budgets)),
    rules: inputs.flatMap(({ rules = [] }) => rules),
  }
  const problems = NAMED.flatMap(([section, what]) => findDoubledNames(parts, section, what))
  return { input, locate: locator(parts), problems: [...findDoubledKeys(parts), ...problems] }
}

function unite<T>(records: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  return Object.fromEntries(records.flatMap((record) => Object.entries(record ?? {})))
}

function findDoubledKeys(parts: readonly Part[]): readonly Problem[] {
  return ONCE.flatMap((key) => {
    const places = parts.filter(({ input }) => input[key] !== undefined).map((part) => placeIn(part, [key], 'key'))
    return doublesOf(places, (other) => `\`${key}\` stands in two files: in ${other} too`, 'keep one of them')
  })
}

function findDoubledNames(
  parts: readonly Part[],
  section: (typeof NAMED)[number][0],
  what: string,
): readonly Problem[] {
  const places = new Map<string, Place[]>()
  for (const part of parts) {
    for (const name of Object.keys(part.input[section] ?? {})) {
      const place = placeIn(part, [section, name], 'key')
      const known = places.get(name)
      if (known === undefined) places.set(name, [place])
      else known.push(place)
    }
  }
  return [...places].flatMap(([name, found]) =>
    doublesOf(found, (other) => `two ${what} are named \`${name}\`: the other stands in ${other}`, 'rename one'),
  )
}

/** One problem at each place but the first, which it names. */
function doublesOf([first, ...others]: readonly Place[], say: (other: string) => string, hint: string): Problem[] {
  if (first === undefined) return []
  const message = say(`${first.file}:${first.line}:${first.column}`)
  return others.map((place) => ({ severity: 'error', message, hint, ...place }))
}

function locator(parts: readonly Part[]): Locate {
  const [first] = parts
  if (first === undefined) throw new Error('a policy has at least one part')
  return (path, key) => {
    const [section, name] = path
    if (section === 'rules' && typeof name === 'number') {
      let position = name
      for (const part of parts) {
        const count = part.input.rules?.length ?? 0
        if (position < count) return placeIn(part, ['rules', position, ...path.slice(2)], key)
        position -= count
      }
    }
    const owner = parts.find(({ input }) => holds(input, section, name)) ?? first
    return placeIn(owner, path, key)
  }
}

function holds(input: PolicyInput, section: PropertyKey | undefined, name: PropertyKey | undefined): boolean {
  const value: unknown = Object.entries(input).find(([key]) => key === section)?.[1]
  const isNamed = NAMED.some(([named]) => named === section) && name !== undefined
  return isNamed ? typeof value === 'object' && value !== null && Object.hasOwn(value, name) : value !== undefined
}

function placeIn({ yaml }: Part, path: Path, part?: 'key' | 'value'): Place {
  return { file: yaml.file, ...yaml.locate(path, part) }
}
