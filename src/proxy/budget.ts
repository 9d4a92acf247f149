/** Holds a flow to the budgets of its verdict: which counts of the ledger it belongs to, and what is said when one is used up. */
import type { Flow } from '../flow/flow.ts'
import type { BudgetKey, Reservation, ReserveOutcome } from '../flow/ledger.ts'
import type { BudgetScope, Limit, WindowLimit } from '../flow/verdict.ts'
import { type Address, contains } from '../net/address.ts'
import { nameOf } from '../net/destination.ts'
import { type Counts, countsOf } from '../policy/limit-words.ts'
import { formatSize } from '../text/quantity.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** A client with IPv6 has a whole /64 to choose its address from (RFC 6177): it is one client all the same. */
const CLIENT_PREFIX_BYTES = 8

/**
 * A reservation over every budget that the limits name, or of those that count so. Null where they name none; a denial where
 * nothing keeps them.
 */
export function openReservation(
  weir: Runtime,
  flow: Flow,
  limits: readonly Limit[],
  counts?: Counts,
): Reservation | DenyVerdict | null {
  const windows = limits.filter(
    (limit): limit is WindowLimit => limit.per !== 'request' && (counts ?? countsOf(limit)) === countsOf(limit),
  )
  if (windows.length === 0) return null
  if (weir.ledger === null) return unwritable()
  return weir.ledger.open(windows.flatMap((limit) => keysOf(weir, flow, limit)))
}

export function isDenied(reservation: Reservation | DenyVerdict | null): reservation is DenyVerdict {
  return reservation !== null && 'action' in reservation
}

/** Null where the bytes are reserved, else the denial. `rule` is the one that allows within the budget. */
export function denialOf(outcome: ReserveOutcome, rule: string | null): DenyVerdict | null {
  if (outcome.state === 'reserved') return null
  if (outcome.state === 'failed') return unwritable()
  const left = outcome.left > 0 ? `of which ${formatSize(outcome.left)} are left` : 'which is used up'
  const message = `this would pass the budget ${outcome.budget}, ${left}: wait, or send less`
  return { action: 'deny', denial: { code: 'budget', rule, message, unseen: [] }, wouldDeny: [] }
}

function unwritable(): DenyVerdict {
  return denyByGuard(
    'ledger-unwritable',
    'this proxy cannot keep its budgets, and lets nothing through that they limit',
  )
}

function keysOf(weir: Runtime, flow: Flow, { budget, per, windowMs, size }: WindowLimit): readonly BudgetKey[] {
  const scopes = per === 'group' ? groupsOf(weir, flow) : [scopeOf(flow, per)]
  return scopes.map((key) => ({ budget, key, windowMs, size }))
}

/** Every group that the client is in; whoever is in none shares one count with all others who are. */
function groupsOf({ policy }: Runtime, { client, user }: Flow): readonly string[] {
  const names = [...policy.groups].flatMap(([name, { users, networks }]) => {
    const isIn = (user !== null && users.includes(user)) || networks.some((cidr) => contains(cidr, client.address))
    return isIn ? [`group:${name}`] : []
  })
  return names.length === 0 ? ['group:'] : names
}

/** What is not known counts together: a repository that no address names must not have a budget of its own each time. */
function scopeOf(flow: Flow, per: Exclude<BudgetScope, 'group'>): string {
  const host = flow.destination === null ? '' : nameOf(flow.destination)
  switch (per) {
    case 'user':
      return flow.user === null ? clientOf(flow.client.address) : `user:${flow.user}`
    case 'client':
      return clientOf(flow.client.address)
    case 'repository':
      return `repository:${flow.repository ?? `${host}/?`}`
    case 'owner':
      return `owner:${flow.repository?.split('/').slice(0, 2).join('/') ?? `${host}/?`}`
    case 'service':
      return flow.service === null ? `host:${host}` : `service:${flow.service}`
    case 'host':
      return `host:${host}`
    default:
      return per satisfies never
  }
}

function clientOf(address: Address): string {
  if (address.family === 4) return `client:${address.text}`
  return `client:${Buffer.from(address.bytes.slice(0, CLIENT_PREFIX_BYTES)).toString('hex')}/64`
}
