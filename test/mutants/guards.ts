/**
 * The guard files, each with the unit tests that must notice when it is changed: quick ones, for each change costs a run of
 * them. What the properties of `test/policy/properties.test.ts` would notice as well, a named case beside the rule must say.
 */

export interface GuardFile {
  readonly file: string
  readonly tests: readonly string[]
}

export const GUARD_FILES: readonly GuardFile[] = [
  ...inFolder('net', { address: [], destination: ['net/host'], host: [] }),
  ...inFolder('wire', {
    'client-hello': ['wire/first-bytes'],
    'fetch-budget': ['wire/fetch-request'],
    'fetch-lines': ['wire/fetch-request'],
    'fetch-request': [],
    fields: [],
    'first-bytes': [],
    'http2-head': [],
    json: [],
    'lfs-locks': [],
    'mega-commands': ['catalog/services/mega'],
    'pack-header': [],
    'pkt-line': [],
    'pkt-line-reader': ['wire/fetch-request'],
    'proxy-authorization': [],
    'push-certificate': ['wire/push-request'],
    'push-head': ['wire/push-request', 'wire/push-certificate'],
    'push-request': [],
    'ref-name': [],
    'request-head': [],
    'request-target': [],
    'response-head': [],
    'websocket-frames': [],
    'websocket-handshake': [],
  }),
  ...inFolder('catalog', {
    'git-shape': [],
    'mega-commands': ['catalog/services/mega'],
    path: ['catalog/attack-paths', 'catalog/classify'],
    'push-likeness': ['catalog/attack-paths'],
    'repository-name': [],
  }),
  ...inFolder('policy', {
    decide: ['policy/cases', 'policy/inspection', 'policy/tenants', 'policy/until-apart'],
    'limit-words': [],
    'needs-user': ['policy/until-apart', 'policy/tenants'],
    tenants: ['policy/cases', 'policy/compile-tenants', 'proxy/tenants'],
    value: ['policy/cases', 'policy/decide', 'policy/inspection'],
    walk: ['policy/cases', 'policy/decide', 'policy/inspection'],
  }),
  ...inFolder('proxy', {
    budget: [],
    clients: [],
    credentials: [],
    dial: [],
    gate: [],
    'http2-limits': [],
    judge: [],
    preflight: [],
    readings: ['proxy/stated-read', 'proxy/preflight'],
    request: [],
    'stated-read': [],
    tenants: [],
    'upload-meter': [],
  }),
  ...inFolder('tls', { 'name-constraints': [], proof: [] }),
]

/** By the name of a file in `src/FOLDER/`: the tests beside the one that mirrors it. */
function inFolder(folder: string, files: Readonly<Record<string, readonly string[]>>): readonly GuardFile[] {
  return Object.entries(files).map(([name, also]) => ({
    file: `src/${folder}/${name}.ts`,
    tests: [`${folder}/${name}`, ...also].map((test) => `test/${test}.test.ts`),
  }))
}
