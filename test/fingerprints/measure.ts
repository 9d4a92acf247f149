/** Indexes code, looks for it again in several forms, and holds other code against the index. */
import { readFileSync } from 'node:fs'
import { FingerprintIndex, loadFingerprints } from '../../src/content/fingerprints/fingerprint-index.ts'
import { GramStream } from '../../src/content/fingerprints/gram-stream.ts'
import { IndexBuilder } from '../../src/content/fingerprints/index-builder.ts'
import { deriveKeys } from '../../src/content/fingerprints/keys.ts'
import { createKeyHash } from '../../src/content/fingerprints/object-key.ts'
import { watchOwnSource } from '../../src/content/fingerprints/own-source.ts'
import { kindOfPath, publicSpans } from '../../src/content/fingerprints/public-text.ts'
import type { OwnSource } from '../../src/flow/content.ts'
import { type CodeFile, languageOf, listCode } from './code-files.ts'
import { countCommonWords } from './common-text.ts'
import type { CodePackage } from './corpora.ts'
import { createChance, editLines, pasteThird } from './edits.ts'

const KEY = Buffer.alloc(32, 0x57)
const KEYS = deriveKeys(KEY)
const LEAF = { place: { commit: null, within: [] }, declaredType: null, size: null }

/** Bytes beside licences and other public text, from which on a file is worth stealing. */
export const OWN_BYTES_MIN = 2_048
/** So many words in common, in runs of ten, are no idiom: the file really has the other's text. */
export const COMMON_WORDS_MIN = 50

export interface IndexedCode {
  readonly index: FingerprintIndex
  readonly bytes: number
  readonly seen: Set<string>
  readonly packages: ReadonlySet<string>
  /** Those that are known in parts, and are code. */
  readonly files: readonly CodeFile[]
  readonly counts: { trivial: number; whole: number; text: number }
  readonly sourceBytes: number
  /** Files by package and keyed path. */
  readonly fileOf: ReadonlyMap<string, string>
}

export function indexCode(packages: readonly CodePackage[]): IndexedCode {
  const builder = new IndexBuilder(KEYS, null)
  const hash = createKeyHash(KEYS)
  const seen = new Set<string>()
  const files: CodeFile[] = []
  const counts = { trivial: 0, whole: 0, text: 0 }
  const fileOf = new Map<string, string>()
  let sourceBytes = 0
  for (const { name, folder } of packages) {
    const repository = builder.repository(name)
    for (const file of listCode(folder, name, seen)) {
      const blob = { repository, path: file.path, format: 'sha1', objectId: file.objectId } as const
      const taken = builder.add(blob, readFileSync(file.file))
      counts[taken]++
      sourceBytes += file.size
      if (taken !== 'text') continue
      fileOf.set(`${repository} ${hash.path(file.path)}`, file.file)
      if (languageOf(file.path) !== null) files.push(file)
    }
  }
  const encoded = builder.encode()
  const index = loadFingerprints(encoded, KEY)
  if (!(index instanceof FingerprintIndex)) throw new Error(index.problem)
  const names = new Set(packages.map(({ name }) => name))
  return { index, bytes: encoded.length, seen, packages: names, files, counts, sourceBytes, fileOf }
}

function find(index: FingerprintIndex, bytes: Uint8Array): OwnSource | null {
  const watch = watchOwnSource(index)
  const reader = watch.open(LEAF)
  void reader?.push(bytes)
  void reader?.end(null)
  return watch.found()
}

export interface Recall {
  readonly files: number
  readonly unchanged: number
  /** Of files with OWN_BYTES_MIN of their own. */
  readonly worth: number
  readonly edited: number
  readonly third: number
}

/** Of `count` files that are drawn by the seed. A file that is found is found in its own repository. */
export function measureRecall({ index, files }: IndexedCode, count: number, seed: number): Recall {
  const chance = createChance(seed)
  const recall = { files: 0, unchanged: 0, worth: 0, edited: 0, third: 0 }
  const isFound = (bytes: Uint8Array, name: string): boolean =>
    find(index, bytes)?.repositories.some((repository) => repository.name === name) === true
  for (let drawn = 0; drawn < count; drawn++) {
    const file = files[Math.floor(chance() * files.length)]
    if (file === undefined) break
    const bytes = readFileSync(file.file)
    const text = bytes.toString('utf8')
    recall.files++
    if (find(index, bytes)?.repositories[0]?.blobs === 1) recall.unchanged++
    if (ownBytes(bytes.toString('latin1')) < OWN_BYTES_MIN) continue
    recall.worth++
    if (isFound(Buffer.from(editLines(text, chance)), file.package)) recall.edited++
    if (isFound(Buffer.from(pasteThird(text, chance)), file.package)) recall.third++
  }
  return recall
}

