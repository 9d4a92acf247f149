/** The vocabulary of operations, as the policy language names it. */
import { describe, expect, it } from 'vitest'
import {
  expandOperations,
  FAMILIES,
  familyOf,
  isFamily,
  isOperation,
  OPERATION_NAMES,
  OPERATIONS,
} from '../../src/flow/operation.ts'

describe('operations', () => {
  it('stand each in one family, once', () => {
    expect(new Set(OPERATIONS).size).toBe(OPERATIONS.length)
    for (const [family, members] of Object.entries(FAMILIES)) {
      for (const operation of members) expect(familyOf(operation)).toBe(family)
    }
  })

  it('name families and operations without saying one twice', () => {
    expect(new Set(OPERATION_NAMES).size).toBe(OPERATION_NAMES.length)
    expect(OPERATION_NAMES).toEqual(expect.arrayContaining(['read', 'write', 'admin', 'opaque', 'git-push', 'sign-in']))
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', '', 'READ', 'git-Push'])(
    '%j is neither an operation nor a family',
    (name) => {
      expect([isOperation(name), isFamily(name)]).toEqual([false, false])
    },
  )

  it('has a family of nothing else', () => {
    // @ts-expect-error what is not in the vocabulary
    expect(() => familyOf('git-pull')).toThrow('no family')
  })
})

describe('expandOperations', () => {
  it('takes families and operations together', () => {
    expect([...expandOperations(['sign-in', 'git-push', 'opaque'])]).toEqual([
      'sign-in',
      'git-push',
      'tunnel',
      'ssh',
      'unknown-protocol',
      'upgrade',
    ])
  })

  it('says nothing twice, and of nothing nothing', () => {
    expect(expandOperations(['write', 'git-push']).size).toBe(FAMILIES.write.length)
    expect(expandOperations([]).size).toBe(0)
  })
})
