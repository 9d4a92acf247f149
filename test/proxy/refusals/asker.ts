/** Who is refused, and with what, in the tests of each form. */
import type { Asker, Refusal } from '../../../src/proxy/refusals/form.ts'
import type { Push } from '../../../src/wire/push-request.ts'
import { A, B } from '../../wire/push.ts'

export function makeRefusal(fields: Partial<Refusal> = {}): Refusal {
  return { eventId: '0123456789abc', status: 403, message: 'Push to acme instead.', rule: 'no-writes', ...fields }
}

export function makeAsker(fields: Partial<Asker> = {}): Asker {
  const nobody = {
    accept: '*/*',
    contentType: '',
    userAgent: '',
    signedFor: null,
    origin: null,
    push: null,
    preflight: null,
  }
  const nowhere = { kind: null, service: null, category: null, operation: null }
  return { method: 'GET', host: 'site.example', target: '/a', ...nobody, ...nowhere, ...fields }
}

export function makePush(fields: Partial<Push> = {}): Push {
  return {
    kind: 'push',
    updates: [{ kind: 'update', ref: 'refs/heads/main', oldId: A, newId: B }],
    capabilities: ['report-status', 'side-band-64k'],
    shallow: [],
    options: [],
    hasPack: true,
    ...fields,
  }
}

/** What no form may let out as it stands, in a rule's name or its message. */
export const HOSTILE = '<script>alert("&\'")</script>\r\nX-Injected: 1\r\n\r\n\u001b[2J\u2028"}'
