/** Fingerprints of one's own source: the file of an index, the blobs that go into one, and the pieces of an upload. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { BatchSplitter } from '../../../src/cli/fingerprints/batch-splitter.ts'
import { nameRepository } from '../../../src/cli/fingerprints/repository-name.ts'
import { CommandError } from '../../../src/cli/terminal.ts'
import { printBlob } from '../../../src/content/fingerprints/blob-prints.ts'
import { loadFingerprints } from '../../../src/content/fingerprints/fingerprint-index.ts'
import { objectIdOf } from '../../../src/content/fingerprints/object-key.ts'
import { watchOwnSource } from '../../../src/content/fingerprints/own-source.ts'
import { makeCode } from '../../content/fingerprints/code.ts'
import { encodeIndex, findIn, KEY, KEYS, LEAF, openIndex } from '../../content/fingerprints/small-index.ts'
import { mutatedBytes } from '../corpus.ts'
import { feedPieces, sizes } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const [ONE, TWO] = [makeCode(1, 40), makeCode(2, 40)]
const FILE = encodeIndex({ 'acme/app': { 'one.ts': ONE }, 'acme/more': { 'two.ts': TWO } })
const INDEX = openIndex(FILE)
const WORDS = [
  '\\n',
  '\\\\',
  '\\u00e9',
  '\\x0',
  '/* ',
  'copyright',
  'import ',
  '\0',
  '{"version":1',
  '"bucketBits":',
  'WEIR-FP\n',
]

const file = defineTarget({
  name: 'fingerprint-index',
  parsers: ['content/fingerprints/fingerprint-index.ts#loadFingerprints'],
  inputs: mutatedBytes([FILE, FILE.subarray(0, 200), Buffer.from('WEIR-FP\n\xff\xff\xff\x7f{}', 'latin1')], WORDS),
  check(bytes) {
    const loaded = loadFingerprints(bytes, KEY)
    // Whoever has no key makes no file that is taken, but the one that is there.
    if (!('problem' in loaded)) assert(Buffer.from(bytes).equals(FILE), 'took a file that was changed')
    else assert.match(loaded.problem, /^[a-z][\x20-\x7e]{5,120}$/)
  },
})

const pieces = defineTarget({
  name: 'own-source',
  parsers: ['content/fingerprints/own-source.ts#watchOwnSource', 'content/fingerprints/blob-prints.ts#printBlob'],
  inputs: fc.tuple(
    mutatedBytes([Buffer.from(ONE), Buffer.from(JSON.stringify(TWO)), Buffer.from(`${TWO}\n${ONE}`)], WORDS),
    sizes,
  ),
  check([bytes, cuts]) {
    const whole = findIn(INDEX, bytes)
    const watch = watchOwnSource(INDEX)
    const reader = watch.open(LEAF)
    feedPieces(bytes, cuts, (piece) => void reader?.push(piece))
    void reader?.end(null)
    assert.deepEqual(watch.found(), whole, 'another finding in pieces')
    if (whole !== null) {
      assert(whole.bytes > 0 && whole.bytes <= whole.ofBytes, 'more than there is')
      assert.equal(
        whole.repositories.reduce((sum, { bytes: part }) => sum + part, 0),
        whole.bytes,
      )
      for (const { blobs, partial } of whole.repositories) assert(blobs + partial > 0)
    }
    const prints = printBlob('a.ts', bytes, KEYS.words)
    if (prints.kind === 'text') assert(prints.grams.length <= bytes.length / 20, 'more grams than a text has')
  },
})

const BATCH = Buffer.concat(
  [ONE, '', TWO].map((text, at) =>
    Buffer.from(`${objectIdOf('sha1', [Buffer.from(text)])} ${text.length} src/${at} a.ts\n${text}\n`),
  ),
)

const batch = defineTarget({
  name: 'git-batch',
  parsers: ['cli/fingerprints/repository-name.ts#nameRepository'],
  inputs: fc.tuple(mutatedBytes([BATCH], [' ', '\n', '99999999999999 ']), sizes),
  check([bytes, cuts]) {
    const split = (feed: (splitter: BatchSplitter, taken: unknown[]) => void): unknown => {
      const taken: unknown[] = []
      const splitter = new BatchSplitter('sha1')
      try {
        feed(splitter, taken)
        return [taken, splitter.isWhole]
      } catch (error) {
        if (error instanceof CommandError) return error.message
        throw error
      }
    }
    const copy = (chunk: Uint8Array): Buffer => Buffer.from(chunk)
    const whole = split((splitter, taken) => taken.push(...splitter.push(copy(bytes))))
    const cut = split((splitter, taken) =>
      feedPieces(bytes, cuts, (piece) => taken.push(...splitter.push(copy(piece)))),
    )
    assert.deepEqual(cut, whole, 'other objects in pieces')
    const name = nameRepository(Buffer.from(bytes).toString('latin1', 0, 80))
    if (name !== null) assert(!name.startsWith('/') && !name.includes('//'))
  },
})

export const FINGERPRINT_TARGETS: readonly FuzzTarget[] = [file, pieces, batch]
