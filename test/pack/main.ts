/** `npm run pack:compare`: 200 random packs and 5 of real source, each read by Weir and by git, which must agree. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { comparePack } from './compare.ts'
import { git } from './git.ts'
import { Chance } from './random.ts'
import { type Comparison, compareRandomPack } from './random-packs.ts'
import { makeRealRepository } from './real-repository.ts'

const RANDOM_PACKS = 200
const VERSIONS = 8
const INSTALLED = resolve(import.meta.dirname, '../../node_modules')
/** Of packages that Weir has anyway. */
const REAL_PACKAGES = ['typescript', 'zod', 'graphql', 'undici', '@types/node']

let failed = 0

for (let seed = 1; seed <= RANDOM_PACKS; seed++) tell(await compareRandomPack(seed))
for (const name of REAL_PACKAGES) tell(await compareRealPack(name))
process.stdout.write(`${RANDOM_PACKS + REAL_PACKAGES.length} packs, ${failed} not as git reads them\n`)
process.exitCode = failed === 0 ? 0 : 1

async function compareRealPack(name: string): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-real-'))
  try {
    makeRealRepository(folder, join(INSTALLED, name), VERSIONS, new Chance(name.length))
    const pack = git(folder, ['pack-objects', '--all', '--revs', '--stdout', '-q', '--delta-base-offset'])
    return { name, bytes: pack.length, faults: await comparePack(pack, 'sha1', 65_536, null) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function tell({ name, bytes, faults }: Comparison): void {
  if (faults.length > 0) failed++
  process.stdout.write(`${faults.length === 0 ? 'same' : 'DIFFERENT'} ${name}: ${bytes} bytes\n`)
  for (const fault of faults.slice(0, 5)) process.stdout.write(`  ${fault}\n`)
}
