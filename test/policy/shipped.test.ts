/** The policies that come with Weir load without error or warning, and the editor's schema accepts what they use. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { analyse } from '../../src/policy/analyse.ts'
import { policySchema } from '../../src/policy/schema.ts'
import { loadFile } from './load.ts'
import { NOON } from './subjects.ts'

const folder = join(import.meta.dirname, '../../policies')
const examples = readdirSync(join(folder, 'examples')).filter(
  (name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'),
)
const files = ['default.yaml', ...examples.map((name) => join('examples', name))]

describe.each(files)('%s', (name) => {
  const { source, policy, problems } = loadFile(join(folder, name))

  it('has no problem, nor a rule that does nothing', () => {
    expect([...problems, ...analyse(policy, source, NOON).problems]).toEqual([])
  })

  it('tells an editor where its schema is', () => {
    const path = name.includes('/') ? '../../schema' : '../schema'
    const [first] = readFileSync(join(folder, name), 'utf8').split('\n')
    expect(first).toBe(`# yaml-language-server: $schema=${path}/policy.schema.json`)
  })
})

describe('default.yaml', () => {
  it('opens code hosts, and what few others a rule must look into', () => {
    const { policy, source } = loadFile(join(folder, 'default.yaml'))
    const { openings } = analyse(policy, source, NOON)
    expect(openings.map(({ rule }) => rule)).toEqual([
      'write-to-our-repositories',
      'no-writes-elsewhere',
      'no-discord-webhooks',
      'no-publishing',
      'no-writes-to-buckets',
    ])
    const opened = openings.flatMap(({ hosts }) => hosts)
    expect(opened).toEqual(expect.arrayContaining(['github.com', 'api.github.com', 'gitlab.com', 'bitbucket.org']))
    for (const host of ['*', 'mega.nz', 'pastebin.com', 'webhook.site', '*.amazonaws.com', 'www.googleapis.com'])
      expect(opened).not.toContain(host)
  })
})

describe('the schema of policies', () => {
  const schema = z.toJSONSchema(policySchema, { target: 'draft-7', io: 'input' })

  it('becomes a JSON Schema for editors', () => {
    expect(schema).toMatchObject({ type: 'object', required: ['version'], additionalProperties: false })
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(policySchema.shape))
  })

  it('describes every key, with an example where a value is not one of few', () => {
    const silent: string[] = []
    walk(schema, '')
    expect(silent).toEqual([])

    function walk(node: unknown, path: string): void {
      if (typeof node !== 'object' || node === null) return
      for (const [key, value] of Object.entries(node)) {
        if (key !== 'properties') {
          walk(value, `${path}/${key}`)
          continue
        }
        for (const [name, property] of Object.entries(
          value as Record<
            string,
            { description?: string; examples?: unknown; enum?: unknown; const?: unknown; type?: string }
          >,
        )) {
          const isPlain = property.enum !== undefined || property.const !== undefined || property.type === 'boolean'
          if (property.description === undefined || (property.examples === undefined && !isPlain))
            silent.push(`${path}/${name}`)
          walk(property, `${path}/${name}`)
        }
      }
    }
  })

  it('has only examples that it accepts', () => {
    const wrong: unknown[] = []
    let count = 0
    walk(policySchema)
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(40)

    function walk(node: z.core.$ZodType): void {
      const type = node as z.ZodType
      for (const example of (type.meta()?.['examples'] ?? []) as readonly unknown[]) {
        count++
        if (!type.safeParse(example).success) wrong.push(example)
      }
      const { def } = node as unknown as { readonly def: z.core.$ZodTypes['_zod']['def'] }
      if (def.type === 'object') Object.values(def.shape).forEach(walk)
      else if (def.type === 'array') walk(def.element)
      else if (def.type === 'record') walk(def.valueType)
      else if (def.type === 'union') def.options.forEach(walk)
      else if (def.type === 'optional') walk(def.innerType)
    }
  })
})
