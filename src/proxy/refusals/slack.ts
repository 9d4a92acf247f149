/** Slack's error object (api.slack.com, "Web API"): who calls it prints `error`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const slackForm: RefusalForm = {
  id: 'slack',
  render(refusal, { service, target }) {
    if (service !== 'slack' || !target.startsWith('/api/')) return null
    return renderJson(refusal.status, { ok: false, error: sentenceOf(refusal) })
  },
}
