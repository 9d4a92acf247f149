import { describe, expect, it } from 'vitest'
import { drive, type Step } from '../../../src/wire/pack/drive.ts'

function stepsOf(steps: readonly Step[], done: number[]): () => Step {
  return () => {
    done.push(done.length)
    return steps[done.length - 1] ?? false
  }
}

describe('steps', () => {
  it('go on at once where nobody asks to wait', () => {
    const done: number[] = []
    expect(drive(stepsOf([true, true, false, true], done))).toBeUndefined()
    expect(done).toHaveLength(3)
  })

  it('wait behind each that asks for it, and for nothing else', async () => {
    const done: number[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = drive(stepsOf([true, promise, true, Promise.resolve(), true], done))
    await Promise.resolve()
    expect(done).toHaveLength(2)
    resolve()
    await end
    expect(done).toHaveLength(6)
  })

  it('end with what is thrown, before a wait and behind it', async () => {
    const fail = (): never => {
      throw new Error('of a step')
    }
    expect(() => drive(fail)).toThrow('of a step')
    let count = 0
    await expect(drive(() => (count++ === 0 ? Promise.resolve() : fail()))).rejects.toThrow('of a step')
  })
})
