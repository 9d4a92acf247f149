/** `weir run`: brings up the proxy, says that it is ready, and drains it when told to end. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { RecentRecords } from '../../audit/recent-records.ts'
import { openRecordLog } from '../../audit/record-log.ts'
import { openUsersFile, type UsersFile } from '../../identity/users-file.ts'
import type { CompiledPolicy } from '../../policy/compiled.ts'
import { type RunningProxy, startProxy } from '../../proxy/server.ts'
import { formatListen } from '../../settings/listen.ts'
import { OPTIONS } from '../../settings/options.ts'
import type { Settings } from '../../settings/schema.ts'
import { hasErrors, type Problem } from '../../text/problem.ts'
import { type DurableLedger, openLedger } from '../../store/ledger.ts'
import { LedgerProblem } from '../../store/ledger-problem.ts'
import { createTrust, type Trust, TrustProblem } from '../../tls/trust.ts'
import { addExamples } from '../examples.ts'
import { openControlSocket } from '../control-socket.ts'
import { loadAll } from '../load-all.ts'
import { hasAuthority, makeAuthority } from '../load-authority.ts'
import { loadPolicyAside } from '../load-policy-aside.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { type FirstLoading, type Loading, Reloader } from '../reload.ts'
import type { RunStatus } from '../run-status.ts'
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
SIGHUP loads the policy, the users and the inspection CA anew, and so does a change of their files; what does not load
changes nothing. SIGTERM and SIGINT end it: open connections are let finish for a while; a second signal ends it at once.`

async function run(context: Context, flags: SettingsFlags): Promise<void> {
  const settings = await loadSettings(context, flags)
  const startedAt = Date.now()
  // Before there is anything to reload, for by default the signal ends the process.
  let reload = (): void => undefined
  process.on('SIGHUP', () => reload())
  await using down = new AsyncDisposableStack()
  const parts = await prepare(context, settings, down)
  const { users, ledger, first, sink } = parts
  const version = readVersion()
  let running: Running | null = null
  const control = await openControlSocket(settings.data, {
    status: () =>
      running === null
        ? { event: 'starting', version, pid: process.pid }
        : statusOf(settings, running, ledger, startedAt),
    event: (id) => sink.find(id),
  })
  down.defer(() => control.close())
  const proxy = await started(settings, () =>
    startProxy({ ...parts, ...first.renewal, settings, version, users: users?.users ?? null }),
  )
  const reloader = new Reloader(
    {
      load: () => loadAll(settings, users),
      renew: (changes) => proxy.renew(changes),
      tell: (loading, policy) => tellReload(context, loading, policy),
      now: Date.now,
    },
    first,
    parts.loadedAt,
  )
  running = { proxy, reloader }
  reload = () => reloader.reload()
  const ended = untilSignalled(context)
  writeReady(context, settings, proxy, first.renewal, version)
  await ended
  await reloader.stop()
  await proxy.drain()
}

interface Parts {
  readonly users: UsersFile | null
  readonly first: FirstLoading
  /** Milliseconds since the epoch. */
  readonly loadedAt: number
  readonly trust: Trust
  readonly ledger: DurableLedger
  readonly sink: RecentRecords
}

/** Everything that a start needs, or a CommandError that says what is wrong with it. */
async function prepare(context: Context, settings: Settings, down: AsyncDisposableStack): Promise<Parts> {
  const startup = await startingPolicy(context, settings)
  await startingAuthority(context, settings, startup.policy)
  const users = await startingUsers(context, settings, startup.policy)
  if (users !== null) down.defer(() => users.users.close())
  // What Weir itself wrote up to here, such as a CA, is no change that someone made.
  const loadedAt = Date.now()
  const { renewal, problems, files } = await loadAll(settings, users, startup)
  if (renewal === null) {
    writeProblems(context.err, problems.slice(startup.problems.length), new Map())
    throw new CommandError('what is needed to start does not load')
  }
  const trust = await startingTrust(settings)
  const record = openRecordLog(STANDARD_OUTPUT)
  down.defer(() => record.close())
  const ledger = await startingLedger(settings)
  down.defer(() => ledger.close())
  return { users, loadedAt, first: { renewal, problems, files }, trust, ledger, sink: new RecentRecords(record) }
}

