/** The one answer that Weir changes: a git server's list of what it can do, ahead of a push into which a rule wants to look. */
import { type Field, fieldValues } from '../wire/fields.ts'
import { createAdvertisementEdit } from '../wire/push-advertisement.ts'
import type { RequestCase } from './request-case.ts'
import type { Runtime } from './runtime.ts'

export interface AnswerEdit {
  /** Whether this answer is changed; its length is then another. */
  begin(status: number, fields: readonly Field[]): boolean
  push(chunk: Buffer): Buffer
  end(): Buffer
}

/** Null for an answer that goes on as it came. */
export function answerEditOf({ policy }: Runtime, { asked }: Pick<RequestCase, 'asked'>): AnswerEdit | null {
  if (!policy.looksIntoUploads || asked.method !== 'GET' || !ADVERTISEMENT.test(asked.target)) return null
  const edit = createAdvertisementEdit()
  return {
    begin: (status, fields) => {
      const isPlain = fieldValues(fields, 'content-encoding').length === 0
      return status === 200 && isPlain && fieldValues(fields, 'content-type').some((type) => TYPE.test(type))
    },
    push: (chunk) => Buffer.from(edit.push(chunk)),
    end: () => Buffer.from(edit.end()),
  }
}

const ADVERTISEMENT = /\/info\/refs\?(?:.*&)?service=git-receive-pack(?:&|$)/
const TYPE = /^application\/x-git-receive-pack-advertisement\b/i
