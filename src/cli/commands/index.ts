/** `weir index`: fingerprints of your own repositories, by which a running Weir knows them in an upload. */
import { join } from 'node:path'
import type { Command } from 'commander'
import type { FingerprintIndex } from '../../content/fingerprints/fingerprint-index.ts'
import { loadFingerprints } from '../../content/fingerprints/fingerprint-index.ts'
import { deriveKeys, type FingerprintKeys } from '../../content/fingerprints/keys.ts'
import { printable } from '../../text/problem-render.ts'
import { formatSize } from '../../text/quantity.ts'
import { addExamples } from '../examples.ts'
import { indexTargets, type Indexed } from '../fingerprints/indexing.ts'
import { keyFileOf, openIndex, openKey, replaceIndex, stateOf } from '../fingerprints/index-store.ts'
import { findTargets, type Target } from '../fingerprints/targets.ts'
import { stateOfTargets, waitForChange } from '../fingerprints/watching.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, counted, paint, UsageError, writeJson, writeLine } from '../terminal.ts'

interface IndexFlags extends SettingsFlags {
  readonly out?: string
  readonly key?: string
  readonly name?: string
  readonly fresh?: true
  readonly thirdParty?: true
  readonly watch?: true
  readonly json?: true
}

const DEFAULT_FILE = 'fingerprints.idx'
/** How often progress is written. */
const PROGRESS_BLOBS = 500

export function addIndex(program: Command, context: Context): void {
  const command = program
    .command('index')
    .description('take fingerprints of your own repositories, so that Weir knows them in an upload')
    .argument('<PATH...>', 'repositories (working trees or bare ones), and folders without git')
    .option('--out <FILE>', `the index; what it has is kept (default: ${DEFAULT_FILE} in the data folder)`)
    .option('--key <FILE>', 'its secret key, made if it is not there (default: beside the index)')
    .option('--name <NAME>', 'what the one PATH is called (default: HOST/OWNER/REPO of its remote `origin`)')
    .option('--fresh', 'begin with an empty index, in place of the one that is there')
    .option('--third-party', 'index folders such as node_modules and vendor too')
    .option('--watch', 'stay, and index again what changes')
    .option('--json', 'print one JSON document for each time')
    .action((paths: string[], flags: IndexFlags) => takeFingerprints(context, paths, flags))
  addSettingOptions(command, ['data'])
  command.addHelpText('after', NOTES)
  addExamples(command, [
    ['weir index ../app ../library', 'two working trees, with all of their history'],
    ['weir index --watch /srv/git/app.git', 'a bare repository, and each push to it'],
    ['weir index --name github.com/acme/app .', 'with a name of its own'],
  ])
}

const NOTES = `
No content is kept: of each blob its id and a few fingerprints, as hashes that need the key. Keep the key secret, and give both
files to the machine that runs Weir. What is public is left out: licences, lock files in parts, folders of third parties.
Exit status 1 says that something could not be read; all else is in the index.`

interface Order {
  readonly file: string
  readonly keys: FingerprintKeys
  readonly key: Uint8Array
  readonly thirdParty: boolean
  readonly isJson: boolean
}

/** What a pass begins with: what the file has, and what the file was then. */
interface Stored {
  readonly index: FingerprintIndex | null
  readonly state: string
}

async function takeFingerprints(context: Context, paths: readonly string[], flags: IndexFlags): Promise<void> {
  const { out, key: keyFile, name, fresh, thirdParty, watch, json, ...settingFlags } = flags
  if (name !== undefined && paths.length > 1) throw new UsageError('--name is for one PATH')
  const { data } = await loadSettings(context, settingFlags)
  const file = out ?? join(data, DEFAULT_FILE)
  const find = async (): Promise<readonly Target[]> =>
    (await Promise.all(paths.map((path) => findTargets(path, name)))).flat()
  const targets = await find()
  const key = await openKey(keyFile ?? keyFileOf(file))
  const order = { file, key, keys: deriveKeys(key), thirdParty: thirdParty === true, isJson: json === true }
  const stored = fresh === true ? { index: null, state: await stateOf(file) } : await openIndex(file, key)
  // Before the pass: what changes while it goes on is seen by the next look.
  const state = watch === true ? await stateOfTargets(targets) : ''
  const first = await pass(context, targets, stored, order)
  context.finish(first.isGood ? 0 : 1)
  if (watch === true) await stay(context, find, state, first.stored, order)
}

async function stay(
  context: Context,
  find: () => Promise<readonly Target[]>,
  begun: string,
  stored: Stored,
  order: Order,
): Promise<void> {
  const enough = new AbortController()
  const onSignal = (): void => enough.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    let present = stored
    let state: string | null = begun
    for (;;) {
      state = await waitForChange(find, state, enough.signal)
      if (state === null) return
      const next = await pass(context, await find(), present, order)
      context.finish(next.isGood ? 0 : 1)
      present = next.stored
    }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function pass(
  context: Context,
  targets: readonly Target[],
  stored: Stored,
  order: Order,
): Promise<{ readonly stored: Stored; readonly isGood: boolean }> {
  const { builder, repositories } = await indexTargets(targets, {
    keys: order.keys,
    base: stored.index,
    thirdParty: order.thirdParty,
    progress: (name, blobs) => {
      if (context.err.colours && blobs % PROGRESS_BLOBS === 0) {
        context.err.write(`\r\u001b[K${printable(name)}: ${counted(blobs, 'blob')}`)
      }
    },
  })
  if (context.err.colours) context.err.write('\r\u001b[K')
  const isNew = stored.index === null || repositories.some(({ added }) => added > 0)
  const next = isNew ? await replace(builder.encode(), stored, order) : stored
  write(context, next, repositories, order)
  return { stored: next, isGood: repositories.every(({ missing, unreadable }) => missing + unreadable === 0) }
}

async function replace(bytes: Uint8Array, { state }: Stored, { file, key }: Order): Promise<Stored> {
  // What cannot be read again is never put in the place of what could.
  const index = loadFingerprints(bytes, key)
  if ('problem' in index) throw new CommandError(`${file}: the new index ${index.problem}`)
  return { index, state: await replaceIndex(file, bytes, state) }
}

function write(context: Context, { index }: Stored, repositories: readonly Indexed[], { file, isJson }: Order): void {
  const { out } = context
  const facts = {
    bytes: index?.bytes ?? 0,
    objects: index?.objectCount ?? 0,
    fingerprints: index?.gramCount ?? 0,
  }
  if (isJson) {
    writeJson(out, { file, ...facts, repositories })
    return
  }
  for (const { name, added, known, ...passed } of repositories) {
    writeLine(out, `${printable(name)}: ${counted(added, 'blob')} added, ${known} known`)
    const words = Object.entries(passed).flatMap(([why, count]) =>
      count === 0 ? [] : [`${count} ${WORDS[why] ?? why}`],
    )
    if (words.length > 0) writeLine(out, `  left out: ${words.join(', ')}`)
    const unread = passed.missing + passed.unreadable
    if (unread > 0) writeLine(out, paint(out, 'yellow', `  ${counted(unread, 'blob')} could not be read`))
  }
  const { bytes, objects, fingerprints } = facts
  writeLine(
    out,
    `${file}: ${formatSize(bytes)}, ${counted(objects, 'object')}, ${counted(fingerprints, 'fingerprint')}`,
  )
}

const WORDS: Readonly<Record<string, string>> = {
  trivial: 'small or the same everywhere',
  thirdParty: 'of third parties',
  missing: 'that the repository does not have',
  unreadable: 'that cannot be read',
}
