/** Repositories of every kind of object, from a seed, made by `git fast-import`. */
import type { ObjectFormat } from '../../src/wire/pack/object-types.ts'
import { git } from './git.ts'
import type { Chance } from './random.ts'

/** Past the size at which a blob is handed on in pieces. */
const HUGE_BYTES = 1_500_000

interface File {
  readonly path: string
  readonly mode: string
  content: Buffer
}

/** Makes a bare repository in `folder`, with a branch `main`. */
export function makeRepository(folder: string, format: ObjectFormat, chance: Chance): void {
  git(folder, ['init', '--quiet', '--bare', `--object-format=${format}`, '--initial-branch=main', '.'])
  git(folder, ['fast-import', '--quiet', '--force'], makeStream(format, chance))
}

function makeStream(format: ObjectFormat, chance: Chance): Buffer {
  const parts: (string | Buffer)[] = []
  const files: File[] = []
  const commits = 2 + chance.below(chance.pick([4, 30, 120]))
  for (let mark = 1; mark <= commits; mark++) {
    const changed = changeFiles(files, chance)
    const second = 1_700_000_000 + mark * 60
    const name = chance.pick(['Ada', 'Ádá Łovelace', 'B. <odd', ''])
    const isRoot = mark === 1 || chance.hit(40)
    parts.push(`${isRoot ? 'reset refs/heads/main\n\n' : ''}commit refs/heads/main\nmark :${mark}\n`)
    parts.push(`committer ${name.replaceAll('<', '')} <a${chance.below(5)}@example> ${second} +0100\n`)
    parts.push(...block(Buffer.from(`change ${mark}\n\n${wordsOf(chance, chance.below(40))}\n`)))
    if (!isRoot && mark > 3 && chance.hit(6)) parts.push(`merge :${1 + chance.below(mark - 1)}\n`)
    if (isRoot) for (const file of files) parts.push(...fileLines(file))
    else for (const file of changed) parts.push(...fileLines(file))
    if (chance.hit(8)) parts.push(`M 160000 ${idOf(format, chance)} modules/m${chance.below(3)}\n`)
    if (chance.hit(10)) parts.push('D old\n')
    if (chance.hit(9)) {
      parts.push(`tag v${mark}\nfrom :${mark}\ntagger T <t@example> ${second} +0000\n`)
      parts.push(...block(Buffer.from(wordsOf(chance, 20))))
    }
  }
  if (chance.hit(3)) parts.push('reset refs/heads/main-old\n', 'from :1\n\n')
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

function changeFiles(files: File[], chance: Chance): readonly File[] {
  const changed = new Set<File>()
  for (let count = 1 + chance.below(4); count > 0; count--) {
    const old = files[chance.below(files.length + 2)]
    if (old === undefined) files.push(newFile(chance))
    else if (old.mode !== '120000') old.content = edited(old.content, chance)
    const file = old ?? files.at(-1)
    if (file !== undefined) changed.add(file)
  }
  return [...changed]
}

function newFile(chance: Chance): File {
  const mode = chance.pick(['100644', '100644', '100644', '100755', '120000'])
  const folder = chance.pick(['', 'src/', 'src/deep/er/', '.github/workflows/', 'dócs/'])
  const path = `${folder}f${chance.below(100_000)}`
  if (mode === '120000') return { path, mode, content: Buffer.from(`../${wordsOf(chance, 1)}`) }
  return { path, mode, content: contentOf(chance) }
}

function contentOf(chance: Chance): Buffer {
  if (chance.hit(12)) return Buffer.alloc(0)
  if (chance.hit(60)) return Buffer.alloc(HUGE_BYTES, wordsOf(chance, 500))
  if (chance.hit(10)) return chance.bytes(1 + chance.below(70_000))
  return Buffer.from(wordsOf(chance, 1 + chance.below(3_000)))
}

/** A line changed, or some added or taken away, as between two versions. */
function edited(content: Buffer, chance: Chance): Buffer {
  const at = chance.below(content.length + 1)
  const end = Math.min(content.length, at + chance.below(200))
  return Buffer.concat([content.subarray(0, at), Buffer.from(wordsOf(chance, chance.below(30))), content.subarray(end)])
}

const WORDS = [
  'const',
  'return',
  'await',
  'weir',
  'policy',
  '=',
  '{',
  '}',
  '\n',
  'host',
  '7',
  'x',
  '=>',
  'ü',
  '\t',
] as const

function wordsOf(chance: Chance, count: number): string {
  let text = ''
  for (let word = 0; word < count; word++) text += `${chance.pick<string>(WORDS)} `
  return text
}

function idOf(format: ObjectFormat, chance: Chance): string {
  return chance.bytes(format === 'sha1' ? 20 : 32).toString('hex')
}

function fileLines({ path, mode, content }: File): readonly (string | Buffer)[] {
  return [`M ${mode} inline ${path}\n`, ...block(content)]
}

function block(content: Buffer): readonly (string | Buffer)[] {
  return [`data ${content.length}\n`, content, '\n']
}
