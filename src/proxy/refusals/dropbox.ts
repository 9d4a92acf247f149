/** Dropbox's error object (Dropbox for HTTP developers, "Errors"): its SDKs print `error_summary`, and want a tag they may not know. */
import { type RefusalForm, renderJson, sentenceOf } from './form.ts'

export const dropboxForm: RefusalForm = {
  id: 'dropbox',
  render(refusal, { service, host }) {
    if (service !== 'dropbox' || !host.endsWith('.dropboxapi.com')) return null
    const message = sentenceOf(refusal)
    const told = { locale: 'en', text: message }
    return renderJson(refusal.status, { error_summary: message, error: { '.tag': 'other' }, user_message: told })
  },
}
