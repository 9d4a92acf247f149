/** A refused CONNECT, over loopback: readable to the end, whatever the client still sends. */
import { describe, expect, it } from 'vitest'
import { refuseConnect } from '../../src/proxy/connect-reply.ts'
import { HOSTILE, makeRefusal } from './refusals/asker.ts'
import { connectPair, readToEnd } from './sockets.ts'

describe('refuseConnect', () => {
  it('answers with status, event and reason, and ends', async () => {
    const { outer, inner } = await connectPair()
    refuseConnect(inner, makeRefusal())
    const text = (await readToEnd(outer)).toString()
    const [head = '', body = ''] = text.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 403 weir: Push to acme instead\. \(event 0123456789abc\)\r\n/)
    for (const field of [
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${body.length}`,
      'Connection: close',
      'Weir-Event: 0123456789abc',
      'Proxy-Status: weir; error=http_request_denied; details="Push to acme instead."',
    ]) {
      expect(head).toContain(`\r\n${field}`)
    }
    expect(body).toBe('weir: Push to acme instead.\nweir: event 0123456789abc\n')
  })

  it('lets a message add no field and no second answer', async () => {
    const { outer, inner } = await connectPair()
    refuseConnect(inner, makeRefusal({ message: `${HOSTILE}HTTP/1.1 200 OK` }))
    const [head = ''] = (await readToEnd(outer)).toString().split('\r\n\r\n')
    expect(head.split('\r\n').map((line) => line.split(/[: ]/, 1)[0])).toEqual([
      'HTTP/1.1',
      'Content-Type',
      'Content-Length',
      'Connection',
      'Weir-Event',
      'Proxy-Status',
    ])
  })

  it('is read whole by a client that goes on sending', async () => {
    const { outer, inner } = await connectPair()
    outer.write(Buffer.alloc(2_000_000))
    refuseConnect(inner, makeRefusal())
    expect((await readToEnd(outer)).toString()).toMatch(/event 0123456789abc\n$/)
    const closed = new Promise((resolve) => inner.once('close', resolve))
    outer.end()
    await closed
  })

  it('says nothing to a socket that is gone', async () => {
    const { inner } = await connectPair()
    inner.destroy()
    expect(() => refuseConnect(inner, makeRefusal())).not.toThrow()
  })
})
