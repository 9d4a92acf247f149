/** Bitbucket's error objects: one for the cloud's REST API, a list for the server's. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const bitbucketApiForm: RefusalForm = {
  id: 'bitbucket-api',
  render(refusal, { kind, host, target }) {
    if (kind !== 'bitbucket') return null
    const message = sentenceOf(refusal)
    if (target.startsWith('/rest/')) {
      return renderJson(refusal.status, { errors: [{ context: null, message, exceptionName: null }] })
    }
    const isCloud = host.startsWith('api.') || target.startsWith('/!api/') || target.startsWith('/api/')
    if (!isCloud) return null
    return renderJson(refusal.status, { type: 'error', error: { message, id: refusal.eventId } })
  },
}
