/** Who is it: reads Proxy-Authorization, and asks for it where the outcome depends on a user (RFC 9110 section 11.7). */
import type { Flow } from '../flow/flow.ts'
import type { Subject } from '../flow/subject.ts'
import { needsUser } from '../policy/needs-user.ts'
import { CREDENTIALS_WANTED } from '../policy/refusal.ts'
import { rawValues } from '../wire/fields.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** Writes the user into the flow. Null where the flow may go on; else why the client has to say (again) who it is. */
export async function identify(
  weir: Runtime,
  flow: Flow,
  rawHeaders: readonly string[],
  subject: () => Subject,
): Promise<DenyVerdict | null> {
  const { users } = weir
  const wanted = (): boolean => weir.clients.isStranger(flow.client.address) || needsUser(weir.policy, subject())
  if (users === null) return wanted() ? nobodyKnown() : null
  const values = rawValues(rawHeaders, 'proxy-authorization')
  const [authorization] = values
  if (authorization === undefined) return wanted() ? needed() : null
  if (values.length > 1) return wrong('there is more than one Proxy-Authorization')
  const known = users.known(flow.client.address, authorization)
  if (known !== null) {
    flow.user = known
    return null
  }
  const answer = await users.authenticate(flow.client.address, authorization)
  switch (answer.state) {
    case 'known':
      flow.user = answer.user
      return null
    case 'wrong':
      return wrong('user or password is wrong')
    case 'malformed':
      return wrong(answer.fault)
    case 'slowed':
      return denyByGuard(
        'credentials-slowed',
        `too many wrong passwords: try again in ${Math.ceil(answer.retryAfterMs / 1_000)} s`,
      )
    default:
      return answer satisfies never
  }
}

/**
 * Where nobody can be asked any more, inside a tunnel: null where it does not matter who the client is. A rule on users that
 * began to matter after the CONNECT, with an hour or a reload, must not be waited out without a name.
 */
export function refuseUnnamed(weir: Runtime, flow: Flow, subject: () => Subject): DenyVerdict | null {
  if (flow.user !== null || !needsUser(weir.policy, subject())) return null
  return denyByGuard('client-refused', 'a rule asks who you are: connect anew, with a user and a password')
}

/** Whether a denial only asks the client to say who it is: no refusal, and nothing that went wrong. */
export function isChallenge(verdict: DenyVerdict): boolean {
  return verdict.denial.code === 'credentials-needed'
}

function needed(): DenyVerdict {
  return denyByGuard('credentials-needed', CREDENTIALS_WANTED)
}

function wrong(why: string): DenyVerdict {
  return denyByGuard('credentials-wrong', `this proxy does not take these credentials: ${why}`)
}

/** A rule asks for a user where nobody can be one: to go on would let a deny rule be dodged. */
function nobodyKnown(): DenyVerdict {
  return denyByGuard('client-refused', 'a rule asks who you are, and this proxy has no file of users')
}
