/** All request cases, each with a name of its own. */
import type { RequestCase } from './case.ts'
import { CHUNKS } from './chunks.ts'
import { CONTENT_LENGTH } from './content-length.ts'
import { FIELDS } from './fields.ts'
import { HOST } from './host.ts'
import { MESSAGES } from './messages.ts'
import { REQUEST_LINE } from './request-line.ts'
import { TRANSFER_ENCODING } from './transfer-encoding.ts'

export const REQUEST_CASES: readonly RequestCase[] = [
  ...CONTENT_LENGTH,
  ...TRANSFER_ENCODING,
  ...CHUNKS,
  ...FIELDS,
  ...REQUEST_LINE,
  ...HOST,
  ...MESSAGES,
]
