/** The error object of Gitea, Forgejo and Gitee: `message`, and an address of where to read more. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const giteaApiForm: RefusalForm = {
  id: 'gitea-api',
  render(refusal, { kind, target }) {
    if (kind !== 'gitea' && kind !== 'forgejo' && kind !== 'gitee') return null
    if (!target.startsWith('/api/')) return null
    return renderJson(refusal.status, { message: sentenceOf(refusal), url: `urn:weir:event:${refusal.eventId}` })
  },
}
