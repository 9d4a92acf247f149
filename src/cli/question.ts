/** What `weir explain` is asked about, from words to the subject that a policy judges. */
import { foldsCase, type Service, serviceOf } from '../catalog/catalog.ts'
import { isCiFile } from '../catalog/ci-files.ts'
import { partOf } from '../catalog/part.ts'
import { pathFact } from '../catalog/path.ts'
import { nameRepository } from '../catalog/repository-name.ts'
import type { Category } from '../catalog/vocabulary.ts'
import { ABSENT, type Fact, known, NEVER, UNSEEN } from '../flow/fact.ts'
import { isOperation, OPERATIONS, type Operation } from '../flow/operation.ts'
import {
  insideFacts,
  type OperationFact,
  type RefUpdate,
  type Repository,
  type Subject,
  VISIBILITIES,
  type Visibility,
} from '../flow/subject.ts'
import { type Address, parseAddress } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { parseHost } from '../net/host.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import { decide } from '../policy/decide.ts'
import { type ContentInput, contentSaid, contentSchema } from '../policy/content-said.ts'
import { insideOf, inspectionOf, tunnelTo } from '../policy/inspection.ts'
import { classifyRequest, parseRequestUrl, type RequestUrl } from '../policy/request-url.ts'
import { userSchema } from '../policy/schema-values.ts'
import { parseInstant } from '../policy/time.ts'
import { parseSize } from '../text/quantity.ts'
import { suggestion } from '../text/suggest.ts'
import { parseYaml } from '../text/yaml.ts'
import { UsageError } from './terminal.ts'

export interface QuestionOptions {
  readonly client?: string
  readonly user?: string
  readonly address?: string
  readonly method?: string
  readonly url: string
  readonly operation?: string
  readonly repository?: string
  readonly ref?: string
  readonly visibility?: string
  readonly ciFiles?: boolean
  readonly content?: string
  readonly sent?: string
  readonly size?: string
  readonly at?: string
}

export interface Question {
  readonly subject: Subject
  /** What is seen of it when a client without credentials may be asked for some: the CONNECT, or a plain request. */
  readonly first: Subject
  readonly service: string | null
  readonly category: Category | null
  /** The template of the row that says what it does; null where none matched, or where `--operation` says it. */
  readonly route: string | null
  readonly destination: Destination
  /** Bytes of upload; null where none is asked about. */
  readonly size: number | null
  /** Bytes that go out in all; null where none is asked about. */
  readonly sentBytes: number | null
  /**
   * How far Weir sees: `request` is read in the clear or in opened TLS, `tunnel` is TLS that stays closed because nothing
   * inside it can matter or because it is never opened, `opaque` another protocol.
   */
  readonly seen: 'request' | 'tunnel' | 'opaque'
  /** TLS is spoken there. */
  readonly secure: boolean
}

/** Throws a UsageError for what cannot be understood. `now` in milliseconds since the epoch. */
export function ask(policy: CompiledPolicy, options: QuestionOptions, now: number): Question {
  const url = readUrl(options.url)
  const { destination, secure } = url
  const user = options.user === undefined ? null : readUser(options.user)
  const client = { address: readAddress('--client', options.client ?? '127.0.0.1'), user }
  const at = options.at === undefined ? now : readInstant(options.at)
  const size = options.size === undefined ? null : readSize(options.size)
  const sentBytes = options.sent === undefined ? null : readSize(options.sent, '--sent')
  const visibility = options.visibility === undefined ? null : readVisibility(options.visibility)
  const asked = options.operation === undefined ? (BY_SCHEME[url.scheme] ?? null) : readOperation(options.operation)
  const named = options.repository === undefined ? null : readRepository(policy, options.repository)
  const outer = { ...tunnelTo(destination, insideOf(policy, destination), client, at), ...dialled(options) }
  const connect: Subject = { ...tunnelTo(destination, 'unseen', client, at), operation: { state: 'unseen' } }
  const base = {
    first: connect,
    destination,
    size,
    sentBytes,
    secure,
    ...aboutService(destination.host === null ? null : serviceOf(policy.catalog, destination.host)),
  }
  if (asked === 'ssh' || asked === 'unknown-protocol' || asked === 'upgrade') {
    const operation: OperationFact = { state: 'opaque', operation: asked }
    const subject = { ...outer, operation, ...insideFacts(NEVER) }
    // Of an upgrade the line is read, and nothing of what is said behind it.
    const line = { method: known('GET'), path: pathFact(url.target) }
    return { ...base, subject: asked === 'upgrade' ? { ...subject, ...line } : subject, seen: 'opaque' }
  }
  if (asked === 'tunnel' || (secure && staysClosed(policy, outer))) {
    return { ...base, subject: outer, seen: 'tunnel' }
  }
  const method = (options.method ?? defaultMethod(asked)).toUpperCase()
  const classification = classifyRequest(policy, url, method, size)
  const operation: Inner = asked ?? classification.operation
  const files = classification.file === null ? {} : { ciFiles: known(isCiFile(classification.file)) }
  const part = partOf(operation, named ?? classification.repository, files)
  const subject: Subject = {
    ...outer,
    operation: { state: 'known', operation },
    repository: part.repository,
    method: known(method),
    path: pathFact(url.target),
    ref: readRef(options.ref, operation),
    visibility: visibility ?? part.visibility,
    ciFiles: options.ciFiles === true ? known(true) : part.ciFiles,
    size: size === null ? UNSEEN : known(size),
    sentBytes: sentBytes === null ? UNSEEN : known(sentBytes),
    ...contentSaid(readContent(options.content), operation, method),
  }
  return {
    ...base,
    subject,
    first: secure ? connect : { ...subject, address: connect.address },
    ...aboutService(classification.service),
    route: asked === null ? classification.route : null,
    seen: 'request',
  }
}

