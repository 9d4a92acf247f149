/** Any other request of git: a text body, which git prints line by line behind `remote:` when it is text/plain. */
import type { RefusalForm } from './form.ts'

const GIT_PATH = /\/(?:info\/refs\?service=git-|git-upload-pack|git-receive-pack)/

export const gitForm: RefusalForm = {
  id: 'git',
  render(refusal, asker) {
    if (!GIT_PATH.test(asker.target)) return null
    return {
      status: refusal.status,
      contentType: 'text/plain; charset=utf-8',
      body: `weir: ${refusal.message}\nweir: event ${refusal.eventId}\n`,
    }
  },
}
