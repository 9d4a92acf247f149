/** The error object of Microsoft Graph and OneDrive ("Microsoft Graph error responses"): rclone and az print code and message. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

const HOST = /^(?:(?:[a-z-]+\.)?graph\.microsoft\.(?:com|us|de)|microsoftgraph\.chinacloudapi\.cn|api\.onedrive\.com)$/

export const microsoftGraphForm: RefusalForm = {
  id: 'microsoft-graph',
  render(refusal, { host, service, target }) {
    const isDrive = service === 'sharepoint' && /\/_api\//i.test(target)
    const isUpload = service === 'onedrive' && target.startsWith('/up/')
    if (!HOST.test(host) && !isDrive && !isUpload) return null
    const error = { code: 'accessDenied', message: sentenceOf(refusal), innerError: { 'request-id': refusal.eventId } }
    return renderJson(refusal.status, { error })
  },
}
