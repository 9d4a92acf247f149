/** The process of an attacker: strikes, and connects again as soon as it is cut, until its time is over. */
import { strikeUntil } from './strike.ts'
import type { Order, Toll } from './order.ts'

process.once('message', (order) => {
  strikeUntil(order as Order).then(
    (toll: Toll) => {
      process.send?.(toll)
      process.disconnect()
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exitCode = 1
      process.disconnect()
    },
  )
})
