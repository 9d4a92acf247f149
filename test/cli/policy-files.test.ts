import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hostListsBytesMax, loadPolicy } from '../../src/cli/load-policy.ts'
import { policyBytesMax, readPolicyFiles } from '../../src/cli/policy-files.ts'
import { hostListBytesMax } from '../../src/policy/host-list.ts'
import { policyFilesMax } from '../../src/policy/source.ts'
import { folderWith } from './weir-command.ts'

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readPolicyFiles(folder)).map(({ file }) => file.slice(folder.length + 1))
}

const files = (count: number, text = 'version: 1\n'): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${String(at).padStart(3, '0')}.yaml`, text]))

describe('readPolicyFiles', () => {
  it('takes one file for itself, whatever it is called', async () => {
    const folder = folderWith({ 'policy.txt': 'version: 1\n' })
    const file = join(folder, 'policy.txt')
    expect(await readPolicyFiles(file)).toEqual([{ file, text: 'version: 1\n' }])
  })

  it("takes a folder's own YAML files in the order of their names", async () => {
    const folder = folderWith({
      '20-b.yaml': '',
      '10-a.yaml': '',
      'B.yaml': '',
      'a.test.yaml': '',
      '.hidden.yaml': '',
      'hosts.txt': '',
      'c.yaml.bak': '',
    })
    mkdirSync(join(folder, 'below.yaml'))
    writeFileSync(join(folder, 'below.yaml', 'd.yaml'), '')
    symlinkSync('20-b.yaml', join(folder, 'z.yaml'))
    expect(await namesIn(folder)).toEqual(['10-a.yaml', '20-b.yaml', 'B.yaml', 'z.yaml'])
  })

  it('refuses a folder without a policy', async () => {
    const folder = folderWith({ 'a.test.yaml': '', '.b.yaml': '' })
    await expect(readPolicyFiles(folder)).rejects.toThrow(`${folder}: the folder has no policy`)
    await expect(readPolicyFiles(join(folder, 'none'))).rejects.toThrow('there is no such file')
  })

  it('takes 100 files', async () => {
    expect(await namesIn(folderWith(files(policyFilesMax)))).toHaveLength(100)
    const folder = folderWith(files(policyFilesMax + 1))
    await expect(readPolicyFiles(folder)).rejects.toThrow('more than 100 policy files')
  })

  it('takes 24 MiB in all', async () => {
    const mebibyte = `#${' '.repeat(1024 * 1024 - 1)}`
    const folder = folderWith(files(24, mebibyte))
    expect((await readPolicyFiles(folder)).reduce((sum, { text }) => sum + text.length, 0)).toBe(policyBytesMax)
    writeFileSync(join(folder, 'z.yaml'), '#')
    await expect(readPolicyFiles(folder)).rejects.toThrow(`${folder}: its files are larger than 24 MiB together`)
  })
})

describe('a policy in a folder', () => {
  it('is one policy, with its lists beside it', async () => {
    const folder = folderWith({
      '1.yaml': 'version: 1\ndefault: allow\nlists: { l: { file: l.txt } }\n',
      '2.yaml': 'version: 1\nrules: [{ name: a, to: { lists: l }, action: deny }]\n',
      'l.txt': 'a.example\n',
    })
    const { policy, problems, texts } = await loadPolicy(folder, undefined)
    expect(problems).toEqual([])
    expect(policy?.rules.map(({ name }) => name)).toEqual(['a', null, null])
    expect([...texts.keys()]).toEqual(['1.yaml', '2.yaml', 'l.txt'].map((name) => join(folder, name)))
  })

  it('has list files of 256 MiB in all', async () => {
    const names = ['l.txt', './l.txt', '././l.txt', './././l.txt']
    const lists = (spelled: readonly string[]): string =>
      `version: 1\nlists: { ${spelled.map((file, at) => `l${at}: { file: ${file} }`).join(', ')} }\n`
    const folder = folderWith({
      '1.yaml': lists(names),
      'l.txt': `a.example\n#${' '.repeat(hostListBytesMax - 11)}`,
      'm.txt': 'b.example',
    })
    expect((await loadPolicy(folder, undefined)).problems).toEqual([])
    writeFileSync(join(folder, '1.yaml'), lists([...names, 'm.txt']))
    expect(hostListsBytesMax).toBe(4 * hostListBytesMax)
    expect((await loadPolicy(folder, undefined)).problems).toMatchObject([
      { line: 2, message: 'the list files are larger than 256 MiB together' },
    ])
  })

  it('says in which file a problem is', async () => {
    const folder = folderWith({ '1.yaml': 'version: 1\n', '2.yaml': 'version: 1\nrulez: []\n' })
    const { policy, problems } = await loadPolicy(folder, undefined)
    expect(policy).toBeNull()
    expect(problems).toMatchObject([{ file: join(folder, '2.yaml'), line: 2, column: 1 }])
  })
})
