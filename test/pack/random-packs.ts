/** Packs of random repositories, made by git with random options, and held against what git says of them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectFormat } from '../../src/wire/pack/object-types.ts'
import { comparePack } from './compare.ts'
import { git } from './git.ts'
import { Chance } from './random.ts'
import { makeRepository } from './random-repository.ts'

export interface Comparison {
  readonly name: string
  readonly bytes: number
  readonly faults: readonly string[]
}

export async function compareRandomPack(seed: number): Promise<Comparison> {
  const chance = new Chance(seed)
  const folder = mkdtempSync(join(tmpdir(), 'weir-repository-'))
  try {
    const format = chance.pick<ObjectFormat>(['sha1', 'sha1', 'sha256'])
    makeRepository(folder, format, chance)
    const isThin = chance.hit(4)
    const options = packOptions(chance, isThin)
    const pack = git(
      folder,
      ['pack-objects', ...options, '--revs', '--stdout', '-q'],
      revisions(folder, isThin, chance),
    )
    const chunkBytes = chance.pick([7, 1_000, 16_384, 65_536, 1_000_000])
    const faults = await comparePack(pack, format, chunkBytes, isThin ? folder : null)
    return { name: `${seed} ${format} ${options.join(' ')}, chunks of ${chunkBytes}`, bytes: pack.length, faults }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function packOptions(chance: Chance, isThin: boolean): readonly string[] {
  return [
    isThin ? '--thin' : '--all',
    ...(chance.hit(2) ? ['--delta-base-offset'] : []),
    ...(chance.hit(2) ? ['--no-reuse-delta', '--no-reuse-object'] : []),
    `--depth=${chance.pick([0, 1, 10, 50, 250, 4_000])}`,
    `--window=${chance.pick([2, 10, 40])}`,
    `--compression=${chance.pick([0, 1, 6, 9])}`,
  ]
}

function revisions(folder: string, isThin: boolean, chance: Chance): string {
  if (!isThin) return ''
  const commits = git(folder, ['rev-list', '--first-parent', 'main']).toString().trim().split('\n')
  const known = commits[1 + chance.below(Math.max(1, commits.length - 1))]
  return known === undefined ? 'main\n' : `main\n^${known}\n`
}
