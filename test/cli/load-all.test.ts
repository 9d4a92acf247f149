/** All that a reload brings, or nothing of it: here the client certificates, beside a policy that opens no TLS. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { loadAll } from '../../src/cli/load-all.ts'
import { parseHost } from '../../src/net/host.ts'
import { type Settings, settingsSchema } from '../../src/settings/schema.ts'
import { makeFolder, makeOwnCa } from '../tls/own-ca.ts'

const HOST = parseHost('site.example')

let file: string
let settings: Settings

/** A key and its certificate, of nobody in particular. */
function identity(): string {
  const folder = makeOwnCa({ extensions: ['basicConstraints=CA:FALSE', 'extendedKeyUsage=clientAuth'] })
  return ['ca-key.pem', 'ca.pem'].map((name) => readFileSync(join(folder, name), 'utf8')).join('')
}

async function shown(): Promise<string | undefined> {
  const { renewal } = await loadAll(settings, null)
  return HOST === null ? undefined : renewal?.clientCertificates?.certificateFor(HOST)?.fingerprint256
}

beforeEach(() => {
  const folder = makeFolder()
  file = join(folder, 'identity.pem')
  writeFileSync(join(folder, 'policy.yaml'), 'version: 1\ndefault: allow\ninspection: { mode: never }\n')
  writeFileSync(file, identity(), { mode: 0o600 })
  settings = settingsSchema.parse({
    policy: join(folder, 'policy.yaml'),
    certs: join(folder, 'certs'),
    clientCertificate: [`site.example:${file}`],
  })
})

describe('client certificates', () => {
  it('are read anew, and their files are watched', async () => {
    const before = await shown()
    writeFileSync(file, identity(), { mode: 0o600 })
    const after = await shown()
    expect(before).toMatch(/^[0-9A-F:]{95}$/)
    expect(after).toMatch(/^[0-9A-F:]{95}$/)
    expect(after).not.toBe(before)
    expect((await loadAll(settings, null)).files).toContain(file)
  })

  it('that are no good let nothing come into force', async () => {
    writeFileSync(file, 'half a file', { mode: 0o600 })
    const { renewal, problems, files } = await loadAll(settings, null)
    expect(renewal).toBeNull()
    expect(problems).toMatchObject([{ severity: 'error', file }])
    expect(files).toContain(file)
  })
})
