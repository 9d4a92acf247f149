/** Folders of the proxy's tests: made on demand, gone when their test file is done. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`))
  folders.push(folder)
  return folder
}
