/** Commits and tags: the lines before their message, and who signs them (git's `commit.c` and `tag.c`). */
import { isObjectId } from '../object-id.ts'
import { bad, done, type Parse } from '../parse.ts'
import { decodeLossless } from './lossless-text.ts'

/** An author, a committer or a tagger, as the object says. */
export interface Person {
  readonly name: string
  readonly email: string
}

export interface Commit {
  /** Ids in hexadecimal. */
  readonly tree: string
  readonly parents: readonly string[]
  /** Author and committer; and every other line of those names, which git would not write. */
  readonly people: readonly Person[]
  /** Lines that git does not need, such as a signature: content that a stranger may put anything into. Empty for most. */
  readonly extra: Uint8Array
  readonly message: Uint8Array
}

export interface Tag {
  readonly object: string
  readonly name: string
  readonly people: readonly Person[]
  readonly extra: Uint8Array
  readonly message: Uint8Array
}

/** Of the lines before the message; a merge of many tags has as much of them as of tags. */
const LINES_MAX = 10_000
/** Of one commit. */
export const PARENTS_MAX = 1_024
/** Of one object. */
const PEOPLE_MAX = 16

export function parseCommit(bytes: Uint8Array): Parse<Commit> {
  const head = readHead(bytes, 'commit')
  if (typeof head === 'string') return bad(head)
  const { lines, people, message, extra } = head
  const [tree, ...parents] = lines
  if (tree?.key !== 'tree') return bad('a commit without a tree')
  if (parents.some(({ key }) => key !== 'parent')) return bad('a commit with its lines out of order')
  if (parents.length > PARENTS_MAX) return bad(`a commit with more than ${PARENTS_MAX} parents`)
  if (lines.some(({ value }) => !isObjectId(value))) return bad('a commit with an id that is none')
  if (people.length < 2) return bad('a commit without an author and a committer')
  const ids = parents.map(({ value }) => value)
  return done({ tree: tree.value, parents: ids, people, message, extra }, bytes.length)
}

export function parseTag(bytes: Uint8Array): Parse<Tag> {
  const head = readHead(bytes, 'tag')
  if (typeof head === 'string') return bad(head)
  const [object, type, tag] = head.lines
  if (object?.key !== 'object' || type?.key !== 'type' || tag?.key !== 'tag' || head.lines.length > 3) {
    return bad('a tag with its lines out of order')
  }
  if (!isObjectId(object.value)) return bad('a tag with an id that is none')
  const { people, message, extra } = head
  return done({ object: object.value, name: tag.value, people, message, extra }, bytes.length)
}

interface Line {
  readonly key: string
  readonly value: string
}

interface Head {
  /** Those that tie the object to others. */
  readonly lines: readonly Line[]
  readonly people: readonly Person[]
  readonly extra: Uint8Array
  readonly message: Uint8Array
}

const TIES = new Set(['tree', 'parent', 'object', 'type', 'tag'])
const SIGNERS = new Set(['author', 'committer', 'tagger'])
const LINE_END = 0x0a
const SPACE = 0x20

/** A fault is a text. */
function readHead(bytes: Uint8Array, what: string): Head | string {
  const lines: Line[] = []
  const people: Person[] = []
  const extra: Uint8Array[] = []
  let at = 0
  for (let count = 0; at < bytes.length && bytes[at] !== LINE_END; count++) {
    if (count === LINES_MAX) return `a ${what} with more than ${LINES_MAX} lines before its message`
    const found = bytes.indexOf(LINE_END, at)
    if (found === -1) return `a ${what} that ends in a line`
    const line = bytes.subarray(at, found)
    at = found + 1
    const space = line.indexOf(SPACE)
    const key = decodeLossless(line.subarray(0, Math.max(space, 0)))
    if (TIES.has(key)) lines.push({ key, value: decodeLossless(line.subarray(space + 1)) })
    else if (SIGNERS.has(key)) people.push(parsePerson(decodeLossless(line.subarray(space + 1))))
    else extra.push(bytes.subarray(at - line.length - 1, at))
    if (people.length > PEOPLE_MAX) return `a ${what} with more than ${PEOPLE_MAX} people`
  }
  return { lines, people, extra: Buffer.concat(extra), message: bytes.subarray(at + 1) }
}

/** What has no brackets is all name: git itself takes almost anything. */
function parsePerson(text: string): Person {
  const open = text.indexOf('<')
  const close = text.indexOf('>', open + 1)
  if (open === -1 || close === -1) return { name: text.trim(), email: '' }
  return { name: text.slice(0, open).trim(), email: text.slice(open + 1, close).trim() }
}
