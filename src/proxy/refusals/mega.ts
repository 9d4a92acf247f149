/** MEGA's errors: a number, under status 200. Its clients take any other status for a failing network and try for ever. */
import type { RefusalForm } from './form.ts'

/** EACCESS: no permission. Who refused, and the event, are in the fields of the answer. */
const ACCESS_DENIED = '-11'
// At a download the number would be taken for the file.
const NUMBERED = /^\/(?:cs|sc|wsc|ul)(?:[/?]|$)/

export const megaForm: RefusalForm = {
  id: 'mega',
  render(_, { kind, target }) {
    if (kind !== 'mega' || !NUMBERED.test(target)) return null
    return { status: 200, contentType: 'application/json', body: ACCESS_DENIED }
  },
}
