/** A reference page in Markdown from a JSON Schema: a table for each mapping in it, with the descriptions the schema carries. */
import type { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

interface Section {
  /** `rules[].to`; empty for the top. */
  readonly path: string
  readonly schema: Schema
}

/** `intro` is the text under the title. */
export function renderSchemaPage(title: string, intro: string, schema: Schema): string {
  const byPath = Map.groupBy(sectionsOf({ path: '', schema }), ({ path }) => path)
  const sections = [...byPath].map(([path, forms]) => renderSection(path, forms))
  return `# ${title}\n\n${intro}\n\n${sections.join('\n')}`
}

/** Every mapping below a place, in the order of the schema, each once. */
function sectionsOf(section: Section): readonly Section[] {
  const below = mappingsAt(section).flatMap(({ path, schema }) =>
    Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
      sectionsOf({ path: path === '' ? key : `${path}.${key}`, schema: asSchema(child) }),
    ),
  )
  return [...mappingsAt(section).filter(({ schema }) => schema.properties !== undefined), ...below]
}

/** The mappings that a value may be, or hold: in a list, under names, or in one of several forms. */
function mappingsAt({ path, schema }: Section): readonly Section[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((form) => mappingsAt({ path, schema: asSchema(form) }))
  if (schema.items !== undefined) return mappingsAt({ path: `${path}[]`, schema: asSchema(schema.items) })
  if (schema.properties !== undefined) return [{ path, schema }]
  const named = schema.additionalProperties
  return typeof named === 'object' ? mappingsAt({ path: `${path}.NAME`, schema: named }) : []
}

/** A mapping, or the several forms that stand for each other at one place. */
function renderSection(path: string, forms: readonly Section[]): string {
  const heading = path === '' ? '' : `## \`${path}\`\n\n`
  // Several forms may hold the same mapping.
  const tables = new Set(forms.map(({ schema }) => renderTable(path, schema)))
  return `${heading}${[...tables].join('\nor\n\n')}`
}

function renderTable(path: string, schema: Schema): string {
  const required = new Set(schema.required ?? [])
  const rows = Object.entries(schema.properties ?? {}).map(([key, child]) => {
    const value = asSchema(child)
    const notes = [value.description ?? '', ...examplesOf(value), ...defaultOf(value)].filter((note) => note !== '')
    const needed = required.has(key) && value.default === undefined ? ' (needed)' : ''
    return `| \`${key}\`${needed} | ${cell(typeOf(value))} | ${cell(notes.join(' '))} |\n`
  })
  const description = path === '' || schema.description === undefined ? '' : `${schema.description}\n\n`
  return `${description}| key | value | meaning |\n|---|---|---|\n${rows.join('')}`
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'mapping',
}

// A longer list is told by the page that it has, or by the editor.
const SHOWN_VALUES_MAX = 60

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum !== undefined) {
    const shown = schema.enum.slice(0, SHOWN_VALUES_MAX).map((value) => `\`${String(value)}\``)
    return shown.join(', ')
  }
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map((form) => typeOf(asSchema(form))))].join(', or ')
  if (schema.items !== undefined) return `list of ${typeOf(asSchema(schema.items))}`
  if (typeof schema.additionalProperties === 'object') return `names, each with ${typeOf(schema.additionalProperties)}`
  return [schema.type ?? []]
    .flat()
    .map((kind) => KIND_WORDS[kind] ?? kind)
    .join(' or ')
}

function examplesOf({ examples }: Schema): readonly string[] {
  if (!Array.isArray(examples) || examples.length === 0) return []
  return [`Such as ${examples.map((example) => `\`${inline(example)}\``).join(' or ')}.`]
}

/** The default of a mapping is those of its keys, which have rows of their own. */
function defaultOf({ default: preset, properties }: Schema): readonly string[] {
  if (preset === undefined || properties !== undefined) return []
  return [Array.isArray(preset) && preset.length === 0 ? 'Default: none.' : `Default: \`${inline(preset)}\`.`]
}

function inline(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${inline(item)}`)
    .join(', ')} }`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/** `items` may list schemas by position, which none of ours does. */
function asSchema(schema: NonNullable<Schema['items']>): Schema {
  return typeof schema === 'boolean' || Array.isArray(schema) ? {} : schema
}
