/** What in a result is a fault: bytes that did not come, memory that grew with them, and readers that nobody waits for. */
import type { SoakResult } from './play.ts'

/** The windows of both connections, and what Node keeps of a stream on each side. */
const AHEAD_BYTES_MAX = 4 * 1024 * 1024
const GROWTH_BYTES_MAX = 64 * 1024 * 1024

export function faultsOf({ steps }: SoakResult): readonly string[] {
  return steps.flatMap(({ name, received, expected, growthBytes, aheadBytes }) => [
    ...(received === expected ? [] : [`${name}: ${received} bytes of ${expected}`]),
    ...(growthBytes < GROWTH_BYTES_MAX ? [] : [`${name}: resident memory grew by ${growthBytes} bytes`]),
    ...(aheadBytes < AHEAD_BYTES_MAX ? [] : [`${name}: ${aheadBytes} bytes were on their way`]),
  ])
}
