/** Shows one leaf to everybody who looks at leaves, one after another, and waits only for who asks for it. */
import { drive } from '../wire/pack/drive.ts'
import type { Leaf, LeafReader, LeafWatch } from './leaf.ts'

/** A leaf whose bytes are all there. */
export function offerWhole(
  watches: readonly LeafWatch[],
  leaf: Leaf,
  content: Uint8Array,
  objectId: string | null,
): void | Promise<void> {
  const readers = openAll(watches, leaf)
  if (readers.length === 0) return
  const waiting = pushToAll(readers, content)
  return waiting === undefined ? endAll(readers, objectId) : waiting.then(() => endAll(readers, objectId))
}

export function openAll(watches: readonly LeafWatch[], leaf: Leaf): readonly LeafReader[] {
  const readers: LeafReader[] = []
  for (const watch of watches) {
    const reader = watch.open(leaf)
    if (reader !== null) readers.push(reader)
  }
  return readers
}

export function pushToAll(readers: readonly LeafReader[], piece: Uint8Array): void | Promise<void> {
  if (piece.length > 0) return inTurn(readers, (reader) => reader.push(piece))
}

export function endAll(readers: readonly LeafReader[], objectId: string | null): void | Promise<void> {
  return inTurn(readers, (reader) => reader.end(objectId))
}

function inTurn(
  readers: readonly LeafReader[],
  act: (reader: LeafReader) => void | Promise<void>,
): void | Promise<void> {
  let next = 0
  return drive(() => {
    const reader = readers[next++]
    return reader === undefined ? false : (act(reader) ?? true)
  })
}
