/** Discord's error object (Discord developer documentation, "Error Messages"): its libraries print `message`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

/** The code of a general error: no other says that somebody between has refused. */
const GENERAL = 0

export const discordForm: RefusalForm = {
  id: 'discord',
  render(refusal, { service, target }) {
    if (service !== 'discord' || !target.startsWith('/api/')) return null
    return renderJson(refusal.status, { message: sentenceOf(refusal), code: GENERAL })
  },
}
