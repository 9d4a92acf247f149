/** `weir ca`: makes, shows and exports the inspection CA, and says how clients come to trust it. */
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { formatListen } from '../../settings/listen.ts'
import type { Authority } from '../../tls/authority.ts'
import { type ExportFormat, exportAuthority } from '../../tls/ca-export.ts'
import { addExamples } from '../examples.ts'
import { makeAuthority, openAuthority } from '../load-authority.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, paint, writeJson, writeLine } from '../terminal.ts'
import { type TrustSteps, trustSteps } from '../trust-steps.ts'

interface Json {
  readonly json?: true
}

export function addCa(program: Command, context: Context): void {
  const ca = program
    .command('ca')
    .description('the inspection CA, which clients must trust where TLS is opened')
    .helpCommand(false)
  addInit(ca, context)
  addShow(ca, context)
  addExport(ca, context)
  addTrust(ca, context)
}

function addInit(ca: Command, context: Context): void {
  const command = ca
    .command('init')
    .description('make the CA; one that is there is never replaced')
    .option('--organisation <NAME>', 'stands in the certificate, for people who are asked to trust it')
    .option('--days <N>', 'how long it is valid', parseDays)
    .option('--json', 'print one JSON document')
    .action(
      async ({
        json,
        organisation,
        days,
        ...flags
      }: SettingsFlags & Json & { organisation?: string; days?: number }) => {
        const { certs } = await loadSettings(context, flags)
        const authority = await makeAuthority(certs, { organisation, days })
        writeAuthority(context, authority, certs, json === true)
        if (json !== true) writeLine(context.out, 'Next: `weir ca trust` tells how clients come to trust it.')
      },
    )
  addSettingOptions(command, ['certs'])
  addExamples(command, [['weir ca init --organisation "Acme Ltd"', 'makes certs/ca.pem and certs/ca-key.pem']])
}

function addShow(ca: Command, context: Context): void {
  const command = ca
    .command('show')
    .description('print whose the CA is, until when it is valid, and its fingerprint')
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & Json) => {
      const { certs } = await loadSettings(context, flags)
      writeAuthority(context, await openAuthority(certs), certs, json === true)
    })
  addSettingOptions(command, ['certs'])
}

function addExport(ca: Command, context: Context): void {
  const command = ca
    .command('export')
    .description('write the certificate of the CA, never its key')
    .addOption(new Option('--format <FORMAT>', 'how it is written').choices(['pem', 'der', 'text']).default('pem'))
    .option('--out <FILE>', 'a file to write instead of standard output')
    .action(async ({ format, out, ...flags }: SettingsFlags & { format: ExportFormat; out?: string }) => {
      const { certs } = await loadSettings(context, flags)
      const bytes = exportAuthority(await openAuthority(certs), format)
      if (out === undefined) context.out.write(bytes)
      else await writeExport(out, bytes)
    })
  addSettingOptions(command, ['certs'])
  addExamples(command, [
    ['weir ca export > weir-ca.pem', 'the certificate in PEM, for most tools'],
    ['weir ca export --format der --out weir-ca.crt', 'in DER, for Windows and browsers'],
  ])
}

function addTrust(ca: Command, context: Context): void {
  const command = ca
    .command('trust')
    .description('print how each tool comes to trust the CA and to use the proxy; nothing is changed')
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & Json) => {
      const { certs, listen } = await loadSettings(context, flags)
      const { fingerprint256 } = await openAuthority(certs)
      const tools = trustSteps(certificateIn(certs), formatListen(listen.address, listen.port))
      if (json === true) writeJson(context.out, { fingerprint256, tools })
      else writeTrust(context, fingerprint256, tools)
    })
  addSettingOptions(command, ['certs', 'listen', 'allowClients'])
}

function writeTrust(context: Context, fingerprint256: string, tools: readonly TrustSteps[]): void {
  writeLine(context.out, `Compare the fingerprint before you trust it: ${fingerprint256}`)
  for (const { tool, steps } of tools) {
    writeLine(context.out, `\n${paint(context.out, 'bold', tool)}`)
    for (const step of steps) writeLine(context.out, `  ${step}`)
  }
}

function writeAuthority(context: Context, authority: Authority, certs: string, asJson: boolean): void {
  const { subject, fingerprint256 } = authority
  const [notBefore, notAfter] = [authority.notBefore, authority.notAfter].map((at) => new Date(at).toISOString())
  const certificate = certificateIn(certs)
  if (asJson) {
    writeJson(context.out, { certificate, subject, fingerprint256, notBefore, notAfter })
  } else {
    writeLine(context.out, `Certificate: ${certificate}`)
    context.out.write(exportAuthority(authority, 'text'))
  }
}

function certificateIn(certs: string): string {
  return join(resolve(certs), 'ca.pem')
}

async function writeExport(file: string, bytes: Buffer): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o644 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new CommandError(`${file}: cannot be written (${String(error.code)})`)
  }
}

function parseDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (days < 1 || days > 36_500) throw new InvalidArgumentError('It is a number of days from 1 to 36500.')
  return days
}
