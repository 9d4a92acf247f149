/** What a running Weir says of itself on its control socket, and its form: nothing else is to be taken for it. */
import { z } from 'zod'
import type { ProxyStatus } from '../proxy/status.ts'
import type { Problem } from '../text/problem.ts'

export interface RunStatus extends Omit<ProxyStatus, 'policy'> {
  readonly version: string
  readonly pid: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** What is in force. */
  readonly policy: { readonly file: string; readonly hash: string; readonly rules: number }
  /** The last load, at the start or by a reload, whether it was taken or not. */
  readonly reload: { readonly at: number; readonly good: boolean; readonly problems: readonly Problem[] }
  /** Null where no budget is kept. */
  readonly ledger: { readonly writable: boolean; readonly fault: string | null } | null
}

/** What is said until the proxy listens. */
export interface Starting {
  readonly event: 'starting'
  readonly version: string
  readonly pid: number
}

/** Null for what no Weir of this version says. */
export function parseStatus(value: unknown): RunStatus | Starting | null {
  return startingSchema.safeParse(value).data ?? runStatusSchema.safeParse(value).data ?? null
}

const startingSchema: z.ZodType<Starting> = z.object({
  event: z.literal('starting'),
  version: z.string(),
  pid: z.int(),
})

const problemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  endColumn: z.int().exactOptional(),
  hint: z.string().exactOptional(),
})

const distrustSchema = z.object({
  host: z.string(),
  clients: z.int(),
  count: z.int(),
  certain: z.boolean(),
  sign: z.string(),
  lastClient: z.string(),
  lastAt: z.number(),
})

const budgetSchema = z.object({
  budget: z.string(),
  key: z.string(),
  windowMs: z.number(),
  size: z.number(),
  usedBytes: z.number(),
})

const runStatusSchema: z.ZodType<RunStatus> = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: z.number(),
  policy: z.object({ file: z.string(), hash: z.string(), rules: z.int() }),
  reload: z.object({ at: z.number(), good: z.boolean(), problems: z.array(problemSchema) }),
  ledger: z.object({ writable: z.boolean(), fault: z.string().nullable() }).nullable(),
  sockets: z.int(),
  openTunnels: z.int(),
  limits: z.array(z.object({ name: z.string(), used: z.number(), max: z.number() })),
  budgets: z.array(budgetSchema),
  distrust: z.array(distrustSchema),
  recording: z.boolean(),
})
