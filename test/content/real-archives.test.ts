/** What real programs make: archives of theirs are opened, and what they encrypt is told. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../e2e/support/program.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'
import { examine, type Looked } from './support/examine.ts'

const FOLDER = temporaryFolder('archives')
const TEXT = 'a text to be found\n'.repeat(9)
const LARGE = Buffer.from(Array.from({ length: 400_000 }, (_, at) => 32 + ((at * at * 31 + at) % 90)))
const LONG = `${'long'.repeat(30)}/${'name'.repeat(30)}.txt`

mkdirSync(join(FOLDER, 'tree', 'sub'), { recursive: true })
mkdirSync(join(FOLDER, 'tree', 'long'.repeat(30)))
writeFileSync(join(FOLDER, 'tree', 'a.txt'), TEXT)
writeFileSync(join(FOLDER, 'tree', 'sub', 'large.bin'), LARGE)
writeFileSync(join(FOLDER, 'tree', LONG), TEXT)

/** Runs a shell line in the folder, and reads the file `out` that it made. */
async function make(line: string, env: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const { code, stderr } = await runProgram('sh', ['-ec', `rm -rf out out.*; ${line}`], { cwd: FOLDER, env })
  expect(code, stderr).toBe(0)
  return readFileSync(join(FOLDER, 'out'))
}

function holdsAll({ seen }: Looked): boolean {
  return [Buffer.from(TEXT), LARGE].every((content) => seen.some(({ bytes }) => bytes.equals(content)))
}

const OPENED: readonly (readonly [string, string])[] = [
  ['zip', 'cd tree; zip -qr ../out.zip .; mv ../out.zip ../out'],
  ['zip to a pipe', '(cd tree; zip -qr - .) >out'],
  ['zip of Python', 'python3 -m zipfile -c out tree/'],
  ['zip of 7-Zip', '7zz a -tzip out.zip ./tree/* >/dev/null; mv out.zip out'],
  ['a program that unpacks itself', '(cat /bin/true; cd tree; zip -qr - . | cat) >out'],
  [
    'the same with its places put right',
    '(cat /bin/true; cd tree; zip -qr - . | cat) >out.zip; zip -qA out.zip; mv out.zip out',
  ],
  ['tar', 'tar -cf out tree'],
  ['tar of pax', 'tar --format=pax -cf out tree'],
  ['tar of ustar', 'tar --format=ustar -cf out tree/a.txt tree/sub'],
  ['tar of 1979', 'tar --format=v7 -cf out tree/a.txt tree/sub'],
  ['sparse tar', 'tar -S -cf out tree'],
  ['sparse tar of pax', 'tar --format=pax -S -cf out tree'],
  ['tar of Python', 'python3 -m tarfile -c out tree'],
  ['tar.gz', 'tar -czf out tree'],
  ['tar.zst', 'tar --zstd -cf out tree'],
  ['zstd of level 19', 'tar -cf - tree | zstd -q -19 >out'],
  [
    'zstd in two frames',
    'tar -cf out.tar tree; (head -c 9999 out.tar | zstd -q; tail -c +10000 out.tar | zstd -q) >out',
  ],
  ['gzip in two members', 'tar -cf out.tar tree; (head -c 9999 out.tar | gzip; tail -c +10000 out.tar | gzip) >out'],
  ['base64', 'tar -czf - tree | base64 >out'],
  ['base64 of openssl', 'tar -czf - tree | openssl base64 >out'],
]

describe('what a real program made is opened', () => {
  it.each(OPENED)('%s', async (_, line) => {
    const body = await make(line)
    for (const pieces of [[1_000_000], [1_021, 1, 65_536]]) {
      const looked = await examine(body, { pieces })
      expect(looked.incomplete).toEqual([])
      expect(holdsAll(looked)).toBe(true)
    }
  })

  it('with names as long as they were', async () => {
    for (const line of ['tar -cf out tree', 'tar --format=pax -cf out tree', 'zip -qr - tree >out']) {
      const { seen } = await examine(await make(line))
      expect(seen.map(({ at }) => at)).toContain(`tree/${LONG}`.slice(0, 256))
    }
  })
})

const CLOSED: readonly (readonly [string, string, string])[] = [
  ['bzip2', 'tar -cjf out tree', 'bzip2'],
  ['xz', 'tar -cJf out tree', 'xz'],
  ['7z', '7zz a out.7z ./tree >/dev/null; mv out.7z out', '7z'],
  ['lzma', 'xz --format=lzma -c tree/a.txt >out', 'lzma'],
  ['cpio', 'find tree | python3 -c "print()" >/dev/null; printf "070701%0104d" 0 >out', 'cpio'],
  [
    'a zip with another compression',
    "python3 -c \"import zipfile;z=zipfile.ZipFile('out','w',zipfile.ZIP_LZMA);z.write('tree/a.txt')\"",
    'a zip member of method 14',
  ],
  [
    'a git bundle',
    'git init -q r; cd r; git -c user.name=a -c user.email=b commit -q --allow-empty -m c; git bundle create -q ../out HEAD; rm -r ../r',
    'git bundle',
  ],
]

