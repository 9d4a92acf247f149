/** The shape of a service in a policy: an instance of a kind, one of one's own, or rows in front of the catalogue's. */
import { z } from 'zod'
import { routePartsMax, routeSchema, serviceRoutesMax } from '../catalog/route-schema.ts'
import { whyNotTemplate } from '../catalog/route-template.ts'
import { CATEGORIES, KINDS } from '../catalog/vocabulary.ts'
import { parseHostPattern } from './host-pattern.ts'
import { checked, hostPatternSchema } from './schema-values.ts'

const rowsSchema = z
  .array(routeSchema)
  .min(1)
  .max(serviceRoutesMax)
  .meta({
    description: 'Rows, read in order: the first that matches a request says what it does.',
    examples: [[{ methods: ['POST', 'PUT'], path: '/upload/**', operation: 'file-upload' }]],
  })

const hostsSchema = z
  .array(hostPatternSchema)
  .min(1)
  .meta({
    description: 'Its names; under the first one its repositories are named.',
    examples: [['git.acme.example']],
  })

const wordSchema = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, 'must be a word of a path, without `/`')

const instanceSchema = z
  .strictObject({
    kind: z.enum(KINDS).meta({ description: 'The service that it is an instance of.' }),
    hosts: hostsSchema,
    operations: rowsSchema.exactOptional(),
  })
  .meta({
    description: 'One more instance of a service of the catalogue. `operations` stand in front of its own rows.',
  })

const ownSchema = z
  .strictObject({
    category: z.enum(CATEGORIES).meta({ description: 'What the service is for.' }),
    hosts: hostsSchema,
    operations: rowsSchema.exactOptional(),
    reads: z.enum(['api-read', 'web-read', 'download']).exactOptional().meta({
      description:
        'What a reading request is called that no row names. Left out: `web-read`, and `download` at an object storage.',
    }),
    repositories: z
      .array(hostPatternSchema)
      .min(1)
      .max(routePartsMax)
      .exactOptional()
      .meta({
        description: 'Of its hosts those under which its repositories are named, the usual one first.',
        examples: [['code.acme.example']],
      }),
    git: z.enum(['owner/repo', 'group/repo', 'path', 'scm', 'azure']).exactOptional().meta({
      description: 'How addresses of git name the repository; left out, git is not served here.',
    }),
    projects: checked((path) => whyNotTemplate(path))
      .exactOptional()
      .meta({
        description: 'The path behind which `{project}` stands, where a name with encoded slashes is no ambiguity.',
        examples: ['/api/v4/projects'],
      }),
    reserved: z
      .array(wordSchema)
      .min(1)
      .max(serviceRoutesMax)
      .exactOptional()
      .meta({
        description: 'First parts of a path that are pages of the service and never an owner.',
        examples: [['login', 'assets']],
      }),
    lenient: z.literal(true).exactOptional().meta({
      description: 'The server takes its own words in any case, and with a format behind them (`merge.json`).',
    }),
    foldsCase: z.boolean().exactOptional().meta({
      description: 'Names of repositories that differ in case alone are one repository. Left out: they are not.',
    }),
    unmatched: z.enum(['none', 'unknown']).exactOptional().meta({
      description:
        'Where a request lands that no row names: in no repository, or in an unknown one, as where left out.',
    }),
  })
  .superRefine(closeForm)
  .superRefine(({ hosts, repositories = [] }, context) => {
    for (const [at, name] of repositories.entries()) {
      // Named under the host of another service, its uploads would pass for uploads there.
      if (hosts.some((host) => covers(host.toLowerCase(), name.toLowerCase()))) continue
      const path = ['repositories', at]
      const hint = 'name one of `hosts`'
      context.addIssue({ code: 'custom', message: `\`${name}\` is no host of this service`, path, params: { hint } })
    }
  })
  .meta({
    description:
      'A service that the catalogue does not know. What no row names is a read where it is a plain GET, HEAD or OPTIONS outside of drops, pastes and webhooks, and `unknown-write` else.',
  })

const extensionSchema = z
  .strictObject({
    hosts: z
      .array(z.string().min(1).max(300))
      .min(1)
      .max(routePartsMax)
      .exactOptional()
      .meta({
        description: 'Of its hosts, as the catalogue spells them, those where the rows count. Left out: all.',
        examples: [['api.github.com']],
      }),
    operations: rowsSchema,
  })
  .superRefine(closeForm)
  .meta({
    description:
      'Under the name of a service of the catalogue: rows in front of those that it has. Your row counts, and not its.',
  })

export const serviceSchema = z.union([instanceSchema, ownSchema, extensionSchema])

/** A form with a key of another is not the one that was meant; zod would take it for that where it has no other fault. */
function closeForm(_: unknown, { issues }: z.core.ParsePayload): void {
  for (const [at, issue] of issues.entries()) {
    if (issue.code === 'unrecognized_keys') issues[at] = { ...issue, continue: false }
  }
}

function covers(pattern: string, name: string): boolean {
  if (parseHostPattern(name)?.below !== false) return false
  return pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)))
}
