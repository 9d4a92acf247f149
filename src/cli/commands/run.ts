/** `weir run`: brings up the proxy, says that it is ready, and drains it when told to end. */
import type { Command } from 'commander'
import { openRecordLog } from '../../audit/record-log.ts'
import type { CompiledPolicy } from '../../policy/compiled.ts'
import { type RunningProxy, startProxy } from '../../proxy/server.ts'
import { formatListen } from '../../settings/listen.ts'
import { OPTIONS } from '../../settings/options.ts'
import type { Settings } from '../../settings/schema.ts'
import { hasErrors } from '../../text/problem.ts'
import type { Authority } from '../../tls/authority.ts'
import { createTrust, type Trust, TrustProblem } from '../../tls/trust.ts'
import { addExamples } from '../examples.ts'
import { hasAuthority, makeAuthority, openAuthority } from '../load-authority.ts'
import { loadPolicy } from '../load-policy.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, writeJson, writeLine } from '../terminal.ts'
import { FileProblem, readTextFile } from '../text-file.ts'
import { readVersion } from '../version.ts'

const STANDARD_OUTPUT = 1
const ANCHORS_BYTES_MAX = 8 * 1024 * 1024

export function addRun(program: Command, context: Context): void {
  const command = program
    .command('run')
    .description('run the proxy')
    .action((flags: SettingsFlags) => run(context, flags))
  addSettingOptions(
    command,
    OPTIONS.map(({ name }) => name),
  )
  command.addHelpText('after', RUN_NOTES)
  addExamples(command, [
    ['weir run', 'listens on 127.0.0.1:8080 under policies/default.yaml'],
    ['weir run --listen 0.0.0.0:8080 --allow-clients 10.0.0.0/8', 'serves a network'],
    ['weir run --resolve git.acme.example:443:10.2.0.7:443 --allow-private 10.2.0.7', 'reaches one server of your own'],
  ])
}

const RUN_NOTES = `
A flag goes over the environment, the environment over the settings file. A flag that may be repeated is a variable with
commas. The record of flows goes to standard output, one JSON line a flow, after one line that says that Weir is ready.
SIGTERM and SIGINT end it: open connections are let finish for a while; a second signal ends it at once.`

async function run(context: Context, flags: SettingsFlags): Promise<void> {
  const settings = await loadSettings(context, flags)
  const policy = await startingPolicy(context, settings)
  const authority = await startingAuthority(context, settings, policy)
  const trust = await startingTrust(settings)
  const sink = openRecordLog(STANDARD_OUTPUT)
  const version = readVersion()
  const proxy = await started(settings, () => startProxy({ settings, policy, authority, trust, sink, version }))
  const ended = untilSignalled(context)
  writeJson(context.out, {
    event: 'ready',
    version,
    pid: process.pid,
    listen: proxy.addresses.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`),
    policy: { file: settings.policy, hash: policy.hash },
    inspection: { mode: policy.inspection.mode, ca: authority?.fingerprint256 ?? null },
  })
  await ended
  await proxy.drain()
  sink.close()
}

async function startingPolicy(context: Context, settings: Settings): Promise<CompiledPolicy> {
  const loading = loadPolicy(settings.policy, settings.inspection)
  const { policy, problems, texts } = await loading.catch((error: unknown) => {
    throw error instanceof FileProblem ? new CommandError(`the policy ${error.message}`) : error
  })
  writeProblems(context.err, problems, texts)
  if (policy === null || hasErrors(problems))
    throw new CommandError('the policy does not load, and without one nothing starts')
  return policy
}

/** The inspection CA, made on the first start; none where nothing is ever opened. */
async function startingAuthority(
  context: Context,
  settings: Settings,
  policy: CompiledPolicy,
): Promise<Authority | null> {
  if (policy.inspection.mode === 'never') return null
  if (await hasAuthority(settings.certs)) return openAuthority(settings.certs)
  const authority = await makeAuthority(settings.certs, {})
  writeLine(context.err, `made an inspection CA in ${settings.certs}: ${authority.subject}`)
  writeLine(context.err, `its fingerprint is ${authority.fingerprint256}; \`weir ca trust\` tells how clients trust it`)
  return authority
}

async function startingTrust(settings: Settings): Promise<Trust> {
  try {
    const extraPem = await Promise.all(
      settings.upstreamCa.map(async (file) => ({ file, text: await readTextFile(file, ANCHORS_BYTES_MAX) })),
    )
    return createTrust({ extraPem })
  } catch (error) {
    throw error instanceof TrustProblem || error instanceof FileProblem ? new CommandError(error.message) : error
  }
}

async function started(settings: Settings, start: () => Promise<RunningProxy>): Promise<RunningProxy> {
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if ('path' in error) throw new CommandError(`${String(error.path)}: cannot be used (${String(error.code)})`)
    const reason = LISTEN_FAULTS[String(error.code)] ?? String(error.code)
    throw new CommandError(`cannot listen on ${formatListen(settings.listen.address, settings.listen.port)}: ${reason}`)
  }
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there; choose another address with --listen',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not take that port; choose one above 1023',
}

/** Until the first SIGTERM or SIGINT. The second ends the process on the spot: whoever sends it has waited long enough. */
function untilSignalled(context: Context): Promise<void> {
  return new Promise((resolve) => {
    let signals = 0
    const onSignal = (signal: NodeJS.Signals): void => {
      signals += 1
      if (signals > 1) process.exit(1)
      writeLine(context.err, `${signal}: draining; a second signal ends at once`)
      resolve()
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}
