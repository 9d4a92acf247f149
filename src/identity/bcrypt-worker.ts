/** The program of the thread that computes bcrypt: one answer for each question, in order. */
import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'

export interface BcryptQuestion {
  readonly password: string
  readonly hash: string
}

export type BcryptAnswer = boolean

parentPort?.on('message', ({ password, hash }: BcryptQuestion) => {
  // The library compares in constant time.
  parentPort?.postMessage(compareSync(password, hash) satisfies BcryptAnswer, [])
})
