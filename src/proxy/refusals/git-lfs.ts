/**
 * The error object of the LFS API (git-lfs, docs/api/batch, "Response Errors"): git-lfs prints its `message`, of its API, of
 * locks and of the objects that it puts and verifies wherever it was told to.
 */
import { type Asker, type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const gitLfsForm: RefusalForm = {
  id: 'git-lfs',
  render(refusal, asker) {
    if (!isLfs(asker)) return null
    // git-lfs puts an object again and again at every status but 422, and at 422 it hides why: so the status is the denial's.
    const error = { message: sentenceOf(refusal), request_id: refusal.eventId }
    return renderJson(refusal.status, error, 'application/vnd.git-lfs+json')
  },
}

function isLfs({ target, userAgent, operation }: Asker): boolean {
  return operation === 'lfs-upload' || userAgent.startsWith('git-lfs/') || /\/info\/lfs\//.test(target)
}