describe('what a real program made and nothing here opens is told', () => {
  it.each(CLOSED)('%s', async (_, line, kind) => {
    const { facts, incomplete } = await examine(await make(line))
    expect(facts.archive?.unopened.first).toMatchObject([{ kind }])
    expect(incomplete).toHaveLength(1)
    expect(incomplete[0]).toContain(`${kind} that was not opened`)
  })
})

const PGP = 'gpg --batch --quiet --passphrase x --pinentry-mode loopback'

const ENCRYPTED: readonly (readonly [string, string, string])[] = [
  ['zip', 'zip -qr -P secret out.zip tree; mv out.zip out', 'a member of a zip'],
  ['zip to a pipe', 'cat tree/a.txt | zip -q -P secret - - >out', 'a member of a zip'],
  [
    'zip of 7-Zip with AES',
    '7zz a -tzip -psecret -mem=AES256 out.zip ./tree >/dev/null; mv out.zip out',
    'a member of a zip',
  ],
  ['7z with its names', '7zz a -psecret -mhe=on out.7z ./tree >/dev/null; mv out.7z out', 'an encrypted 7z'],
  ['7z of one file', '7zz a -psecret -mhc=off out.7z ./tree/a.txt >/dev/null; mv out.7z out', 'an encrypted 7z'],
  ['gpg with a passphrase', `${PGP} -c -o out tree/a.txt`, 'an OpenPGP message'],
  ['gpg with a passphrase, in letters', `${PGP} -ca -o out tree/a.txt`, 'an OpenPGP message'],
  [
    'gpg for a key',
    `${PGP} --quick-gen-key a@example default default; ${PGP} --trust-model always -r a@example -e -o out tree/a.txt`,
    'an OpenPGP message',
  ],
  ['gpg within a text', `${PGP} -ca -o out.asc tree/a.txt; (echo hello; cat out.asc) >out`, 'an OpenPGP message'],
  ['openssl enc', 'openssl enc -aes-256-cbc -pbkdf2 -k x -in tree/a.txt -out out', 'a file of openssl enc'],
  [
    'openssl enc in letters',
    'openssl enc -aes-256-cbc -pbkdf2 -k x -a -in tree/a.txt -out out',
    'a file of openssl enc',
  ],
  [
    'CMS',
    'openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -subj /CN=x 2>/dev/null; openssl cms -encrypt -in tree/a.txt -outform DER -out out c',
    'a CMS message',
  ],
  [
    'CMS in PEM',
    'openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -subj /CN=x 2>/dev/null; openssl cms -encrypt -in tree/a.txt -outform PEM -out out c',
    'a CMS message',
  ],
  ['age', 'age-keygen -o key 2>/dev/null; age -r "$(age-keygen -y key)" -o out tree/a.txt; rm key', 'a file of age'],
  [
    'age in letters',
    'age-keygen -o key 2>/dev/null; age -a -r "$(age-keygen -y key)" -o out tree/a.txt; rm key',
    'a file of age',
  ],
  ['a PDF', 'qpdf --empty --encrypt x y 256 -- out', 'an encrypted PDF'],
  ['a PDF with packed objects', 'qpdf --empty --object-streams=generate --encrypt x y 256 -- out', 'an encrypted PDF'],
]

describe('what a real program encrypted is told', () => {
  it.each(ENCRYPTED)('%s', async (_, line, what) => {
    const body = await make(line, { GNUPGHOME: temporaryFolder('gnupg') })
    for (const pieces of [[1_000_000], [11, 509]]) {
      const { facts, incomplete } = await examine(body, { pieces })
      expect(facts.encrypted.first.map((one) => one.what)).toContain(what)
      expect(incomplete.join('\n')).toContain(`${what}, which is encrypted`)
    }
  })

  it.each([
    ['a PDF', 'qpdf --empty out'],
    ['a key of gpg', `${PGP} --quick-gen-key b@example default default; ${PGP} --export -o out`],
    ['a signature of gpg', `${PGP} --quick-gen-key c@example default default; ${PGP} -s -o out tree/a.txt`],
    [
      'a certificate',
      'openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out out -outform DER -subj /CN=x 2>/dev/null',
    ],
    ['7z', '7zz a out.7z ./tree >/dev/null; mv out.7z out'],
    ['a program', 'cp /bin/sh out'],
  ])('%s is not', async (_, line) => {
    const { facts } = await examine(await make(line, { GNUPGHOME: temporaryFolder('gnupg') }))
    expect(facts.encrypted.first).toEqual([])
  })
})
