/** GitHub's REST error object (docs.github.com, "Troubleshooting the REST API"): gh and octokit print its `message`. */
import { type Asker, type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const githubApiForm: RefusalForm = {
  id: 'github-api',
  render(refusal, asker) {
    if (asker.kind !== 'github' || !isApi(asker)) return null
    return renderJson(refusal.status, {
      message: sentenceOf(refusal),
      errors: [{ resource: 'weir', code: 'custom', field: 'event', message: refusal.eventId }],
      status: String(refusal.status),
    })
  },
}

function isApi(asker: Asker): boolean {
  return asker.host.startsWith('api.') || asker.host.startsWith('uploads.') || asker.target.startsWith('/api/')
}
