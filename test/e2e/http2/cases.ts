/** All cases, in the order of the RFCs. */
import type { Case } from './case.ts'
import { CONNECTION_CASES } from './cases/connection.ts'
import { CONTINUATION_CASES } from './cases/continuation.ts'
import { FLOW_CASES } from './cases/flow-control.ts'
import { FRAME_CASES } from './cases/frames.ts'
import { SETTINGS_CASES } from './cases/settings.ts'
import { STREAM_CASES } from './cases/streams.ts'

export const CASES: readonly Case[] = [
  ...CONNECTION_CASES,
  ...STREAM_CASES,
  ...FRAME_CASES,
  ...SETTINGS_CASES,
  ...CONTINUATION_CASES,
  ...FLOW_CASES,
]
