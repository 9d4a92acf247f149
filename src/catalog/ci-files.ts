/** Files that a forge or a build server runs when they are pushed. */

const FOLDERS: readonly RegExp[] = [
  /^\.(?:github|gitea|forgejo|gitlab)\/(?:workflows|actions|ci)\//,
  /^\.(?:circleci|buildkite|woodpecker|drone|azure-pipelines|teamcity|semaphore|tekton|harness)\//,
]

const NAMES: ReadonlySet<string> = new Set([
  '.gitlab-ci.yml',
  '.gitlab-ci.yaml',
  '.travis.yml',
  '.drone.yml',
  '.woodpecker.yml',
  '.woodpecker.yaml',
  '.cirrus.yml',
  '.appveyor.yml',
  'appveyor.yml',
  'azure-pipelines.yml',
  'azure-pipelines.yaml',
  'bitbucket-pipelines.yml',
  'cloudbuild.yaml',
  'cloudbuild.yml',
  'buildspec.yml',
  'action.yml',
  'action.yaml',
  'jenkinsfile',
])

/** `path` from the root of the repository, in which escapes may be left. Case is ignored: some checkouts ignore it too. */
export function isCiFile(path: string): boolean {
  const plain = decode(path)
    .replaceAll('\\', '/')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/')
    .toLowerCase()
  // A path that climbs may end anywhere.
  if (plain.split('/').includes('..')) return true
  return FOLDERS.some((folder) => folder.test(plain)) || NAMES.has(plain.slice(plain.lastIndexOf('/') + 1))
}

function decode(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
