/** Which keys a zod schema knows at a path: the candidates for "did you mean". */
import type { z } from 'zod'
import type { Path } from './yaml.ts'

/** Keys of every object that may stand at `path`, over all branches of unions. */
export function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let candidates: readonly z.core.$ZodType[] = branchesOf(schema)
  for (const step of path) candidates = candidates.flatMap((candidate) => below(candidate, step))
  return candidates.flatMap((candidate) => Object.keys(shapeOf(candidate)))
}

type Def = z.core.$ZodTypes['_zod']['def']

function defOf(schema: z.core.$ZodType): Def {
  return (schema as unknown as { readonly def: Def }).def
}

function below(schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] {
  const def = defOf(schema)
  if (def.type === 'array') return branchesOf(def.element)
  if (def.type === 'record') return branchesOf(def.valueType)
  const child = shapeOf(schema)[String(step)]
  return child === undefined ? [] : branchesOf(child)
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const def = defOf(schema)
  return def.type === 'object' ? def.shape : {}
}

function branchesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const def = defOf(schema)
  if (def.type === 'union') return def.options.flatMap((option) => branchesOf(option))
  if (def.type === 'optional' || def.type === 'default' || def.type === 'nullable') return branchesOf(def.innerType)
  return [schema]
}
