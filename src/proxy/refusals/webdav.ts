/** A WebDAV error (RFC 4918 section 16) with the words of sabre/dav, which rclone prints, and of mod_dav, which svn does. */
import { type Asker, type RefusalForm, sentenceOf } from './form.ts'
import { escapeXml, renderXml } from './xml.ts'

const METHODS = new Set(
  `PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK SEARCH ACL REPORT MKACTIVITY MKWORKSPACE CHECKOUT CHECKIN MERGE
  VERSION-CONTROL MKCALENDAR`.split(/\s+/),
)
const PATH = /^\/(?:remote|public)\.php\/|\/(?:web)?dav\//i
const SPACES = 'xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns" xmlns:m="http://apache.org/dav/xmlns"'

export const webdavForm: RefusalForm = {
  id: 'webdav',
  render(refusal, asker) {
    if (!isDav(asker)) return null
    const message = escapeXml(sentenceOf(refusal))
    const sabre = `<s:exception>Weir\\Refused</s:exception><s:message>${message}</s:message>`
    const apache = `<m:human-readable errcode="${refusal.status}">${message}</m:human-readable>`
    return renderXml(refusal.status, `<d:error ${SPACES}>${sabre}${apache}</d:error>`, 'text/xml; charset=utf-8')
  },
}

function isDav({ method, target }: Asker): boolean {
  return METHODS.has(method) || PATH.test(target.split('?', 1)[0] ?? '')
}
