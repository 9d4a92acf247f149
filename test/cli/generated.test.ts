import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderFiles } from '../../src/cli/reference/files.ts'

describe('what is made from the source is fresh (npm run generate)', () => {
  it.each([...renderFiles()])('%s', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})

describe('the settings page', () => {
  const page = renderFiles().get('docs/settings.md') ?? ''

  it('has every limit with its default', () => {
    expect(page).toContain('| `heldBytesMax` | number or text |')
    expect(page).toMatch(/`gitDrainBytesMax`.*Default: `2 GiB`\./)
  })
})

describe('the command page', () => {
  const page = renderFiles().get('docs/cli.md') ?? ''

  it('has every command and every flag of run with its variable', () => {
    for (const name of [
      'run',
      'demo',
      'check',
      'test',
      'explain',
      'status',
      'ca init',
      'ca export',
      'health',
      'version',
    ]) {
      expect(page).toContain(`## \`weir ${name}\``)
    }
    for (const name of [
      'CONFIG',
      'POLICY',
      'LISTEN',
      'CERTS',
      'DATA',
      'UPSTREAM_CA',
      'RESOLVE',
      'ALLOW_PRIVATE',
      'ALLOW_CLIENTS',
      'INSPECTION',
    ]) {
      expect(page).toContain(`WEIR_${name}`)
    }
  })
})
