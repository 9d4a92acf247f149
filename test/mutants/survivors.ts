/** The survivors that are explained: changes to a guard that no test notices, and why none need do so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** One change that no test noticed. */
export interface Survivor {
  readonly file: string
  readonly line: number
  /** What stands in front of the change, in one line. */
  readonly before: string
  readonly mutator: string
  /** `BEFORE => AFTER`, in one line, the beginning of each. */
  readonly change: string
}

const REASON = z.string().min(20)

const SCHEMA = z.strictObject({
  /** Of a mutator, where what stands in front of the change and the change match these patterns; in one file or in all. */
  patterns: z.array(
    z.strictObject({
      file: z.string().optional(),
      mutator: z.string(),
      behind: z.string().default(''),
      change: z.string().default(''),
      why: REASON,
    }),
  ),
  /** By file: changes that survive for one reason. */
  files: z.record(z.string(), z.array(z.strictObject({ changes: z.array(z.string()).min(1), why: REASON }))),
})

export interface Explanations {
  /** True where the survivor is explained; the explanation then counts as used. */
  explain(survivor: Survivor): boolean
  /** Explanations of what does not survive any more, in files that were looked at: they would hide the next one. */
  stale(files: ReadonlySet<string>): readonly string[]
}

export function readExplanations(): Explanations {
  const text = readFileSync(join(import.meta.dirname, 'survivors.yaml'), 'utf8')
  const { patterns, files } = SCHEMA.parse(parse(text))
  const rules = patterns.map((rule) => ({
    file: rule.file,
    mutator: rule.mutator,
    behind: new RegExp(rule.behind),
    change: new RegExp(rule.change),
  }))
  const used = new Set<string>()
  const keyOf = (file: string, change: string): string => `${file}: ${change}`
  const known = new Set(
    Object.entries(files).flatMap(([file, list]) =>
      list.flatMap(({ changes }) => changes.map((change) => keyOf(file, change))),
    ),
  )
  return {
    explain({ file, before, mutator, change }) {
      const key = keyOf(file, change)
      if (known.has(key)) {
        used.add(key)
        return true
      }
      return rules.some(
        (rule) =>
          (rule.file === undefined || rule.file === file) &&
          rule.mutator === mutator &&
          rule.behind.test(before) &&
          rule.change.test(change),
      )
    },
    stale: (looked) => [...known].filter((key) => looked.has(key.slice(0, key.indexOf(': '))) && !used.has(key)),
  }
}
