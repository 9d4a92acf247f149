/** A refused push in git's own words: 200, report-status, every ref `ng` (gitprotocol-pack, "Report Status"). */
import { encodePushRefusal } from '../../wire/push-report.ts'
import type { RefusalForm } from './form.ts'

export const gitPushForm: RefusalForm = {
  id: 'git-push',
  render(refusal, { push }) {
    if (push === null || push.kind !== 'push') return null
    // A 403 here makes git print "Everything up-to-date": only a report reaches the person.
    const body = encodePushRefusal({
      capabilities: push.capabilities,
      refs: push.updates.map((update) => ({ name: update.ref, reason: `weir: ${reasonOf(refusal.rule)}` })),
      lines: [`weir: ${refusal.message}`, `weir: event ${refusal.eventId}`],
    })
    return body === null ? null : { status: 200, contentType: 'application/x-git-receive-pack-result', body }
  },
}

function reasonOf(rule: string | null): string {
  return rule === null ? 'refused' : `refused by rule ${rule}`
}
