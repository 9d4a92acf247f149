/** The error object of the LFS API (git-lfs, docs/api/batch, "Response Errors"): git-lfs prints its `message`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const gitLfsForm: RefusalForm = {
  id: 'git-lfs',
  render(refusal, { target }) {
    if (!/\/info\/lfs\//.test(target)) return null
    const error = { message: sentenceOf(refusal), request_id: refusal.eventId }
    return renderJson(refusal.status, error, 'application/vnd.git-lfs+json')
  },
}
