/** What npm, pnpm, yarn and bun read of a registry (npm-registry-fetch, "errors"): npm prints `error` behind the status. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

const CLIENT = /(?:^|\s)(?:npm|pnpm|yarn|npm-registry-fetch)\/|^bun\//i

export const npmForm: RefusalForm = {
  id: 'npm',
  render(refusal, { userAgent }) {
    if (!CLIENT.test(userAgent)) return null
    const message = sentenceOf(refusal)
    return renderJson(refusal.status, { error: message, message, code: 'E_REFUSED', event: refusal.eventId })
  },
}
