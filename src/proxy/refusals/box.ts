/** Box's error object (developer.box.com, "Client Error"): its SDKs and rclone print `code` and `message`. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const boxForm: RefusalForm = {
  id: 'box',
  render(refusal, { service, host }) {
    if (service !== 'box' || !/^(?:api|upload|dl)(?:\.|-)/.test(host)) return null
    return renderJson(refusal.status, {
      type: 'error',
      status: refusal.status,
      code: 'access_denied',
      message: sentenceOf(refusal),
      request_id: refusal.eventId,
    })
  },
}
