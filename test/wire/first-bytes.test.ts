import { METHODS } from 'node:http'
import { describe, expect, it } from 'vitest'
import { sniffBytesMax, sniffProtocol } from '../../src/wire/first-bytes.ts'
import { bytesOf, feedPrefixes } from './feed.ts'

describe('the first bytes of a client', () => {
  it.each([
    ['\x16\x03\x01\x02\x00', 'tls'],
    ['\x16\x03', 'tls'],
    ['\x16\x02\x01', 'unknown'],
    ['\x80\x2e\x01', 'unknown'],
    ['SSH-2.0-OpenSSH_9.9\r\n', 'ssh'],
    ['SSH-1.5-old\n', 'ssh'],
    ['SSH 2.0', 'unknown'],
    ['GET / HTTP/1.1\r\n', 'http'],
    ['POST http://a.example/ HTTP/1.1\r\n', 'http'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http'],
    ['PRI * HTTP/1.0\r\n', 'unknown'],
    ['GETTING started', 'unknown'],
    ['GET\t/', 'unknown'],
    ['get / HTTP/1.1', 'unknown'],
    ['EHLO mail.example\r\n', 'unknown'],
    ['\r\nGET / HTTP/1.1\r\n', 'unknown'],
    ['\0', 'unknown'],
  ])('%j is %s', (text, protocol) => {
    expect(feedPrefixes(sniffProtocol, bytesOf(text))).toEqual({ state: 'done', value: protocol, size: 0 })
  })

  it.each(METHODS)('%s is a method of HTTP', (method) => {
    expect(sniffProtocol(bytesOf(`${method} `))).toMatchObject({ value: 'http' })
  })

  it.each(['', '\x16', 'S', 'SSH', 'GE', 'GET', 'P', 'PRI * HTTP/2.', 'UNSUBSCRIBE'])(
    '%j may become anything',
    (text) => {
      expect(sniffProtocol(bytesOf(text))).toEqual({ state: 'more' })
    },
  )

  it('are enough after a bounded number', () => {
    for (let size = 0; size <= 64; size++) {
      const longest = bytesOf('PRI * HTTP/2.0'.padEnd(size, 'x').slice(0, size))
      expect(sniffProtocol(longest).state).toBe(size < sniffBytesMax ? 'more' : 'done')
    }
  })
})
