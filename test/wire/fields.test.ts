import { describe, expect, it } from 'vitest'
import { fieldsOf, fieldValues, forwardedFields, forwardedResponseFields, rawValues } from '../../src/wire/fields.ts'

/** `Name: value` lines as Node's flat list. */
function flat(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
}

const END_TO_END = flat('Host: a.example', 'accept: */*', 'X-Own: 1', 'Cookie: a', 'cookie: b', 'Content-Length: 3')

describe('the fields that go on', () => {
  it('keep their order, case and number', () => {
    expect(forwardedFields(END_TO_END)).toEqual(END_TO_END)
    expect(forwardedResponseFields(END_TO_END)).toEqual(END_TO_END)
  })

  it.each([
    'Connection: close',
    'keep-alive: timeout=5',
    'Proxy-Connection: keep-alive',
    'PROXY-AUTHORIZATION: Basic eDp5',
    'Proxy-Authenticate: Basic',
    'Proxy-Authentication-Info: a',
    'TE: trailers',
    'Trailer: X-Sum',
    'Transfer-Encoding: chunked',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQ',
  ])('are without %j', (line) => {
    const fields = [...END_TO_END.slice(0, 4), ...flat(line), ...END_TO_END.slice(4)]
    expect(forwardedFields(fields)).toEqual(END_TO_END)
    expect(forwardedResponseFields(fields)).toEqual(END_TO_END)
  })

  it('are without Expect in a request', () => {
    const fields = [...END_TO_END, ...flat('Expect: 100-continue')]
    expect(forwardedFields(fields)).toEqual(END_TO_END)
    expect(forwardedResponseFields(fields)).toEqual(fields)
  })

  it('are without what a Connection field names, in any case and in any of them', () => {
    const named = flat(
      'Connection: Hop-One,\t hop-two ',
      'connection: ,HOP-THREE,',
      'hop-one: 1',
      'Hop-Two: 2',
      'Hop-Three: 3',
    )
    expect(forwardedFields([...named, ...END_TO_END, ...flat('HOP-ONE: again')])).toEqual(END_TO_END)
  })

  it.each([
    'Host: a.example',
    'Content-Length: 3',
    'Content-Type: text/plain',
    'Content-Encoding: gzip',
    'Authorization: Bearer a',
    'Cookie: a=b',
    'Cache-Control: no-store',
    'User-Agent: git/2',
    'Git-Protocol: version=2',
    'Private-Token: a',
    'X-HTTP-Method-Override: DELETE',
    'X-Forwarded-For: 192.0.2.1',
    'Sec-GitHub-Allowed-Enterprise: acme',
    'If-None-Match: "a"',
    'Set-Cookie: a=b',
    'Location: /',
  ])('keep %j, whoever names it', (line) => {
    const fields = flat(line)
    const named = flat(`Connection: close, ${line.slice(0, line.indexOf(':'))}`)
    expect(forwardedFields([...named, ...fields])).toEqual(fields)
    expect(forwardedResponseFields([...named, ...fields])).toEqual(fields)
  })
})

describe('fields', () => {
  it('are found by name, in any case, each line alone', () => {
    const list = flat('A: 1', 'b: 2', 'a: 3, 4')
    expect(fieldValues(fieldsOf(list), 'a')).toEqual(['1', '3, 4'])
    expect(rawValues(list, 'a')).toEqual(['1', '3, 4'])
  })

  it('are those of the list and no more', () => {
    expect(fieldsOf(flat('A: 1', 'b: 2'))).toEqual([
      { name: 'A', value: '1' },
      { name: 'b', value: '2' },
    ])
    expect(rawValues(flat('A: 1', 'b: 2'), '')).toEqual([])
  })

  it('come in pairs', () => {
    expect(() => fieldsOf(['A'])).toThrow('without a value')
    expect(() => rawValues(['A'], 'a')).toThrow('without a value')
  })
})
