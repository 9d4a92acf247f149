/** `node test/bench/policy.ts`: what policies of 1 to 10,000 rules cost at each decision, and a large one while it is loaded. */
import assert from 'node:assert'
import { decide } from '../../src/policy/decide.ts'
import { inspectionNeeds } from '../../src/policy/inspection.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { largePolicy } from '../policy/large.ts'
import { loadText } from '../policy/load.ts'
import { subject } from '../policy/subjects.ts'
import { measureLoads } from './policy-cost.ts'

const SIZES = [1, 100, 1_000, 10_000]
const ROUNDS = 20_000

const UNSEEN = { repository: 'unseen', method: 'unseen', ref: 'unseen', operation: { state: 'unseen' } } as const
const PUSH = { to: 'github.com:443', operation: 'git-push', method: 'POST' } as const
const MAIN = { name: 'refs/heads/main', kind: 'update' } as const

/** Each asks something else every time, as whoever wants to fill caches would. */
const QUESTIONS: Readonly<Record<string, (policy: CompiledPolicy, at: number) => unknown>> = {
  'CONNECT to a host that no rule names': (policy, at) =>
    decide(policy, subject({ to: `nobody-${at}.example:443`, ...UNSEEN })),
  'request to a host that rules name': (policy, at) =>
    decide(policy, subject({ to: `svc-${at}.dept-${at % 300}.example:443`, operation: 'web-read', method: 'GET' })),
  'CONNECT to github.com': (policy) => decide(policy, subject({ to: 'github.com:443', ...UNSEEN })),
  'push to some repository': (policy, at) =>
    decide(policy, subject({ ...PUSH, repository: `github.com/org-${at % 900}/repo-${at}`, ref: MAIN })),
  'is TLS to github.com opened': (policy) => inspectionNeeds(policy, subject({ to: 'github.com:443' }).destination),
}

function microsecondsOf(ask: (at: number) => unknown): number {
  for (let at = 0; at < ROUNDS / 10; at++) ask(at)
  const start = process.cpuUsage()
  for (let at = 0; at < ROUNDS; at++) ask(at)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / ROUNDS
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

print(`microseconds of processor time a decision, with ${SIZES.join(', ')} rules`)
const policies = SIZES.map((size) => loadText(largePolicy(size, 0).text).policy)
for (const [name, ask] of Object.entries(QUESTIONS)) {
  const figures = policies.map((policy) =>
    microsecondsOf((at) => ask(policy, at))
      .toFixed(1)
      .padStart(7),
  )
  print(`${name.padEnd(40)}${figures.join('')}`)
}

print('10,000 rules and 1,000,000 hosts beside a running Weir; milliseconds')
for (const [at, { wallMs, residentBytes, loop, names }] of (await measureLoads(10_000, 1_000_000)).entries()) {
  assert(names > 1_000_000)
  const { delay, turn } = loop
  const delays = [delay.p50, delay.p99, delay.p999, delay.max].map((ms) => ms.toFixed(1)).join(', ')
  print(
    `load ${at}: ${wallMs.toFixed(0)} in all; event-loop delay p50, p99, p99.9, max: ${delays}; ` +
      `processor time in one turn p99.9, max: ${turn.p999.toFixed(1)}, ${turn.max.toFixed(1)}; ` +
      `${(residentBytes / 1e6).toFixed(0)} MB resident`,
  )
}
