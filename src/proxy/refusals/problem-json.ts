/** Problem details (RFC 9457), for every client that has no form of its own. */
import type { RefusalForm } from './form.ts'

export const problemJsonForm: RefusalForm = {
  id: 'problem-json',
  render(refusal) {
    return {
      status: refusal.status,
      contentType: 'application/problem+json',
      body: `${JSON.stringify({
        type: 'about:blank',
        title: 'Refused by Weir',
        status: refusal.status,
        detail: refusal.message,
        instance: `urn:weir:event:${refusal.eventId}`,
        ...(refusal.rule === null ? {} : { rule: refusal.rule }),
        event: refusal.eventId,
      })}\n`,
    }
  },
}
