/** GitHub's REST error object (docs.github.com, "Troubleshooting the REST API"): gh and octokit print its `message`. */
import type { RefusalForm } from './form.ts'

export const githubApiForm: RefusalForm = {
  id: 'github-api',
  render(refusal, asker) {
    if (asker.kind !== 'github' || !isApi(asker)) return null
    return {
      status: refusal.status,
      contentType: 'application/json; charset=utf-8',
      body: `${JSON.stringify({
        message: `weir: ${refusal.message} (event ${refusal.eventId})`,
        errors: [{ resource: 'weir', code: 'custom', field: 'event', message: refusal.eventId }],
        status: String(refusal.status),
      })}\n`,
    }
  },
}

function isApi(asker: { readonly host: string; readonly target: string }): boolean {
  return asker.host.startsWith('api.') || asker.host.startsWith('uploads.') || asker.target.startsWith('/api/')
}
