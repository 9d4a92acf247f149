/** The error list of a cargo registry (The Cargo Book, "Registry Web API"): cargo prints each `detail`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const cargoForm: RefusalForm = {
  id: 'cargo',
  render(refusal, { userAgent }) {
    if (!/^cargo[ /]/i.test(userAgent)) return null
    return renderJson(refusal.status, { errors: [{ detail: sentenceOf(refusal) }] })
  },
}
