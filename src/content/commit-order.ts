/** The commits of a pack in the order in which they were made: each behind its parents. */
import { parseCommit } from '../wire/pack/object-head.ts'
import { RESOLVED } from '../wire/pack/object-table.ts'
import { COMMIT, TREE } from '../wire/pack/object-types.ts'
import type { ObjectTable } from '../wire/pack/object-table.ts'
import type { Breathe } from './breathe.ts'

/** A pack that was read to its end. */
export interface WalkedPack {
  readonly table: ObjectTable
  /** As a view until the next call. */
  read(index: number): Uint8Array | null
}

export interface RootTree {
  /** Indexes in the pack. */
  readonly commit: number
  readonly tree: number
}

/** Parents that are in the pack, of all commits. Past it they stand in no order. */
const PARENTS_MAX = 2_000_000
const NONE = -1

/** Those whose trees are in the pack. A commit that cannot be read is left out: it was told of when it came. */
export async function* commitsOldestFirst(pack: WalkedPack, breathe: Breathe): AsyncGenerator<RootTree> {
  const { table } = pack
  /** By object: its tree and one more, where it is a commit. */
  const trees = new Int32Array(table.count)
  const parents: number[] = []
  const parentsEnd = new Int32Array(table.count)
  for (let index = 0; index < table.count; index++) {
    if (table.types[index] === COMMIT && table.states[index] === RESOLVED) {
      const ties = readTies(pack, index)
      trees[index] = ties.tree + 1
      for (const parent of ties.parents) if (parents.length < PARENTS_MAX) parents.push(parent)
      const wait = breathe()
      if (wait !== undefined) await wait
    }
    parentsEnd[index] = parents.length
  }
  // The last of a pack are mostly the oldest.
  const seen = new Uint8Array(table.count)
  for (let start = table.count - 1; start >= 0; start--) {
    if (table.types[start] !== COMMIT) continue
    const stack = [start]
    for (let commit = stack.at(-1); commit !== undefined; commit = stack.at(-1)) {
      if (seen[commit] === 0) {
        seen[commit] = 1
        const from = commit === 0 ? 0 : (parentsEnd[commit - 1] ?? 0)
        for (const parent of parents.slice(from, parentsEnd[commit])) if (seen[parent] === 0) stack.push(parent)
        continue
      }
      stack.pop()
      const tree = (trees[commit] ?? 0) - 1
      trees[commit] = 0
      if (tree !== NONE) yield { commit, tree }
    }
  }
}

/** Indexes of what a commit names and the pack has. */
function readTies(pack: WalkedPack, index: number): { tree: number; parents: readonly number[] } {
  const { table } = pack
  const bytes = pack.read(index)
  const commit = bytes === null ? null : parseCommit(bytes)
  if (commit?.state !== 'done') return { tree: NONE, parents: [] }
  const find = (id: string): number => (id.length === table.idBytes * 2 ? table.find(Buffer.from(id, 'hex'), 0) : NONE)
  const tree = find(commit.value.tree)
  const parents = commit.value.parents.map(find).filter((parent) => table.types[parent] === COMMIT)
  return { tree: tree !== NONE && table.types[tree] === TREE ? tree : NONE, parents }
}
