/** The site that most tests of HTTP/2 have behind Weir, and what of it a rule denies. */

export const HOST = 'www.acme.example'
export const SITE = `https://${HOST}`

/** Asks for the path, and so opens TLS. */
export const POLICY = `
version: 1
default: allow
rules:
  - name: no-secrets
    to: { hosts: [${HOST}] }
    when: { paths: ["/forbidden/**"] }
    action: deny
    message: Not that one.
`
/** The same where every tunnel is opened. */
export const OPENING_POLICY = `${POLICY}inspection: { mode: always }\n`
