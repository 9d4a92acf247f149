/** Goes from the commits of a pack through its trees, to tell which paths they bring, and where a blob lies. */
import { RESOLVED } from '../wire/pack/object-table.ts'
import { BLOB, TREE } from '../wire/pack/object-types.ts'
import { TreeEntries } from '../wire/pack/tree-entries.ts'
import { BREATHLESS, type Breathe } from './breathe.ts'
import { commitsOldestFirst, type WalkedPack } from './commit-order.ts'
import { BROUGHT, NAMED, PathTable, ROOT } from './path-table.ts'

export interface WalkLimits {
  /** Files and folders. */
  readonly pathsMax: number
  readonly nameBytesMax: number
  /** Trees that are one at several paths: a bomb has few trees and more paths than can be counted. */
  readonly repeatsMax: number
  /** Entries of trees that are looked at, all together. */
  readonly entriesMax: number
}

const NONE = -1

export class PackWalk {
  readonly paths: PathTable
  submodules = 0
  symlinks = 0
  /** Trees that could not be read, or not to their end. */
  unreadable = 0
  /** Trees that no commit of the pack leads to. */
  loose = 0
  /** Entries with names or modes that git does not write. */
  odd = 0
  /** A limit ended it. */
  isCut = false
  readonly #pack: WalkedPack
  readonly #limits: WalkLimits
  readonly #breathe: Breathe
  readonly #entries: TreeEntries
  /** By object: the first path of a tree or a blob, and the commit that led there; each one more, and 0 for none. */
  readonly #firstPaths: Int32Array
  readonly #firstCommits: Int32Array
  /** Tree and path, for all paths of a tree but the first. */
  readonly #repeats = new Set<number>()
  #entriesLeft: number
  /** Trees to look at, each before its path. */
  readonly #stack: number[] = []

  constructor(pack: WalkedPack, limits: WalkLimits, breathe: Breathe = BREATHLESS) {
    const { count, idBytes } = pack.table
    this.#pack = pack
    this.#limits = limits
    this.#breathe = breathe
    this.#entries = new TreeEntries(idBytes)
    this.#firstPaths = new Int32Array(count)
    this.#firstCommits = new Int32Array(count)
    this.#entriesLeft = limits.entriesMax
    this.paths = new PathTable(limits.pathsMax, limits.nameBytesMax)
  }

  async run(): Promise<void> {
    const { types, states, count } = this.#pack.table
    for await (const { commit, tree } of commitsOldestFirst(this.#pack, this.#breathe)) await this.#walk(tree, commit)
    for (let index = 0; index < count; index++) {
      if (types[index] !== TREE || states[index] !== RESOLVED || this.#firstPaths[index] !== 0) continue
      this.loose++
      await this.#walk(index, NONE)
    }
  }

  /** Files whose content is in the pack. */
  broughtPaths(): Iterable<string> {
    return this.paths.withFlag(BROUGHT)
  }

  /** What has no content in the pack. */
  namedPaths(): Iterable<string> {
    return this.paths.withFlag(NAMED)
  }

  /** Of a blob; null where no tree names it. */
  pathOf(index: number): string | null {
    if (this.#pack.table.types[index] !== BLOB) return null
    const path = (this.#firstPaths[index] ?? 0) - 1
    return path === NONE ? null : this.paths.text(path)
  }

  /** The commit that first led to it, or null. */
  commitOf(index: number): string | null {
    const commit = (this.#firstCommits[index] ?? 0) - 1
    return commit === NONE ? null : this.#pack.table.id(commit)
  }

  /** Blobs that no tree names. */
  countPathless(): number {
    const { types, states } = this.#pack.table
    return this.#firstPaths.reduce(
      (sum, path, index) => sum + (path === 0 && types[index] === BLOB && states[index] === RESOLVED ? 1 : 0),
      0,
    )
  }

  async #walk(root: number, commit: number): Promise<void> {
    this.#visit(root, ROOT, commit)
    while (this.#stack.length > 0 && !this.isCut) {
      const wait = this.#breathe()
      if (wait !== undefined) await wait
      const path = this.#stack.pop() ?? ROOT
      const tree = this.#stack.pop() ?? 0
      const bytes = this.#pack.read(tree)
      if (bytes === null) this.unreadable++
      else this.#readTree(bytes, path, commit)
    }
  }

  /** A tree at a path: once. */
  #visit(tree: number, path: number, commit: number): void {
    const first = this.#firstPaths[tree] ?? 0
    if (first === path + 1) return
    if (first === 0) this.#note(tree, path, commit)
    else {
      const repeat = tree * this.#limits.pathsMax + path
      if (this.#repeats.has(repeat)) return
      if (this.#repeats.size === this.#limits.repeatsMax) {
        this.isCut = true
        return
      }
      this.#repeats.add(repeat)
    }
    this.#stack.push(tree, path)
  }

  #readTree(bytes: Uint8Array, folder: number, commit: number): void {
    const entries = this.#entries
    entries.begin(bytes)
    while (entries.next()) {
      if (this.#entriesLeft-- === 0) {
        this.isCut = true
        return
      }
      if (entries.isOdd) this.odd++
      const path = this.paths.child(folder, bytes, entries.nameAt, entries.nameEnd)
      if (path !== NONE) this.#readEntry(this.#pack.table.find(bytes, entries.idAt), path, commit)
    }
    if (entries.fault !== null) this.unreadable++
  }

  #readEntry(index: number, path: number, commit: number): void {
    const { kind } = this.#entries
    if (kind === 'submodule') this.submodules++
    if (kind === 'symlink') this.symlinks++
    const type = index === NONE ? NONE : this.#pack.table.types[index]
    if (kind === 'tree' && type === TREE) {
      this.#visit(index, path, commit)
      return
    }
    this.paths.mark(path, type === BLOB ? BROUGHT : NAMED)
    if (type === BLOB && this.#firstPaths[index] === 0) this.#note(index, path, commit)
  }

  #note(index: number, path: number, commit: number): void {
    this.#firstPaths[index] = path + 1
    this.#firstCommits[index] = commit + 1
  }
}
