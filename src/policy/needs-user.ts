/** Whether a client has to say who it is before its flow is judged (weir.md, "How a rule matches"). */
import { OPERATIONS } from '../flow/operation.ts'
import type { OperationFact, Subject } from '../flow/subject.ts'
import { contains } from '../net/address.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { openThatMatter, untilApart } from './decide.ts'
import { look, type Sight } from './sight.ts'
import { tenantHangsOnUser } from './tenants.ts'
import { evaluateRule, someRuleAt, type Unsettled, type Walk, walkRules } from './walk.ts'

type Ends = Pick<Walk, 'open' | 'terminal'>

const USER: Unsettled = new Set(['user'])

/**
 * True where the outcome could depend on a user and the client gave none: it is asked, so that no rule against a user is
 * dodged by giving no name. A client in a group's networks is that group, and is never asked. What is false here stays
 * false however much more of the flow is seen, at the same `at` and under the same policy.
 */
export function needsUser(policy: CompiledPolicy, subject: Subject): boolean {
  const { user, address } = subject.client
  if (!policy.namesUsers || user !== null) return false
  if (policy.groupNetworks.some((cidr) => contains(cidr, address))) return false
  const sight = look(policy, subject)
  const hasTenant = tenantHangsOnUser(policy, subject.destination)
  // Cheap to ask, and most often the end of it: whoever has no name may ask as often as it likes.
  if (!hasTenant && !someRuleAt(policy, sight, asksWho)) return false
  const walk = walkRules(policy, sight, USER)
  // What is refused to everybody needs no header.
  if (hasTenant && [...walk.open, walk.terminal].some(({ action }) => action === 'allow')) return true
  if (!hangsOnUser(walk)) return false
  if (subject.operation.state !== 'unseen') return true
  // Whatever the operation turns out to be, it is one and the same for all rules: one by one, they seem to disagree more
  // often than they can, and a site that is open to all would ask for a name because others are not.
  const rules = [...walk.open, walk.terminal]
  return TURNS.some((operation) => hangsOnUser(walkAgain(rules, { ...sight, subject: { ...subject, operation } })))
}

/** No address settles a condition on users here: the client is in no group's networks. */
function hangsOnUser(ends: Ends): boolean {
  return openThatMatter(ends).some(asksWho)
}

function asksWho({ conditions }: CompiledRule): boolean {
  return conditions.some(({ about }) => about.includes('user'))
}

/** What an operation that is not seen yet can turn out to be. */
const TURNS: readonly OperationFact[] = OPERATIONS.flatMap((operation): readonly OperationFact[] => {
  switch (operation) {
    case 'tunnel':
      return [{ state: 'tunnel', inside: 'unseen' }]
    case 'ssh':
    case 'unknown-protocol':
    case 'upgrade':
      return [{ state: 'opaque', operation }]
    default:
      return [{ state: 'known', operation }]
  }
})

function walkAgain(rules: readonly CompiledRule[], sight: Sight): Ends {
  const open: CompiledRule[] = []
  const isEnough = untilApart(asksWho)
  for (const rule of rules) {
    const outcome = evaluateRule(rule, sight, USER)
    if (outcome === 'no') continue
    if (outcome !== 'unseen' || isEnough(rule)) return { open, terminal: rule }
    open.push(rule)
  }
  throw new Error('a rule that decided does not decide')
}
