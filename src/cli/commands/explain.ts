/** `weir explain`: what became of a flow that was, or the verdict on one in words, the rule that gave it, and rule by rule why not. */
import type { Command } from 'commander'
import type { Denial, Verdict } from '../../flow/verdict.ts'
import { authorityOf } from '../../net/destination.ts'
import type { CompiledPolicy } from '../../policy/compiled.ts'
import { type Explanation, explain } from '../../policy/explain.ts'
import { inspectionNeeds, isOpenedForTenants } from '../../policy/inspection.ts'
import { holdToLimits, wordsOfLimit } from '../../policy/limit-words.ts'
import { needsUser } from '../../policy/needs-user.ts'
import { tenantFieldsFor } from '../../policy/tenants.ts'
import type { Field } from '../../wire/fields.ts'
import { addExamples } from '../examples.ts'
import { type EventOptions, explainEvent } from '../explain-event.ts'
import { loadPolicy } from '../load-policy.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { ask, type Question, type QuestionOptions } from '../question.ts'
import { lineOfRule, reasonsOf, widthOf } from '../rule-reasons.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, paint, UsageError, writeJson, writeLine } from '../terminal.ts'

type FlowOptions = QuestionOptions & Pick<SettingsFlags, 'config' | 'policy' | 'inspection'> & { json?: true }
type ExplainOptions = EventOptions & Omit<FlowOptions, 'url'> & { readonly url?: string }

export function addExplain(program: Command, context: Context): void {
  const command = program
    .command('explain')
    .description(
      'what became of a flow and what was found in it; or what the policy says to one, and why, rule by rule',
    )
    .argument('[EVENT-ID]', 'of a flow that was, from its refusal or its record')
    .option(
      '--record <FILE>',
      'the saved record to look the event up in, `-` for standard input; else a running Weir is asked',
    )
    .option('--url <URL>', 'of a flow in words: where to; without a scheme https:// is meant')
    .option('--client <ADDR>', 'from where (default: 127.0.0.1)')
    .option('--user <USER>', 'who, by proven credentials (default: a client that gives none)')
    .option('--method <METHOD>', 'request method (default: GET, for a push POST)')
    .option('--operation <OP>', 'what it does; left out, method and URL tell')
    .option('--repository <REPO>', 'where data lands, as HOST/OWNER/REPO; left out, the URL tells')
    .option('--ref <REF>', 'a branch by its name, or a whole ref, that a push updates')
    .option('--size <SIZE>', 'how much is uploaded, such as `20 MB`, held against limits and whole budgets')
    .option('--sent <SIZE>', 'how much goes out in all: URL, fields and body')
    .option('--visibility <WORD>', 'who can read the repository in the end: public, internal or private')
    .option('--ci-files', 'files are written that the forge runs')
    .option('--content <YAML>', 'what is in it, as cases say it, such as `{secrets: private-key}`')
    .option('--at <TIME>', 'when, such as 2026-12-31T18:00Z (default: now)')
    .option('--address <ADDR>', 'the address that the name resolves to; nothing is resolved here')
    .option('--json', 'print one JSON document')
    .action((id: string | undefined, options: ExplainOptions) => {
      const { url } = options
      refuseStray(command, id !== undefined)
      if (id !== undefined) return explainEvent(context, id, options)
      if (url === undefined) throw new UsageError('name an event id, or describe a flow with --url')
      return answer(context, { ...options, url })
    })
  addSettingOptions(command, ['policy', 'inspection', 'data'])
  addExamples(command, [
    ['weir explain m3ng8ce6h1dec', 'why was this refused, and what was found where? Asks the running Weir'],
    ['weir explain m3ng8ce6h1dec --record weir.jsonl', 'the same, from what it wrote on standard output'],
    ['weir explain --url https://github.com/acme/widgets --operation git-push --ref main', 'may this be pushed?'],
    [
      'weir explain --client 10.30.0.7 --method PUT --url https://api.github.com/repos/mallory/stolen/contents/a',
      'and by the API?',
    ],
  ])
}

const ABOUT_EVENTS: ReadonlySet<string> = new Set(['record', 'data'])
const ABOUT_BOTH: ReadonlySet<string> = new Set(['json', 'config'])

/** Throws a UsageError where an event is asked about in words that describe a flow, or the other way round. */
function refuseStray(command: Command, hasId: boolean): void {
  const given = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  if (hasId && given('url')) throw new UsageError('an event id and --url are two questions: ask one of them')
  const stray = command.options.filter((option) => {
    const name = option.attributeName()
    return given(name) && !ABOUT_BOTH.has(name) && ABOUT_EVENTS.has(name) !== hasId
  })
  if (stray.length > 0) {
    const flags = stray.map(({ long }) => long ?? '').join(', ')
    throw new UsageError(`${flags}: only ${hasId ? 'of a flow in words, with --url' : 'of an event id'}`)
  }
  if (given('record') && given('data')) {
    throw new UsageError('--record reads what was saved, --data asks a running weir: name one of them')
  }
}

async function answer(context: Context, options: FlowOptions): Promise<void> {
  const { config, policy: file, inspection, json, ...described } = options
  const settings = await loadSettings(context, {
    ...(config === undefined ? {} : { config }),
    ...(file === undefined ? {} : { policy: file }),
    ...(inspection === undefined ? {} : { inspection }),
  })
  const { policy, problems, texts } = await loadPolicy(settings.policy, settings.inspection)
  writeProblems(context.err, problems, texts)
  if (policy === null) throw new CommandError('the policy does not load')
  const question = ask(policy, described, Date.now())
  const { rules, verdict } = explain(policy, question.subject)
  const upload = question.seen === 'request' ? 'request' : 'tunnel'
  const explained: Explained = {
    rules,
    verdict: holdToLimits(verdict, question, upload),
    asksWho: needsUser(policy, question.first),
    openedFor: openedForOf(policy, question),
    ...tenantsOf(policy, question),
  }
  if (json === true) writeJson(context.out, toJson(question, explained))
  else writeAnswer(context, question, explained)
}

