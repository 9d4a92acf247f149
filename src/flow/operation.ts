/** The vocabulary of operations: what a flow does at its service, whatever the channel. */

export const FAMILIES = {
  read: ['git-fetch', 'api-read', 'web-read', 'download', 'lock-check'],
  'sign-in': ['sign-in'],
  telemetry: ['telemetry'],
  write: [
    'git-push',
    'lfs-upload',
    'file-write',
    'ref-write',
    'gist-write',
    'release-upload',
    'package-publish',
    'issue-write',
    'metadata-write',
    'artifact-upload',
    'file-upload',
    'paste',
    'webhook-post',
    'ai-prompt',
    'unknown-write',
  ],
  admin: [
    'repo-create',
    'repo-delete',
    'repo-fork',
    'repo-visibility',
    'repo-transfer',
    'access-write',
    'settings-write',
    'key-add',
    'hook-add',
    'secret-write',
    'ci-run',
    'account-write',
    'compute-admin',
  ],
  opaque: ['tunnel', 'ssh', 'unknown-protocol', 'upgrade'],
} as const

export type Family = keyof typeof FAMILIES
export type Operation = (typeof FAMILIES)[Family][number]

/** Operations that are seen from outside: no request of theirs is ever read. */
export type OpaqueOperation = (typeof FAMILIES)['opaque'][number]

export const OPERATIONS: readonly Operation[] = Object.values(FAMILIES).flat()

/** The names a policy may write: a family, or one operation. */
export const OPERATION_NAMES: readonly (Family | Operation)[] = [
  ...new Set([...(Object.keys(FAMILIES) as Family[]), ...OPERATIONS]),
]

export function isOperation(name: string): name is Operation {
  return (OPERATIONS as readonly string[]).includes(name)
}

export function isFamily(name: string): name is Family {
  return Object.hasOwn(FAMILIES, name)
}

export function familyOf(operation: Operation): Family {
  for (const family of Object.keys(FAMILIES) as Family[]) {
    if ((FAMILIES[family] as readonly string[]).includes(operation)) return family
  }
  throw new Error(`no family has ${operation}`)
}

/** Families and operations as one set of operations. */
export function expandOperations(names: readonly (Family | Operation)[]): ReadonlySet<Operation> {
  return new Set(names.flatMap((name): readonly Operation[] => (isFamily(name) ? FAMILIES[name] : [name])))
}
