/** Large policies and host lists, the same for the same seed: what a big organisation's would look like, in size and mixture. */

export interface LargePolicy {
  /** YAML. */
  readonly text: string
  /** List files by the name that the policy spells. */
  readonly lists: ReadonlyMap<string, string>
}

/** `rules` rules, and `hosts` host names in all in the files `list-0.txt` and so on. */
export function largePolicy(rules: number, hosts: number, seed = 1): LargePolicy {
  const pick = pickerOf(seed)
  const names = hosts === 0 ? [] : Array.from({ length: LISTS }, (_, at) => `list-${at}`)
  const text = [
    'version: 1',
    'default: deny',
    'groups:',
    ...Array.from({ length: GROUPS }, (_, at) => `  group-${at}: { networks: [10.${at}.0.0/16, 192.168.${at}.0/24] }`),
    'repositories:',
    ...Array.from({ length: SETS }, (_, at) => `  set-${at}: [github.com/org-${at}/*, gitlab.com/org-${at}/**]`),
    ...(names.length === 0 ? [] : ['lists:', ...names.map((name) => `  ${name}: { file: ${name}.txt }`)]),
    'budgets:',
    '  upload: { per: request, size: 50 MB }',
    'rules:',
    ...Array.from({ length: rules }, (_, at) => ruleText(at, names, pick)),
    '',
  ].join('\n')
  const share = Math.floor(hosts / LISTS)
  const sizes = names.map((_, at) => (at === 0 ? hosts - share * (LISTS - 1) : share))
  return { text, lists: new Map(names.map((name, at) => [`${name}.txt`, listText(sizes[at] ?? 0, at)])) }
}

const LISTS = 4
const GROUPS = 50
const SETS = 40

type Pick = (below: number) => number

function ruleText(at: number, lists: readonly string[], pick: Pick): string {
  const from = `from: [group-${pick(GROUPS)}]`
  const host = (): string => `svc-${pick(20_000)}.dept-${pick(300)}.example`
  const shapes: readonly (() => string)[] = [
    () => `${from}, to: { hosts: [${host()}, ${host()}, "*.${host()}"] }, action: allow`,
    () =>
      `${from}, to: { hosts: ["*.team-${pick(5_000)}.example"], ports: [443, 8443] }, operations: [read, write], action: allow`,
    () =>
      `to: { hosts: [${host()}, ${host()}] }, operations: [write, admin], action: deny, message: "Ask team ${pick(99)}."`,
    () =>
      `${from}, to: { repositories: [github.com/org-${pick(900)}/repo-${pick(900)}] }, operations: [git-push, lfs-upload], limits: [{ budget: upload }], action: allow`,
    () =>
      `${from}, to: { repositories: [set-${pick(SETS)}] }, operations: [write], limits: [{ per: request, size: ${1 + pick(50)} MB }], action: allow`,
    () =>
      `to: { repositories: [github.com/org-${pick(900)}/*] }, when: { refs: [main, release/*] }, operations: [git-push], action: deny`,
    () =>
      `${from}, to: { hosts: [${host()}] }, except: { hosts: [${host()}] }, when: { methods: [GET, HEAD] }, action: allow`,
    () => `to: { hosts: [${host()}] }, until: 2030-12-31T18:00Z, mode: report, action: deny`,
    () =>
      `${from}, to: { hosts: ["*.${host()}"] }, hours: { days: mon-fri, from: "07:00", to: "20:00", zone: Europe/Zurich }, action: allow`,
    () => listRule(from, lists, pick, host),
  ]
  return `  - { name: rule-${at}, ${shapes[pick(shapes.length)]?.() ?? ''} }`
}

/** Few rules name a list that everybody is in; most of those that could are about one more host. */
function listRule(from: string, lists: readonly string[], pick: Pick, host: () => string): string {
  const list = pick(20) === 0 ? lists[pick(lists.length)] : undefined
  return list === undefined
    ? `${from}, to: { hosts: [${host()}], ports: [443] }, action: allow`
    : `${from}, to: { lists: [${list}] }, operations: [read], action: allow`
}

function listText(size: number, list: number): string {
  const lines = Array.from({ length: size }, (_, at) => listedPattern(list, at))
  return `# List ${list}.\n${lines.join('\n')}\n`
}

function listedPattern(list: number, at: number): string {
  const shapes = [`*.cdn-${at}.net-${list}.example`, `www.site-${list}-${at}.example`, `h${at}-${list}.listed.example`]
  return shapes[Math.min(2, at % 4)] ?? ''
}

/** Whole numbers below a bound, by the generator mulberry32. */
function pickerOf(seed: number): Pick {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
