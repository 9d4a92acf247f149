/** A receive-pack that reads a real push with Weir's parsers, refuses every ref of it, and writes down what it read. */
import { writeFileSync } from 'node:fs'
import { parsePackHeader } from '../../src/wire/pack-header.ts'
import { encodePushRefusal } from '../../src/wire/push-report.ts'
import { createPushRequestReader } from '../../src/wire/push-request.ts'
import { packets } from './push.ts'

const { REFUSE_REFS = '', REFUSE_CAPABILITIES = '', REFUSE_OUT = '' } = process.env

// Without refs the capabilities hang on a name that none is (gitprotocol-pack, "no-refs").
const refs = REFUSE_REFS === '' ? [`${'0'.repeat(40)} capabilities^{}`] : REFUSE_REFS.split(',')
const [first = '', ...more] = refs
process.stdout.write(packets(`${first}\0${REFUSE_CAPABILITIES}\n`, ...more.map((ref) => `${ref}\n`), null))

const reader = createPushRequestReader()
const body: Uint8Array[] = []
let head = reader.push(new Uint8Array())
for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
  body.push(chunk)
  head = reader.push(chunk)
  // Behind a pack git closes its end; behind a push that only deletes it waits for the answer.
  if (head.state === 'done' && head.value.kind === 'push' && !head.value.hasPack) break
}
const pack = parsePackHeader(Buffer.concat(body).subarray(head.state === 'done' ? head.size : 0))
writeFileSync(REFUSE_OUT, JSON.stringify({ head, pack }))

if (head.state === 'done' && head.value.kind === 'push') {
  const answer = encodePushRefusal({
    capabilities: head.value.capabilities,
    refs: head.value.updates.map(({ ref }) => ({ name: ref, reason: 'weir: not yours' })),
    lines: ['Push to git.example/acme instead.', 'Ask at help.example.'],
  })
  process.stdout.write(answer ?? new Uint8Array(), () => process.exit(0))
}
