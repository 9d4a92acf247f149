/** Problem details (RFC 9457), for every client that has no form of its own. */
import { type RefusalForm, renderJson } from './form.ts'

export const problemJsonForm: RefusalForm = {
  id: 'problem-json',
  render(refusal) {
    const problem = {
      type: 'about:blank',
      title: 'Refused by Weir',
      status: refusal.status,
      detail: refusal.message,
      instance: `urn:weir:event:${refusal.eventId}`,
      ...(refusal.rule === null ? {} : { rule: refusal.rule }),
      event: refusal.eventId,
    }
    return renderJson(refusal.status, problem, 'application/problem+json')
  },
}
