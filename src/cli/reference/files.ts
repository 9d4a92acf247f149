/** The files that are made from the source and kept with it: JSON Schemas for editors, and the reference pages. */
import { Readable } from 'node:stream'
import { z } from 'zod'
import { caseFileSchema } from '../../policy/case-schema.ts'
import { policySchema } from '../../policy/schema.ts'
import { settingsSchema } from '../../settings/schema.ts'
import { KIND_ENTRIES, SERVICE_ENTRIES } from '../../catalog/services.ts'
import { createProgram } from '../program.ts'
import { renderCatalogPage } from './catalog-page.ts'
import { renderCommandPage } from './command-page.ts'
import { renderSchemaPage } from './schema-page.ts'

const MADE = 'Made from the source by `npm run generate`; edits are lost.'

/** Path from the top of the project, and text. */
export function renderFiles(): ReadonlyMap<string, string> {
  const policy = jsonSchemaOf(policySchema, 'Weir policy')
  const cases = jsonSchemaOf(caseFileSchema, 'Cases for a Weir policy')
  const settings = jsonSchemaOf(settingsSchema, 'Weir settings')
  const program = createProgram(SILENT)
  return new Map([
    ['schema/policy.schema.json', toText(policy)],
    ['schema/policy-test.schema.json', toText(cases)],
    ['schema/settings.schema.json', toText(settings)],
    ['docs/policy.md', renderSchemaPage('The policy file', `${POLICY_INTRO}\n\n${MADE}`, policy)],
    ['docs/policy-test.md', renderSchemaPage('Cases for a policy', `${CASES_INTRO}\n\n${MADE}`, cases)],
    ['docs/settings.md', renderSchemaPage('The settings file', `${SETTINGS_INTRO}\n\n${MADE}`, settings)],
    [
      'docs/catalog.md',
      renderCatalogPage('The catalogue', `${CATALOG_INTRO}\n\n${MADE}`, SERVICE_ENTRIES, KIND_ENTRIES),
    ],
    ['docs/cli.md', renderCommandPage('The command line', `${CLI_INTRO}\n\n${MADE}`, program)],
  ])
}

const POLICY_INTRO = `What may leave the network, and how: \`policies/default.yaml\`, or the file that \`--policy\` names. Rules are read in
order; the first that matches decides. For completion in an editor, let the file begin with
\`# yaml-language-server: $schema=../schema/policy.schema.json\`.`

const CASES_INTRO = `What a policy must say to whom: \`x.test.yaml\` beside \`x.yaml\`, run by \`weir test\`. Each case is one flow, walked from
its CONNECT through the checkpoints of the policy. What a case does not name must not matter: a verdict that hangs on it is
no verdict, and the case fails. For completion in an editor, let the file begin with
\`# yaml-language-server: $schema=../schema/policy-test.schema.json\`.

\`\`\`yaml
client: 10.1.1.1
cases:
  - name: a file that the API writes elsewhere
    url: https://api.github.com/repos/mallory/stolen/contents/a
    method: PUT
    expect: { action: deny, rule: no-writes-elsewhere }
  - name: a push larger than its limit
    to: github.com
    operation: git-push
    repository: github.com/acme/app
    ref: main
    size: 60 MB
    expect: { action: deny, code: limit }
\`\`\``

const SETTINGS_INTRO = `How a Weir runs: the YAML file that \`weir run --config\` names. A flag goes over a variable of the environment, a variable
over this file. \`upstreamCa\` here is \`--upstream-ca\` and \`WEIR_UPSTREAM_CA\`, and so on; \`limits\` stand in this file only.
For completion in an editor, let the file begin with \`# yaml-language-server: $schema=schema/settings.schema.json\`.`

const CATALOG_INTRO = `The services that Weir knows: by which hosts, and what a request to them is taken for. \`*.x\` is every host below x and not x.

Of the rows of a host the first that matches counts. \`GET\` stands for GET, HEAD and OPTIONS. In a path \`{name}\` is one part and
\`**\` any number of them; \`{owner}\` and \`{repo}\`, \`{project}\`, or \`{path}\` at the beginning name the repository in which the data
lands. Where a path names none it lands in none, or as \`lands\` says. \`base64\` is the field of a JSON body that carries a file;
\`body\`: the body alone tells what is done; \`fields\`: so much more do these fields do; \`announces\`: where the answer says to
which address the rest of the upload goes.

What no row names: a GET, HEAD or OPTIONS without content is a read, but at file-sharing, paste, webhook and dns-over-https services;
all else is an \`unknown-write\`. Fetches and pushes of git, LFS and packages are known by their own form, before the rows.

A policy writes services of its own in the same words, and rows in front of those below: \`services\` in [policy.md](policy.md), and
\`policies/examples/own-service.yaml\`. A row in front of the catalogue's counts in its place, whether it is stricter or not: what is
called a read there is a read to every rule. \`weir check\` warns of rows that call a POST, PUT, PATCH or DELETE one, and
\`weir explain --url\` shows the row that matched.`

const CLI_INTRO = `From a checkout, write \`npm run -s weir -- COMMAND\` for \`weir COMMAND\`.`

function jsonSchemaOf(schema: z.ZodType, title: string): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })
  return { ...($schema === undefined ? {} : { $schema }), title, ...rest }
}

function toText(schema: z.core.JSONSchema.BaseSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}

const SILENT_CHANNEL = { colours: false, write: () => undefined }
const SILENT = {
  out: SILENT_CHANNEL,
  err: SILENT_CHANNEL,
  environment: {},
  input: () => Readable.from([]),
  finish: () => undefined,
}