interface Explained extends Explanation {
  /** The client is asked for its credentials first: the verdict is what one without any would get. */
  readonly asksWho: boolean
  readonly openedFor: string | null
  /** What is set in the request, in the place of anything that the client says. */
  readonly tenantHeaders: readonly Field[]
  /** No rule needs the inside, and TLS is opened all the same. */
  readonly openedForTenants: boolean
}

/** The rule for which TLS is opened to see the request; null in the clear, or where the inspection mode opens it. */
function openedForOf(policy: CompiledPolicy, { seen, subject, destination, secure }: Question): string | null {
  return seen === 'request' && secure ? inspectionNeeds(policy, destination, subject.client, subject.at) : null
}

function tenantsOf(
  policy: CompiledPolicy,
  { seen, subject, destination, secure }: Question,
): Pick<Explained, 'tenantHeaders' | 'openedForTenants'> {
  if (seen !== 'request') return { tenantHeaders: [], openedForTenants: false }
  const tenantHeaders = tenantFieldsFor(policy, subject.client, destination)
  return { tenantHeaders, openedForTenants: secure && isOpenedForTenants(policy, destination, subject.client) }
}

function toJson(question: Question, { verdict, asksWho, rules, openedFor, tenantHeaders }: Explained): object {
  const { subject, destination, service, category, route, seen, size } = question
  return {
    verdict,
    client: subject.client.address.text,
    user: subject.client.user,
    asksWho,
    destination: authorityOf(destination),
    service,
    category,
    route,
    operation: operationOf(question),
    repository: subject.repository.state === 'known' ? subject.repository.value : null,
    ref: subject.ref.state === 'known' ? subject.ref.value.name : null,
    size,
    at: new Date(subject.at).toISOString(),
    seen,
    openedFor,
    tenantHeaders,
    rules,
  }
}

function writeAnswer(context: Context, question: Question, explained: Explained): void {
  const { verdict, asksWho, rules, tenantHeaders } = explained
  const write = (text: string): void => writeLine(context.out, text)
  if (asksWho) write(`${paint(context.out, 'yellow', 'asked for credentials')} (407): the answer depends on the user`)
  write(`${asksWho ? 'without them: ' : ''}${headline(context, verdict)}`)
  write(`  ${describe(question)}`)
  write(`  ${SEEN[question.seen]}${openedBy(explained)}`)
  for (const line of serviceLines(question)) write(`  ${line}`)
  for (const { name, value } of tenantHeaders) write(`  sets ${name}: ${value}`)
  for (const report of verdict.action === 'undecided' ? [] : verdict.wouldDeny) {
    write(`  rule ${report.rule} only reports; it would refuse: ${report.message}`)
  }
  write('')
  const width = widthOf(rules)
  for (const rule of rules) {
    write(paint(context.out, rule.decides ? 'bold' : rule.reached ? 'reset' : 'dim', lineOfRule(rule, width)))
    for (const why of reasonsOf(rule)) write(`      ${why}`)
  }
}

/** What the catalogue, and the policy's own `services`, know of it. */
function serviceLines({ service, category, route }: Question): readonly string[] {
  if (service === null) return []
  return [`service ${service}, of category ${category ?? ''}`, ...(route === null ? [] : [`by the row ${route}`])]
}

function openedBy({ openedFor, openedForTenants }: Explained): string {
  if (openedFor !== null) return `; TLS is opened for rule ${openedFor}`
  return openedForTenants ? '; TLS is opened for `tenants`' : ''
}

function headline(context: Context, verdict: Verdict): string {
  switch (verdict.action) {
    case 'allow': {
      const limits = verdict.limits.length === 0 ? '' : `, within ${verdict.limits.map(wordsOfLimit).join(' and ')}`
      return `${paint(context.out, 'green', 'allow')}, by ${ruleOf(verdict.rule)}${limits}`
    }
    case 'deny':
      return `${paint(context.out, 'red', 'deny')}, by ${groundOf(verdict.denial)}: ${verdict.denial.message}`
    case 'undecided':
      return `${paint(context.out, 'yellow', 'not decided')}: ${ruleOf(verdict.rule)} depends on the ${verdict.needs.join(' and the ')}, which you did not name`
    default:
      return verdict satisfies never
  }
}

function groundOf({ code, rule }: Denial): string {
  return code === 'tenant-unset' ? '`tenants`' : ruleOf(rule)
}

function ruleOf(rule: string | null): string {
  return rule === null ? 'the default' : `rule ${rule}`
}

function describe(question: Question): string {
  const { subject, destination, service } = question
  const { repository, ref } = subject
  const parts = [
    operationOf(question),
    repository.state === 'known' ? `on ${repository.value}` : '',
    ref.state === 'known' ? `(${ref.value.name})` : '',
    `at ${authorityOf(destination)}`,
    service === null ? '' : `(${service})`,
    `from ${subject.client.address.text}`,
    subject.client.user === null ? '' : `as ${subject.client.user}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function operationOf({ subject: { operation } }: Question): string {
  return 'operation' in operation ? operation.operation : operation.state
}

const SEEN: Readonly<Record<Question['seen'], string>> = {
  request: 'judged as a request',
  tunnel: 'judged as TLS that stays closed: no rule needs what is inside, or it is never opened',
  opaque: 'judged from outside: its inside is never read',
}
