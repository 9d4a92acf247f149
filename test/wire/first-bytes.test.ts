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
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'unknown'],
    ['PRI * HTTP/1.0\r\n', 'unknown'],
    ['GETTING started', 'unknown'],
    ['GET\t/', 'unknown'],
    ['get / HTTP/1.1', 'unknown'],
    ['EHLO mail.example\r\n', 'unknown'],
    ['\r\nGET / HTTP/1.1\r\n', 'unknown'],
    ['\0', 'unknown'],
    // Whatever can stand in a target is left to who reads it.
    ['GET /\x80\xff!~ HTTP/1.1\r\n', 'http'],
    ['OPTIONS * HTTP/1.0\n', 'http'],
    ['CONNECT a.example:443 HTTP/1.1\r\n', 'http'],
    ['GET / HTTP/1.', 'http'],
    ['GET  ', 'unknown'],
    ['GET  HTTP/1.1\r\n', 'unknown'],
    ['GET  / HTTP/1.1', 'unknown'],
    ['GET /  HTTP/1.1', 'unknown'],
    ['GET / x HTTP/1.1', 'unknown'],
    ['GET /\tHTTP/1.1', 'unknown'],
    ['GET /\x7f HTTP/1.1', 'unknown'],
    ['GET /\r\n', 'unknown'],
    ['GET / HTTP/2.0\r\n', 'unknown'],
    ['GET / HTTP/0.9\r\n', 'unknown'],
    ['GET / http/1.1\r\n', 'unknown'],
    ['GET HTTP/1.1\r\n', 'unknown'],
    ['OPTIONS rtsp://a.example/ RTSP/1.0\r\n', 'unknown'],
    ['NOTIFY sip:a@a.example SIP/2.0\r\n', 'unknown'],
    ['SOURCE /mount ICE/1.0\r\n', 'unknown'],
  ])('%j is %s', (text, protocol) => {
    expect(feedPrefixes(sniffProtocol, bytesOf(text))).toEqual({ state: 'done', value: protocol, size: 0 })
  })

  it.each(METHODS)('%s is a method of HTTP', (method) => {
    expect(sniffProtocol(bytesOf(`${method} / HTTP/1.1`))).toMatchObject({ value: 'http' })
  })

  it.each(['', '\x16', 'S', 'SSH', 'GE', 'GET', 'GET ', 'GET /a', 'GET / ', 'GET / HTTP/1', 'P', 'UNSUBSCRIBE'])(
    '%j may become anything',
    (text) => {
      expect(sniffProtocol(bytesOf(text))).toEqual({ state: 'more' })
    },
  )

  it(`are enough after ${sniffBytesMax} of them`, () => {
    const line = (size: number): Uint8Array => bytesOf('GET '.padEnd(size, '/'))
    expect([sniffBytesMax - 1, sniffBytesMax, sniffBytesMax + 1].map((size) => sniffProtocol(line(size)))).toEqual([
      { state: 'more' },
      { state: 'done', value: 'unknown', size: 0 },
      { state: 'done', value: 'unknown', size: 0 },
    ])
  })

  it('are a request line where the version is within them, and none where it is past them', () => {
    const version = ' HTTP/1.'
    const ending = (end: number): Uint8Array => bytesOf(`${'GET '.padEnd(end - version.length, '/')}${version}1\r\n`)
    expect([sniffBytesMax, sniffBytesMax + 1].map((end) => sniffProtocol(ending(end)))).toEqual([
      { state: 'done', value: 'http', size: 0 },
      { state: 'done', value: 'unknown', size: 0 },
    ])
  })
})
