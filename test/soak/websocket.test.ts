/** WebSockets in number and at length, in short: the whole of it is `npm run soak:websocket`. */
import { expect, it } from 'vitest'
import { faultsOf } from './websocket/faults.ts'
import { playWebSockets } from './websocket/play.ts'

it('carries much, holds many that are idle, and keeps nothing of those that broke off', async () => {
  const plan = { echoBytes: 64e6, idleSockets: 400, aborts: 200, seed: 7 }
  const lines: string[] = []
  const result = await playWebSockets(plan, (line) => lines.push(line))
  expect(faultsOf(plan, result), lines.join('\n')).toEqual([])
}, 240_000)
