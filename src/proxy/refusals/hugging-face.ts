/** What huggingface_hub reads of the Hub: the field `X-Error-Message`, and `error` in the body. */
import { lineOf, type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const huggingFaceForm: RefusalForm = {
  id: 'hugging-face',
  render(refusal, { host, userAgent }) {
    const isHub = /(?:^|\.)(?:huggingface\.co|hf\.co)$/.test(host) || /\bhf_hub\//.test(userAgent)
    if (!isHub) return null
    const rendered = renderJson(refusal.status, { error: sentenceOf(refusal) })
    return { ...rendered, fields: ['X-Error-Message', lineOf(refusal)] }
  },
}
