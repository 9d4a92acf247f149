/** `weir ca`: makes, replaces, shows and exports the inspection CA, and says how clients come to trust it. */
import { type Command, InvalidArgumentError } from 'commander'
import { type Host, parseHost } from '../../net/host.ts'
import { addExamples } from '../examples.ts'
import { activateNext, makeAuthority, type NewAuthority, openAuthorities, prepareNext } from '../load-authority.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { addSettingOptions } from '../setting-options.ts'
import { type Context, UsageError, writeLine } from '../terminal.ts'
import { addExport, addShow, addTrust, writeAuthorities } from './ca-view.ts'

interface MakingFlags extends SettingsFlags {
  readonly organisation?: string
  readonly days?: number
  readonly only?: readonly Host[]
  readonly json?: true
}

export function addCa(program: Command, context: Context): void {
  const ca = program
    .command('ca')
    .description('the inspection CA, which clients must trust where TLS is opened')
    .helpCommand(false)
  addInit(ca, context)
  addRotate(ca, context)
  addShow(ca, context)
  addExport(ca, context)
  addTrust(ca, context)
}

function addInit(ca: Command, context: Context): void {
  const command = ca.command('init').description('make the CA; one that is there is never replaced')
  addMakingOptions(command)
  command.action(async ({ json, organisation, days, only, ...flags }: MakingFlags) => {
    const { certs, passphraseFile } = await loadSettings(context, flags)
    await makeAuthority(certs, { organisation, days, only }, passphraseFile)
    writeAuthorities(context, await openAuthorities(certs, passphraseFile), json === true)
    if (json !== true) writeLine(context.out, 'Next: `weir ca trust` tells how clients come to trust it.')
  })
  addSettingOptions(command, ['certs', 'passphraseFile'])
  command.addHelpText('after', OWN_CA_NOTES)
  addExamples(command, [
    ['weir ca init --organisation "Acme Ltd"', 'makes certs/ca.pem and certs/ca-key.pem'],
    [
      'weir ca init --only github.com --only githubusercontent.com',
      'may sign for these and what is below them alone; no other host can be opened',
    ],
  ])
}

const OWN_CA_NOTES = `
A CA of your own takes the place of one that Weir makes: put ca.pem (the issuing certificate first, then its chain) and
ca-key.pem into the folder, or ca.p12, each with mode 0600. --passphrase-file opens a key that is encrypted; with it, a key
that Weir makes is encrypted too.`

function addRotate(ca: Command, context: Context): void {
  const command = ca
    .command('rotate')
    .description('replace the CA with overlap: prepare the next one, and once clients trust it, let it sign')
    .option('--activate', 'let the prepared CA sign; the key of the one before it is deleted')
  addMakingOptions(command)
  command.action(async ({ activate, json, organisation, days, only, ...flags }: MakingFlags & { activate?: true }) => {
    const making: NewAuthority = { organisation, days, only }
    if (activate === true && Object.values(making).some((value) => value !== undefined))
      throw new UsageError('--activate takes the next CA as it was prepared: no --organisation, --days or --only')
    const { certs, passphraseFile } = await loadSettings(context, flags)
    if (activate === true) await activateNext(certs, passphraseFile)
    else await prepareNext(certs, making, passphraseFile)
    writeAuthorities(context, await openAuthorities(certs, passphraseFile), json === true)
    if (json !== true) writeLine(context.out, activate === true ? AFTER_ACTIVATION : AFTER_PREPARATION)
  })
  addSettingOptions(command, ['certs', 'passphraseFile'])
  command.addHelpText('after', ROTATION_NOTES)
  addExamples(command, [
    ['weir ca rotate', 'prepares certs/next/, with the organisation and the limits of the present CA'],
    ['weir ca export --out weir-ca.pem', 'both certificates, for clients to trust before the change'],
    ['weir ca rotate --activate', 'changes over; a running Weir takes the new CA up at SIGHUP'],
  ])
}

const AFTER_PREPARATION =
  'Next: let clients trust both (`weir ca export`, `weir ca trust`); when all do, `weir ca rotate --activate`.'
const AFTER_ACTIVATION = 'Next: a Weir that runs takes it up at SIGHUP.'
const ROTATION_NOTES = `
The old certificate stays in what \`weir ca export\` writes until it expires. A next CA of your own is put into the folder next/
as ca.pem and ca-key.pem, and activated in the same way. A change that was cut short is finished by --activate.`

function addMakingOptions(command: Command): void {
  command
    .option('--organisation <NAME>', 'stands in the certificate, for people who are asked to trust it')
    .option('--days <N>', 'how long it is valid', parseDays)
    .option('--only <DOMAIN>', 'sign for this domain and all below it alone (may be repeated)', collectDomain)
    .option('--json', 'print one JSON document')
}

function parseDays(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (days < 1 || days > 36_500) throw new InvalidArgumentError('It is a number of days from 1 to 36500.')
  return days
}

function collectDomain(text: string, earlier: readonly Host[] = []): readonly Host[] {
  const domain = parseHost(text)
  if (domain === null)
    throw new InvalidArgumentError('It is a domain such as acme.example, and means all that is below it too.')
  return [...earlier, domain]
}
