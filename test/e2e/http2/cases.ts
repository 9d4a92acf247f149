/** All cases, in the order of the RFCs. */
import type { Case } from './case.ts'
import { CONNECTION_CASES } from './cases/connection.ts'
import { CONTENT_CASES } from './cases/content.ts'
import { CONTINUATION_CASES } from './cases/continuation.ts'
import { FLOW_CASES } from './cases/flow-control.ts'
import { FRAME_CASES } from './cases/frames.ts'
import { HPACK_CASES } from './cases/hpack.ts'
import { TABLE_CASES } from './cases/hpack-table.ts'
import { MALFORMED_CASES } from './cases/malformed.ts'
import { MESSAGE_CASES } from './cases/messages.ts'
import { SETTINGS_CASES } from './cases/settings.ts'
import { STREAM_CASES } from './cases/streams.ts'

export const CASES: readonly Case[] = [
  ...CONNECTION_CASES,
  ...STREAM_CASES,
  ...FRAME_CASES,
  ...SETTINGS_CASES,
  ...CONTINUATION_CASES,
  ...FLOW_CASES,
  ...MALFORMED_CASES,
  ...CONTENT_CASES,
  ...MESSAGE_CASES,
  ...HPACK_CASES,
  ...TABLE_CASES,
]
