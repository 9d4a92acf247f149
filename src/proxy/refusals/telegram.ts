/** Telegram's error object (Bot API, "Making requests"): its libraries print `description`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const telegramForm: RefusalForm = {
  id: 'telegram',
  render(refusal, { host }) {
    if (host !== 'api.telegram.org') return null
    const description = sentenceOf(refusal)
    return renderJson(refusal.status, { ok: false, error_code: refusal.status, description })
  },
}
