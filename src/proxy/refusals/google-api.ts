/** The error object of Google's APIs (AIP-193, and `errors` as the older clients read them): rclone, gcloud and gsutil print it. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const googleApiForm: RefusalForm = {
  id: 'google-api',
  render(refusal, { host }) {
    if (!/(?:^|\.)googleapis\.com$/.test(host)) return null
    const { status } = refusal
    const message = sentenceOf(refusal)
    const denied = status < 500
    return renderJson(status, {
      error: {
        code: status,
        message,
        status: denied ? 'PERMISSION_DENIED' : 'UNAVAILABLE',
        errors: [{ domain: 'global', reason: denied ? 'forbidden' : 'backendError', message }],
      },
    })
  },
}
