/** `weir ca show`, `export` and `trust`: what clients are to trust, in words, as files and as steps. */
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { formatListen } from '../../settings/listen.ts'
import type { Anchor, Authority } from '../../tls/authority-admission.ts'
import {
  anchorsOf,
  describeAnchor,
  describeLimits,
  EXPORT_CHOICES,
  EXPORT_FORMATS,
  type ExportChoice,
  type ExportFormat,
  exportAnchors,
} from '../../tls/ca-export.ts'
import type { Authorities } from '../../tls/rotation.ts'
import { addExamples } from '../examples.ts'
import { openAuthorities } from '../load-authority.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, paint, writeJson, writeLine } from '../terminal.ts'
import { type TrustFiles, type TrustSteps, trustSteps } from '../trust-steps.ts'

interface Json {
  readonly json?: true
}

export function addShow(ca: Command, context: Context): void {
  const command = ca
    .command('show')
    .description(
      'print whose the CA is, until when it is valid, and its fingerprint; the next and the old ones as well',
    )
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & Json) => {
      const { certs, passphraseFile } = await loadSettings(context, flags)
      writeAuthorities(context, await openAuthorities(certs, passphraseFile), json === true)
    })
  addSettingOptions(command, ['certs', 'passphraseFile'])
}

export function addExport(ca: Command, context: Context): void {
  const command = ca
    .command('export')
    .description('write the certificates that clients are to trust, never a key')
    .addOption(new Option('--format <FORMAT>', 'how it is written').choices(EXPORT_FORMATS).default('pem'))
    .addOption(new Option('--which <WHICH>', 'of which CA').choices(EXPORT_CHOICES).default('all'))
    .option('--out <FILE>', 'a file to write instead of standard output')
    .action(
      async ({
        format,
        which,
        out,
        ...flags
      }: SettingsFlags & { format: ExportFormat; which: ExportChoice; out?: string }) => {
        const { certs, passphraseFile } = await loadSettings(context, flags)
        const anchors = anchorsOf(await openAuthorities(certs, passphraseFile), which)
        if (anchors.length === 0) throw new CommandError(`${certs}: holds no such certificate (--which ${which})`)
        const bytes = exportAnchors(anchors, format)
        if (bytes === null)
          throw new CommandError(`DER holds one certificate, and here are ${anchors.length}; choose by --which`)
        if (out === undefined) context.out.write(bytes)
        else await writeExport(out, bytes)
      },
    )
  addSettingOptions(command, ['certs', 'passphraseFile'])
  addExamples(command, [
    ['weir ca export > weir-ca.pem', 'all that clients are to trust in PEM, for most tools'],
    ['weir ca export --format der --which active --out weir-ca.crt', 'in DER, for Windows and browsers'],
  ])
}

export function addTrust(ca: Command, context: Context): void {
  const command = ca
    .command('trust')
    .description('print how each tool comes to trust the CA and to use the proxy; nothing is changed')
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & Json) => {
      const { certs, listen, passphraseFile } = await loadSettings(context, flags)
      const authorities = await openAuthorities(certs, passphraseFile)
      const tools = trustSteps(filesOf(authorities, certs), formatListen(listen.address, listen.port))
      const { fingerprint256 } = authorities.active.anchor
      const next = authorities.next?.anchor.fingerprint256 ?? null
      if (json === true) writeJson(context.out, { fingerprint256, nextFingerprint256: next, tools })
      else writeTrust(context, [fingerprint256, ...(next === null ? [] : [next])], tools)
    })
  addSettingOptions(command, ['certs', 'listen', 'allowClients', 'passphraseFile'])
}

/** All CAs of a folder, the active one first. */
export function writeAuthorities(context: Context, { active, next, old }: Authorities, asJson: boolean): void {
  if (asJson) {
    writeJson(context.out, {
      ...asDocument(active),
      next: next === null ? null : asDocument(next),
      old: old.map(summary),
    })
    return
  }
  writeAuthority(context, active)
  if (next !== null) {
    writeLine(context.out, `\n${paint(context.out, 'bold', 'Next')}, once \`weir ca rotate --activate\` lets it sign:`)
    writeAuthority(context, next)
  }
  for (const anchor of old) {
    writeLine(context.out, `\n${paint(context.out, 'bold', 'Old')}, still exported until it expires:`)
    context.out.write(describeAnchor(anchor))
  }
}

function writeAuthority({ out }: Context, authority: Authority): void {
  const limits = describeLimits(authority)
  writeLine(out, `Certificate: ${resolve(authority.file)}`)
  out.write(describeAnchor(authority))
  if (limits !== null) writeLine(out, `Signs for: ${limits}`)
  if (authority.anchor.fingerprint256 === authority.fingerprint256) return
  writeLine(out, `Clients trust it by ${authority.anchor.subject}, SHA-256 ${authority.anchor.fingerprint256}`)
}

function asDocument(authority: Authority) {
  return {
    certificate: resolve(authority.file),
    ...summary(authority),
    limits: describeLimits(authority),
    trusted: summary(authority.anchor),
  }
}

function summary({ subject, fingerprint256, ...validity }: Anchor) {
  const [notBefore, notAfter] = [validity.notBefore, validity.notAfter].map((at) => new Date(at).toISOString())
  return { subject, fingerprint256, notBefore, notAfter }
}

/** The file that holds the one certificate as it is, or files that are exported first. */
function filesOf({ active, next, old }: Authorities, certs: string): TrustFiles {
  const own = join(resolve(certs), 'ca.pem')
  const isPlain = next === null && old.length === 0 && active.chainPem === '' && resolve(active.file) === own
  if (isPlain) return { prepare: [], bundle: own, singles: [own] }
  const bundle = resolve('weir-ca.pem')
  const singles = (['active', 'next'] as const).filter((choice) => choice === 'active' || next !== null)
  const exported = singles.map((choice) => ({ choice, file: resolve(`weir-ca-${choice}.pem`) }))
  return {
    prepare: [{ choice: 'all', file: bundle }, ...exported],
    bundle,
    singles: exported.map(({ file }) => file),
  }
}

function writeTrust(context: Context, fingerprints: readonly string[], tools: readonly TrustSteps[]): void {
  for (const fingerprint256 of fingerprints)
    writeLine(context.out, `Compare the fingerprint before you trust it: ${fingerprint256}`)
  for (const { tool, steps } of tools) {
    writeLine(context.out, `\n${paint(context.out, 'bold', tool)}`)
    for (const step of steps) writeLine(context.out, `  ${step}`)
  }
}

async function writeExport(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o644 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new CommandError(`${file}: cannot be written (${String(error.code)})`)
  }
}
