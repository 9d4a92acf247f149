/** The error object that the APIs of models share (OpenAI and Anthropic, "Errors"): their libraries print its `message`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const aiForm: RefusalForm = {
  id: 'ai',
  render(refusal, { category }) {
    if (category !== 'ai') return null
    const message = sentenceOf(refusal)
    const type = refusal.status < 500 ? 'permission_error' : 'api_error'
    // `message` beside it is for those that have no object, such as Cohere.
    const error = { type, message, param: null, code: 'refused_by_weir' }
    return renderJson(refusal.status, { type: 'error', error, message, request_id: refusal.eventId })
  },
}
