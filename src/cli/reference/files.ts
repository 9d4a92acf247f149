/** The files that are made from the source and kept with it: JSON Schemas for editors, and the reference pages. */
import { z } from 'zod'
import { policySchema } from '../../policy/schema.ts'
import { settingsSchema } from '../../settings/schema.ts'
import { createProgram } from '../program.ts'
import { renderCommandPage } from './command-page.ts'
import { renderSchemaPage } from './schema-page.ts'

const MADE = 'Made from the source by `npm run generate`; edits are lost.'

/** Path from the top of the project, and text. */
export function renderFiles(): ReadonlyMap<string, string> {
  const policy = jsonSchemaOf(policySchema, 'Weir policy')
  const settings = jsonSchemaOf(settingsSchema, 'Weir settings')
  const program = createProgram(SILENT)
  return new Map([
    ['schema/policy.schema.json', toText(policy)],
    ['schema/settings.schema.json', toText(settings)],
    ['docs/policy.md', renderSchemaPage('The policy file', `${POLICY_INTRO}\n\n${MADE}`, policy)],
    ['docs/settings.md', renderSchemaPage('The settings file', `${SETTINGS_INTRO}\n\n${MADE}`, settings)],
    ['docs/cli.md', renderCommandPage('The command line', `${CLI_INTRO}\n\n${MADE}`, program)],
  ])
}

const POLICY_INTRO = `What may leave the network, and how: \`policies/default.yaml\`, or the file that \`--policy\` names. Rules are read in
order; the first that matches decides. For completion in an editor, let the file begin with
\`# yaml-language-server: $schema=../schema/policy.schema.json\`.`

const SETTINGS_INTRO = `How a Weir runs: the YAML file that \`weir run --config\` names. A flag goes over a variable of the environment, a variable
over this file. \`upstreamCa\` here is \`--upstream-ca\` and \`WEIR_UPSTREAM_CA\`, and so on; \`limits\` stand in this file only.
For completion in an editor, let the file begin with \`# yaml-language-server: $schema=schema/settings.schema.json\`.`

const CLI_INTRO = `From a checkout, write \`npm run -s weir -- COMMAND\` for \`weir COMMAND\`.`

function jsonSchemaOf(schema: z.ZodType, title: string): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest }
}

function toText(schema: z.core.JSONSchema.BaseSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

const SILENT_CHANNEL = { colours: false, write: () => undefined }
const SILENT = { out: SILENT_CHANNEL, err: SILENT_CHANNEL, environment: {}, finish: () => undefined }
