/** What a load generator is asked to do: the contract between the bench and its load process. */
import { z } from 'zod'

/** The name behind which the origin stands; each proxy is told by its own means that it is on loopback. */
export const ORIGIN_NAME = 'bench.example'

/** The fixed answer to a small GET. */
export const SMALL_REPLY = 'A weir both holds a river back and measures it.\n'

const workSchema = z.strictObject({
  /**
   * `visit`: a new tunnel for each request. `kept`: many requests in each tunnel. `plain`: many without a tunnel.
   * `streams`: many side by side over HTTP/2.
   */
  kind: z.enum(['visit', 'kept', 'plain', 'streams', 'download', 'upload']),
  /** In all, over all connections. */
  requests: z.int().positive(),
  connections: z.int().positive(),
  /** Of each body, for `download` and `upload`. */
  bodyBytes: z.int().nonnegative(),
})

export const jobSchema = z.strictObject({
  work: workSchema,
  /** Null for a job straight to the origin. */
  proxyPort: z.int().nullable(),
  originPort: z.int(),
  /** PEM of the one anchor the client trusts: it proves whether the tunnel was spliced or inspected. */
  anchor: z.string(),
})

export const portsSchema = z.strictObject({ https: z.int(), http: z.int() })

export const doneSchema = z.union([z.strictObject({ done: z.literal(true) }), z.strictObject({ fault: z.string() })])

export type Work = z.infer<typeof workSchema>
export type Job = z.infer<typeof jobSchema>
export type Ports = z.infer<typeof portsSchema>
export type Done = z.infer<typeof doneSchema>

/** What one round of this work moves: requests, or megabytes (10⁶ bytes) of body. */
export function amountOf(work: Work): number {
  return work.bodyBytes === 0 ? work.requests : (work.requests * work.bodyBytes) / 1e6
}
