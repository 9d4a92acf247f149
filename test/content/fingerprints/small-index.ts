/** Indexes of a few blobs, and what is found of them in a piece. */
import { FingerprintIndex, loadFingerprints } from '../../../src/content/fingerprints/fingerprint-index.ts'
import { IndexBuilder } from '../../../src/content/fingerprints/index-builder.ts'
import { deriveKeys } from '../../../src/content/fingerprints/keys.ts'
import { objectIdOf } from '../../../src/content/fingerprints/object-key.ts'
import { watchOwnSource } from '../../../src/content/fingerprints/own-source.ts'
import type { OwnSource } from '../../../src/flow/content.ts'

export const KEY = Buffer.alloc(32, 7)
export const KEYS = deriveKeys(KEY)
export const LEAF = { place: { commit: null, within: [] }, declaredType: null, size: null }

/** Texts by repository and path. */
export type Blobs = Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>

export function addAll(builder: IndexBuilder, blobs: Blobs): IndexBuilder {
  for (const [name, files] of Object.entries(blobs)) {
    const repository = builder.repository(name)
    for (const [path, content] of Object.entries(files)) {
      const bytes = Buffer.from(content)
      builder.add({ repository, path, format: 'sha1', objectId: objectIdOf('sha1', [bytes]) }, bytes)
    }
  }
  return builder
}

export function encodeIndex(blobs: Blobs): Uint8Array {
  return addAll(new IndexBuilder(KEYS, null), blobs).encode()
}

export function openIndex(bytes: Uint8Array, key: Uint8Array = KEY): FingerprintIndex {
  const index = loadFingerprints(bytes, key)
  if (index instanceof FingerprintIndex) return index
  throw new Error(index.problem)
}

export function indexOf(blobs: Blobs): FingerprintIndex {
  return openIndex(encodeIndex(blobs))
}

/** What is found in pieces that each stand for themselves. */
export function findIn(index: FingerprintIndex, ...leaves: readonly (string | Uint8Array)[]): OwnSource | null {
  const watch = watchOwnSource(index)
  for (const leaf of leaves) {
    const reader = watch.open(LEAF)
    void reader?.push(Buffer.from(leaf))
    void reader?.end(null)
  }
  return watch.found()
}
