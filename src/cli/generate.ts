/** `npm run generate` writes the files that are made from the source; with `--check` it says which are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderFiles } from './reference/files.ts'

const ROOT = join(import.meta.dirname, '..', '..')

if (process.argv.slice(2).some((word) => word !== '--check')) {
  process.stderr.write('usage: generate.ts [--check]\n')
  process.exit(2)
}

const stale = [...renderFiles()].filter(([path, text]) => readOrNull(join(ROOT, path)) !== text)
if (process.argv.includes('--check')) {
  for (const [path] of stale) process.stderr.write(`${path}: stale; run \`npm run generate\`\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text)
    process.stdout.write(`${path}: written\n`)
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