export interface Control {
  readonly files: number
  readonly bytes: number
  readonly languages: ReadonlyMap<string, number>
  /** Files that have text of an indexed one, as was seen without fingerprints. */
  readonly copies: readonly Hit[]
  readonly wrong: readonly Hit[]
}

export interface Hit {
  readonly file: string
  readonly indexed: string
  readonly commonWords: number
}

const CONTROL_BYTES_MIN = 256

/** Copies of other projects: of firmware with code of Linux, and of the headers of Linux. */
const COPIES_OF_OTHERS = /^qemu-[^/]*\/(?:roms|pc-bios|linux-headers)\//

/** Holds against the index what is code, in none of its packages, no copy of a third party, and not the same file. */
export function measureControl(indexed: IndexedCode, packages: readonly CodePackage[]): Control {
  const languages = new Map<string, number>()
  const hits: Hit[] = []
  let files = 0
  let bytes = 0
  for (const { name, folder } of packages) {
    if (indexed.packages.has(name)) continue
    for (const file of listCode(folder, name, indexed.seen)) {
      const language = languageOf(file.path)
      if (language === null || file.size < CONTROL_BYTES_MIN) continue
      if (kindOfPath(file.path) === 'third-party' || COPIES_OF_OTHERS.test(file.path)) continue
      const content = readFileSync(file.file)
      files++
      bytes += content.length
      languages.set(language, (languages.get(language) ?? 0) + 1)
      if (find(indexed.index, content) !== null) hits.push(explainHit(indexed, file.file, content))
    }
  }
  const isCopy = ({ commonWords }: Hit): boolean => commonWords >= COMMON_WORDS_MIN
  return { files, bytes, languages, copies: hits.filter(isCopy), wrong: hits.filter((hit) => !isCopy(hit)) }
}

/** The indexed file of those that were taken for it with which it has the most in common. */
function explainHit({ index, fileOf }: IndexedCode, file: string, content: Buffer): Hit {
  const counts = new Map<string, number>()
  const stream = new GramStream(KEYS.words, ({ first, second }) => {
    for (const number of index.findGram(first, second)) {
      const { repository, path } = index.source(number)
      const other = fileOf.get(`${repository} ${path}`)
      if (other !== undefined) counts.set(other, (counts.get(other) ?? 0) + 1)
    }
  })
  stream.push(content)
  stream.end()
  const most = [...counts].sort(([, left], [, right]) => right - left).slice(0, 5)
  const text = content.toString('latin1')
  const compared = most.map(([indexed]) => {
    return { file, indexed, commonWords: countCommonWords(text, readFileSync(indexed, 'latin1')) }
  })
  const [best] = compared.sort((left, right) => right.commonWords - left.commonWords)
  return best ?? { file, indexed: 'an object of the same id', commonWords: 0 }
}

export interface LookUps {
  readonly gramMicroseconds: number
  readonly objectMicroseconds: number
  readonly megabytesPerSecond: number
}

const LOOK_UPS = 1_000_000
const SCANNED_BYTES = 67_108_864

/** The time of one look-up of what is not there, hash included; and of a whole scan of code. */
export function measureLookUps({ index, files }: IndexedCode, seed: number): LookUps {
  const chance = createChance(seed)
  const words = Int32Array.from({ length: LOOK_UPS * 2 }, () => chance() * 2 ** 32)
  const begun = performance.now()
  for (let at = 0; at < words.length; at += 2) index.findGram(words[at] ?? 0, words[at + 1] ?? 0)
  const between = performance.now()
  for (let at = 0; at < LOOK_UPS; at++) index.findObject(((words[at] ?? 0) >>> 0) * 2 ** 16)
  const behind = performance.now()
  const texts: Buffer[] = []
  let bytes = 0
  while (bytes < SCANNED_BYTES && files.length > 0) {
    const file = files[Math.floor(chance() * files.length)]
    if (file === undefined) break
    const text = readFileSync(file.file)
    texts.push(text)
    bytes += text.length
  }
  const scanned = performance.now()
  for (const text of texts) find(index, text)
  return {
    gramMicroseconds: ((between - begun) * 1_000) / LOOK_UPS,
    objectMicroseconds: ((behind - between) * 1_000) / LOOK_UPS,
    megabytesPerSecond: bytes / 1_000 / (performance.now() - scanned),
  }
}

function ownBytes(text: string): number {
  return publicSpans(text, 'wide').reduce((left, [start, end]) => left - (end - start), text.length)
}