interface Running {
  readonly proxy: RunningProxy
  readonly reloader: Reloader
}

function statusOf(
  settings: Settings,
  { proxy, reloader }: Running,
  { writable, fault }: DurableLedger,
  startedAt: number,
): RunStatus {
  const { policy, last } = reloader
  const rules = policy.rules.filter(({ position }) => position !== null).length
  return {
    ...proxy.status(),
    version: readVersion(),
    pid: process.pid,
    startedAt,
    policy: { file: settings.policy, hash: policy.hash, rules },
    reload: last,
    ledger: { writable, fault },
  }
}

/** Says on standard error what a reload brought; the record of flows goes on beside it on standard output. */
function tellReload(context: Context, { renewal, problems }: Loading, policy: CompiledPolicy): void {
  writeProblems(context.err, problems, new Map())
  const good = renewal !== null && !hasErrors(problems)
  const said = good
    ? `reloaded: policy ${policy.hash} is in force`
    : `not reloaded: policy ${policy.hash} stays in force`
  writeLine(context.err, said)
}

function writeReady(
  context: Context,
  settings: Settings,
  proxy: RunningProxy,
  { policy, authority }: FirstLoading['renewal'],
  version: string,
): void {
  writeJson(context.out, {
    event: 'ready',
    version,
    pid: process.pid,
    listen: proxy.addresses.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`),
    policy: { file: settings.policy, hash: policy.hash },
    inspection: { mode: policy.inspection.mode, ca: authority?.fingerprint256 ?? null },
  })
}

interface Startup {
  readonly policy: CompiledPolicy
  readonly problems: readonly Problem[]
  readonly files: readonly string[]
}

async function startingPolicy(context: Context, settings: Settings): Promise<Startup> {
  const loading = loadPolicyAside(settings.policy, settings.inspection)
  const { policy, problems, texts, files } = await loading.catch((error: unknown) => {
    throw error instanceof FileProblem ? new CommandError(`the policy ${error.message}`) : error
  })
  writeProblems(context.err, problems, texts)
  if (policy === null || hasErrors(problems))
    throw new CommandError('the policy does not load, and without one nothing starts')
  return { policy, problems, files }
}

async function startingUsers(context: Context, settings: Settings, policy: CompiledPolicy): Promise<UsersFile | null> {
  if (settings.users === undefined) {
    if (policy.namesUsers) throw new CommandError(USERS_UNKNOWN)
    return null
  }
  const { file, problems } = await openUsersFile({ file: settings.users, now: () => performance.now() })
  // Without its text: a line of it that is wrong may be a password all the same.
  writeProblems(context.err, problems, new Map())
  if (hasErrors(problems)) throw new CommandError('the file of users does not load, and without it nothing starts')
  return file
}

const USERS_UNKNOWN = 'the policy names users, and nobody can be one: name their file with --users'

async function startingLedger(settings: Settings): Promise<DurableLedger> {
  try {
    await mkdir(settings.data, { recursive: true, mode: 0o700 })
    return await openLedger(join(settings.data, 'ledger.sqlite'))
  } catch (error) {
    if (error instanceof LedgerProblem) throw new CommandError(error.message)
    if (error instanceof Error && 'code' in error) {
      throw new CommandError(`${settings.data}: cannot be used (${String(error.code)})`)
    }
    throw error
  }
}

/** The inspection CA, made on the first start; none where nothing is ever opened. */
async function startingAuthority(context: Context, settings: Settings, policy: CompiledPolicy): Promise<void> {
  if (policy.inspection.mode === 'never' || (await hasAuthority(settings.certs))) return
  const authority = await makeAuthority(settings.certs, {}, settings.passphraseFile)
  writeLine(context.err, `made an inspection CA in ${settings.certs}: ${authority.subject}`)
  writeLine(context.err, `its fingerprint is ${authority.fingerprint256}; \`weir ca trust\` tells how clients trust it`)
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
