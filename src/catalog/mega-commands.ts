/** What a list of MEGA's commands does, taken together: one command that is not known to be harmless makes it an upload. */
import type { Parse } from '../wire/parse.ts'
import type { InnerOperation } from './service-entry.ts'

/** They fetch the tree, the address of a file, quotas, prices, attributes, keys and sessions, and leave nothing behind. */
const READS: ReadonlySet<string> = new Set([
  'f',
  'g',
  'mfag',
  'qbq',
  'ug',
  'uga',
  'uk',
  'uq',
  'usl',
  'utqa',
  'utp',
  'utt',
])
/** The question for the salt, the sign-in itself, and the sign-out. */
const SIGN_INS: ReadonlySet<string> = new Set(['us0', 'us', 'sml'])

/** Of a body that is not proven to be a list of commands it is what the address alone tells. */
export function operationOfMegaCommands(commands: Parse<readonly string[]>): InnerOperation {
  if (commands.state !== 'done' || commands.value.length === 0) return 'file-upload'
  if (!commands.value.every((command) => READS.has(command) || SIGN_INS.has(command))) return 'file-upload'
  return commands.value.some((command) => SIGN_INS.has(command)) ? 'sign-in' : 'api-read'
}
