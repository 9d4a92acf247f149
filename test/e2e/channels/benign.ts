/** What people do in a working day, and what their tools and browsers do for them: all of it passes the same policy. */
import { BENIGN_CODE } from './benign-code.ts'
import { BENIGN_REST } from './benign-rest.ts'
import { BENIGN_WEB } from './benign-web.ts'
import type { Channel } from './shape.ts'

export const BENIGN: readonly Channel[] = [...BENIGN_CODE, ...BENIGN_REST, ...BENIGN_WEB]
