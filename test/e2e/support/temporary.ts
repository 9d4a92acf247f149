/** Folders of the end-to-end tests: made on demand, gone when their test file is done. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

// Of the hooks of a test file the first registered runs last: by then its servers are closed.
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `weir-e2e-${name}-`))
  folders.push(folder)
  return folder
}
