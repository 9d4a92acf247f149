/** A well-formed push for the proxy's tests: its list of refs, and what stands for the pack behind it. */
import { A, B, command, packets } from '../wire/push.ts'

export const REF = 'refs/heads/main'

export const PUSH: Uint8Array = packets(command(A, B, REF, ' report-status side-band-64k agent=git/2.50'), null)

/** A pack's header, of no objects, and a body of which only the size matters here. */
export const PACK: Uint8Array = Buffer.concat([Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1'), Buffer.alloc(88, 0x5a)])
