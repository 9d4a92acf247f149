/** What `weir check` says of a policy's own rows: those that let through whatever is sent, under the name of a read. */
import { familyOf } from '../flow/operation.ts'
import type { Finding } from './finding.ts'
import type { PolicyInput } from './schema.ts'

export function findServices({ services = {} }: PolicyInput): readonly Finding[] {
  return Object.entries(services).flatMap(([id, { operations = [] }]) =>
    operations.flatMap(({ methods, path, operation, body, empty }, at): readonly Finding[] => {
      const writing = methods.find((method) => method !== 'GET')
      const isFree = ['read', 'telemetry'].includes(familyOf(operation))
      if (writing === undefined || !isFree || body !== undefined || empty === true) return []
      return [
        {
          path: ['services', id, 'operations', at, 'operation'],
          message: `a ${writing} to ${path} is ${operation}, whatever it carries`,
          hint: 'say `empty: true` where it carries nothing, or call it what it may write',
        },
      ]
    }),
  )
}
