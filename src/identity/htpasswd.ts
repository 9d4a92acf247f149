/** A file of users in the form of Apache's htpasswd: `USER:HASH` a line, `#` begins a comment line. */
import type { Problem } from '../text/problem.ts'
import { USER_BYTES_MAX } from '../wire/proxy-authorization.ts'
import { type PasswordHash, parsePasswordHash } from './password-hash.ts'

export const HTPASSWD_BYTES_MAX = 2 * 1024 * 1024
export const HTPASSWD_LINE_BYTES_MAX = 1_024
/** More belong into a directory service; reading so many takes the event loop for some milliseconds. */
export const HTPASSWD_USERS_MAX = 10_000
/** A file of another kind is wrong in every line: a person needs to hear it a few times, not a million. */
export const HTPASSWD_PROBLEMS_MAX = 100

export interface Htpasswd {
  /** By name, compared exactly. Null where the file has errors: half a file of users is not a smaller one, but a wrong one. */
  readonly accounts: ReadonlyMap<string, PasswordHash> | null
  /**
   * Neither message nor hint repeats a hash or what may be a password. Whoever shows them must not show the line
   * itself, which `renderProblem` does when it is given the text.
   */
  readonly problems: readonly Problem[]
}

export function parseHtpasswd(text: string, file: string): Htpasswd {
  const problems: Problem[] = []
  const complain = (line: number, complaint: Complaint): void => {
    problems.push({ severity: 'error', file, line, ...complaint })
  }
  if (Buffer.byteLength(text) > HTPASSWD_BYTES_MAX) {
    complain(1, { column: 1, message: `the file is larger than ${HTPASSWD_BYTES_MAX / 1024 / 1024} MiB` })
    return { accounts: null, problems }
  }
  const reading: Reading = { accounts: new Map(), lines: new Map() }
  const lines = text.replace(/^\ufeff/, '').split('\n')
  for (let at = 0; at < lines.length; at++) {
    const complaint = readLine(reading, at + 1, withoutReturn(lines[at] ?? ''))
    if (complaint !== null) complain(at + 1, complaint)
    const end = endOf(reading, problems)
    if (end === null) continue
    complain(at + 1, end)
    break
  }
  if (reading.accounts.size === 0 && problems.length === 0) {
    complain(1, { column: 1, message: 'the file has no users', hint: 'add one with `htpasswd -B -C 10 FILE USER`' })
  }
  return { accounts: problems.length === 0 ? reading.accounts : null, problems }
}

type Complaint = Pick<Problem, 'column' | 'message' | 'hint'>

interface Reading {
  readonly accounts: Map<string, PasswordHash>
  /** Where each user stands first. */
  readonly lines: Map<string, number>
}

function readLine(reading: Reading, line: number, text: string): Complaint | null {
  if (text.startsWith('#') || text.trim() === '') return null
  if (Buffer.byteLength(text) > HTPASSWD_LINE_BYTES_MAX) {
    return { column: 1, message: `the line is longer than ${HTPASSWD_LINE_BYTES_MAX} bytes` }
  }
  const colon = text.indexOf(':')
  if (colon === -1) return { column: 1, message: 'no `:` ends the name of the user', hint: 'write `USER:HASH`' }
  const user = text.slice(0, colon)
  const fault = faultOfUser(user)
  if (fault !== null) return { column: 1, message: fault }
  const first = reading.lines.get(user)
  if (first !== undefined) {
    const message = `the user \`${user}\` stands twice: here and in line ${first}`
    return { column: 1, message, hint: 'keep one of them' }
  }
  reading.lines.set(user, line)
  const hash = parsePasswordHash(text.slice(colon + 1))
  if (hash.state === 'bad') {
    return { column: colon + 2, message: `the password of \`${user}\` ${hash.fault}`, hint: hash.hint }
  }
  reading.accounts.set(user, hash.value)
  return null
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** Why the rest of the file is not read. */
function endOf(reading: Reading, problems: readonly Problem[]): Complaint | null {
  if (reading.accounts.size > HTPASSWD_USERS_MAX) {
    return { column: 1, message: `there are more than ${HTPASSWD_USERS_MAX} users` }
  }
  if (problems.length < HTPASSWD_PROBLEMS_MAX) return null
  const hint = 'is this a file that `htpasswd -B` wrote?'
  return { column: 1, message: 'there are too many problems: the rest of the file was not read', hint }
}

function faultOfUser(user: string): string | null {
  if (user === '') return 'the line names no user'
  if (Buffer.byteLength(user) > USER_BYTES_MAX) return `the name of the user is longer than ${USER_BYTES_MAX} bytes`
  // Nobody can send these (RFC 7617 section 2).
  if (/\p{Cc}/u.test(user)) return 'the name of the user holds control characters'
  // The problem of a line written the wrong way round would show the hash as the name.
  if (/^(?:\$\w+\$|\{\w+\})/.test(user)) return 'the name of the user looks like a hash'
  return user.trim() === user ? null : 'the name of the user begins or ends with white space'
}
