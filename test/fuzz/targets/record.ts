/** Event ids and records as they are read again: whatever stands in them, what is told of them is a line that a terminal only prints. */
import assert from 'node:assert/strict'
import { findingsOf, unlookedOf } from '../../../src/cli/event-findings.ts'
import { storyOf } from '../../../src/cli/event-story.ts'
import { parseRecord } from '../../../src/cli/record-document.ts'
import { parseEventId } from '../../../src/proxy/event-id.ts'
import { mutatedText } from '../corpus.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const eventId = defineTarget({
  name: 'event-id',
  parsers: ['proxy/event-id.ts#parseEventId'],
  inputs: mutatedText(['m3ng8ce6h1dec', 'N2MSEW53GAS7Z', '0oIlO00000000'], ['o', 'L', 'u', 'İ']),
  shortRuns: 1_000,
  check(text) {
    const id = parseEventId(text)
    if (id === null) return
    assert.match(id, /^[0-9a-hjkmnp-tv-z]{13}$/)
    assert.equal(parseEventId(id), id)
  },
})

const RECORD = {
  '@timestamp': '2026-01-02T03:04:05.678Z',
  'event.id': 'm3ng8ce6h1dec',
  'event.action': 'denied',
  'event.duration': 2_000_000_000,
  'source.ip': '10.1.2.3',
  'user.name': 'ada',
  'http.request.method': 'POST',
  'url.scheme': 'https',
  'url.domain': 'github.com',
  'url.path': '/a',
  'rule.name': 'r',
  message: 'no',
  'error.code': 'upstream-broken',
  'error.message': 'broken',
  'weir.operation': 'git-push',
  'weir.refs': [{ name: 'refs/heads/main', kind: 'update' }],
  'weir.bytes.up': 1,
  'weir.bytes.down': 2,
  'weir.content.types': ['text/plain'],
  'weir.content.incomplete': ['no time'],
  'weir.secrets.found': [{ rule: 'r', title: 't', within: ['a', 'b'], line: 1, excerpt: 'x=***' }],
  'weir.ownSource.bytes': 1,
  'weir.ownSource.share': 0.5,
  'weir.ownSource.repositories': [{ name: 'acme/app', blobs: 1, partial: 2, bytes: 3 }],
  'weir.pack.objects': 1,
  'weir.reason': 'doubt',
  'weir.unseen': ['pack'],
  'weir.wouldDeny': ['watch'],
  'weir.upstream.bodyBytes': 0,
}

const record = defineTarget({
  name: 'record',
  parsers: ['cli/record-document.ts#parseRecord'],
  inputs: mutatedText(
    [JSON.stringify(RECORD), JSON.stringify({ ...RECORD, 'event.action': 'failed' })],
    ['\\u001b[2J', '\u009b', '\\n', '\u202e', '\\ud800', '1e400', '-1', 'null', '[]', '__proto__'],
  ),
  check(text) {
    const value = jsonOrNull(text)
    const parsed = parseRecord(value)
    if (parsed === null) return
    const lines = [...storyOf(parsed, (_, words) => words), ...findingsOf(parsed), ...unlookedOf(parsed)]
    for (const line of lines) assert.doesNotMatch(line, /[^\P{C}\t\u200c\u200d]/u)
    assert(lines.length > 1)
  },
})

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

export const RECORD_TARGETS: readonly FuzzTarget[] = [eventId, record]
