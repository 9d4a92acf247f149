/** The shape of a policy's `tenants`, made from what the catalogue knows of each provider. */
import { z } from 'zod'
import { TENANT_PROVIDERS, type TenantKey, type TenantProvider, whyNotTenantId } from '../catalog/tenant-headers.ts'
import { checked, nameSchema, oneOrMany } from './schema-values.ts'

/** What stands under one provider: `for`, and the provider's own keys. */
type Values = string | string[]

export const tenantsSchema = z
  .strictObject(Object.fromEntries(TENANT_PROVIDERS.map((provider) => [provider.id, providerSchema(provider)])))
  .meta({
    description:
      'Whose accounts may be used at a provider, told to it by a header that Weir sets in each request. What the client says in its place is removed. Where the header cannot be set, the flow is denied.',
    examples: [{ github: { enterprises: ['acme'], for: ['engineering'] } }],
  })

function providerSchema({ keys, description }: TenantProvider) {
  const own = Object.entries(keys).map(([key, described]): [string, z.ZodType<Values>] => [key, keySchema(described)])
  const who: z.ZodType<Values | undefined> = oneOrMany(nameSchema)
    .optional()
    .meta({ description: 'The groups that it is for. Left out: everyone.', examples: [['engineering']] })
  const shape: Record<string, z.ZodType<Values | undefined>> = { ...Object.fromEntries(own), for: who }
  const example = Object.entries(keys).map(([key, { form, example: one }]) => [key, form === 'one' ? one : [one]])
  return z
    .strictObject(shape)
    .optional()
    .meta({ description, examples: [Object.fromEntries(example)] })
}

function keySchema(key: TenantKey): z.ZodType<Values> {
  const { form, countMax, description, example } = key
  const value = checked((text) => whyNotTenantId(text, key))
  if (form === 'one') return value.meta({ description, examples: [example] })
  return z
    .array(value)
    .min(1)
    .max(countMax)
    .superRefine((values, context) => {
      for (const [at, text] of values.entries()) {
        if (values.indexOf(text) === at) continue
        const params = { hint: 'keep one of them' }
        context.addIssue({ code: 'custom', message: `\`${text}\` stands twice`, path: [at], params })
      }
    })
    .meta({ description, examples: [[example]] })
}

export type TenantsInput = z.infer<typeof tenantsSchema>
