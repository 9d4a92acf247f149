/** The policy of the soak: pushes to `scanned-*` are looked into for everything, pushes to `plain-*` for nothing, and notes for secrets. */

export const FORGE_HOST = 'github.com'
export const SITE_HOST = 'www.acme.example'
export const INDEXED = 'acme/monorepo'

const SCANNED = `to: { repositories: [${FORGE_HOST}/acme/scanned-*] }, operations: [git-push], action: deny`

/** Each rule asks for what is not there, so that the push lands when it was looked through. */
export const POLICY = `
version: 1
default: allow
inspection: { mode: always }
rules:
  - { name: secrets, when: { secrets: [the-secret-of-nobody] }, ${SCANNED} }
  - { name: own-source, when: { ownSource: { repositories: acme/never } }, ${SCANNED} }
  - { name: types, when: { types: application/x-never }, ${SCANNED} }
  - { name: entropy, when: { entropy: { over: 8 } }, ${SCANNED} }
  - { name: encrypted, when: { encrypted: true }, ${SCANNED} }
  - { name: files, when: { files: [never/**] }, ${SCANNED} }
  - { name: authors, when: { authors: eve@never.example }, ${SCANNED} }
  - { name: objects, when: { objects: { over: 500000 } }, ${SCANNED} }
  - { name: new-root, when: { newRoot: false }, ${SCANNED} }
  - name: notes-without-secrets
    to: { hosts: [${SITE_HOST}] }
    operations: [write]
    when: { secrets: true }
    action: deny
`
