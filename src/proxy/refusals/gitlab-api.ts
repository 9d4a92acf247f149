/** GitLab's error objects (docs.gitlab.com/api/rest/troubleshooting): REST has `message`, GraphQL `errors`, OAuth `error`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const gitlabApiForm: RefusalForm = {
  id: 'gitlab-api',
  render(refusal, { kind, target }) {
    if (kind !== 'gitlab') return null
    const message = sentenceOf(refusal)
    if (target.startsWith('/api/graphql')) return renderJson(refusal.status, { errors: [{ message }] })
    if (target.startsWith('/api/')) return renderJson(refusal.status, { message })
    if (!target.startsWith('/oauth/')) return null
    return renderJson(refusal.status, { error: 'access_denied', error_description: message })
  },
}
