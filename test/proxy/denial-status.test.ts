/** The status of each ground for a denial. */
import { describe, expect, it } from 'vitest'
import type { DenialCode } from '../../src/flow/verdict.ts'
import { statusOfDenial } from '../../src/proxy/denial-status.ts'

describe('statusOfDenial', () => {
  it.each<[DenialCode, number]>([
    ['rule', 403],
    ['default', 403],
    ['doubt', 403],
    ['limit', 413],
    ['address-refused', 403],
    ['name-disagrees', 421],
    ['name-unproven', 403],
    ['malformed', 400],
    ['holding-limit', 413],
    ['upgrade-refused', 403],
    ['tenant-unset', 403],
    ['client-refused', 403],
    ['record-unwritable', 503],
    ['fault', 500],
  ])('%s: %i', (code, status) => {
    expect(statusOfDenial(code)).toBe(status)
  })
})