function aboutService(service: Service | null): Pick<Question, 'service' | 'category' | 'route'> {
  return { service: service?.id ?? null, category: service?.category ?? null, route: null }
}

type Inner = Exclude<Operation, 'tunnel' | 'ssh' | 'unknown-protocol' | 'upgrade'>

/** Whether TLS to there is judged as it is, unopened: the rules need nothing of its inside, or it is never opened. */
function staysClosed(policy: CompiledPolicy, tunnel: Subject): boolean {
  if (inspectionOf(policy, tunnel.destination) === 'always') return false
  const verdict = decide(policy, tunnel)
  return verdict.action !== 'undecided' || verdict.needs.every((fact) => fact === 'address')
}

function readUrl(text: string): RequestUrl {
  const url = parseRequestUrl(text)
  if (url !== null) return url
  throw new UsageError(`--url ${text}: is no address such as https://github.com/acme/widgets`)
}

/** In the words of a case, as YAML: `{types: application/zip, secrets: private-key}`. */
function readContent(text: string | undefined): ContentInput | undefined {
  if (text === undefined) return undefined
  const { source, problems } = parseYaml(text, '--content')
  if (source === null) throw new UsageError(`--content: ${problems[0]?.message ?? 'cannot be read'}`)
  const read = contentSchema.safeParse(source.value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`--content ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`)
}

/** What these schemes say that is spoken: nothing that Weir reads. */
const BY_SCHEME: Partial<Readonly<Record<RequestUrl['scheme'], Operation>>> = { ssh: 'ssh', git: 'unknown-protocol' }

function dialled({ address }: QuestionOptions): { address?: Fact<Address> } {
  return address === undefined ? {} : { address: known(readAddress('--address', address)) }
}

function defaultMethod(asked: Operation | null): string {
  return asked === 'git-push' ? 'POST' : 'GET'
}

function readAddress(flag: string, text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new UsageError(`${flag} ${text}: is no IP address`)
  return address
}

function readUser(text: string): string {
  if (userSchema.safeParse(text).success) return text
  throw new UsageError(`--user ${text}: is no name of a user`)
}

function readInstant(text: string): number {
  const at = parseInstant(text)
  if (at === null) throw new UsageError(`--at ${text}: is no instant with its zone, such as 2026-12-31T18:00Z`)
  return at
}

function readVisibility(text: string): Fact<Visibility> {
  const visibility = VISIBILITIES.find((word) => word === text)
  if (visibility !== undefined) return known(visibility)
  throw new UsageError(`--visibility ${text}: is none of ${VISIBILITIES.join(', ')}`)
}

function readSize(text: string, option = '--size'): number {
  const size = parseSize(text)
  if (size === null) throw new UsageError(`${option} ${text}: is no size such as 50 MB`)
  return size
}

function readOperation(text: string): Operation {
  if (isOperation(text)) return text
  throw new UsageError(
    `--operation ${text}: there is no such operation; ${suggestion(text, OPERATIONS) ?? `one of ${OPERATIONS.join(', ')}`}`,
  )
}

function readRepository(policy: CompiledPolicy, text: string): Fact<Repository> {
  const [hostText = '', ...path] = text.split('/')
  const host = parseHost(hostText)
  const repository = host === null ? NEVER : nameRepository(host, path, foldsCase(policy.catalog, host))
  if (repository.state !== 'known') throw new UsageError(`--repository ${text}: is not HOST/OWNER/REPO`)
  return repository
}

/** A branch by its name, any ref in full. A push whose refs are not named may change any. */
function readRef(text: string | undefined, operation: Operation): Fact<RefUpdate> {
  if (text !== undefined) return known({ name: text.startsWith('refs/') ? text : `refs/heads/${text}`, kind: 'update' })
  return operation === 'git-push' ? UNSEEN : ABSENT
}
