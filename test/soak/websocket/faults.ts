/** What in a result of the WebSocket soak is wrong. */
import type { WebSocketPlan, WebSocketResult } from './play.ts'

/** Two sockets, two followers and what judges them. */
const IDLE_SOCKET_BYTES_MAX = 48 * 1024
/** What one echo of any length may leave behind: the allocator's own ups and downs. */
const ECHO_GROWTH_BYTES_MAX = 48 * 1024 * 1024

export function faultsOf(plan: WebSocketPlan, result: WebSocketResult): readonly string[] {
  const { before, afterEcho, after, bytesPerIdleSocket, echoed } = result
  const faults: string[] = []
  const growth = afterEcho.rssBytes - before.rssBytes
  if (echoed < 2 * plan.echoBytes) faults.push(`${echoed} bytes of ${2 * plan.echoBytes} came back`)
  if (growth > ECHO_GROWTH_BYTES_MAX) faults.push(`resident memory grew by ${growth} bytes over the echo`)
  if (bytesPerIdleSocket > IDLE_SOCKET_BYTES_MAX) faults.push(`an idle socket costs ${bytesPerIdleSocket} bytes`)
  for (const [kind, count] of Object.entries(after.descriptors)) {
    const had = before.descriptors[kind] ?? 0
    if (count > had) faults.push(`descriptors of ${kind}: ${had} before, ${count} after`)
  }
  for (const [kind, count] of Object.entries(after.resources)) {
    const had = before.resources[kind] ?? 0
    if (count > had) faults.push(`resources of ${kind}: ${had} before, ${count} after`)
  }
  if (after.listeners > before.listeners) faults.push(`listeners: ${before.listeners} before, ${after.listeners} after`)
  return faults
}
