/** The scenarios once more, by the same tools over HTTP/2, to a world that speaks HTTP/1.1. */
import { expect, it } from 'vitest'
import { speakHttp2, spokenVersions } from './support/scenario-stage.ts'

speakHttp2()
await import('./scenarios.test.ts')

it('is by HTTP/2 that most of it was asked', () => {
  const versions = spokenVersions()
  console.info([...versions].map(([version, count]) => `${count} by ${version}`).join(', '))
  expect(versions.get('2')).toBeGreaterThanOrEqual(50)
})
