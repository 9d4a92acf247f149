/** Answers of Weir's own, as they go over the wire: who refused, in which form, and nothing that a text could add. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Http1Reply } from '../../src/proxy/http1-client.ts'
import type { Reply } from '../../src/proxy/incoming.ts'
import { ProxyError } from '../../src/flow/proxy-error.ts'
import { failureOf, refusalFields, refusalOf, answerOf, respond } from '../../src/proxy/respond.ts'
import { HOSTILE, makeAsker, makeRefusal } from './refusals/asker.ts'
import { makeFlow } from './world.ts'

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

/** What a client reads when `answer` has answered it, until the connection ends. */
async function exchange(answer: (reply: Reply) => void, method = 'GET'): Promise<{ head: string; body: string }> {
  const server = createServer((_message, reply) => answer(new Http1Reply(reply)))
  ended.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.end(`${method} / HTTP/1.1\r\nHost: a.example\r\n\r\n`)
  let text = ''
  for await (const chunk of client as AsyncIterable<Buffer>) text += chunk.toString('latin1')
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { head, body: rest.join('\r\n\r\n') }
}

describe('a refusal', () => {
  it('says who refused, in the form of the asker, and is not kept by anybody', async () => {
    const flow = makeFlow()
    const { head, body } = await exchange((reply) => respond(reply, flow, answerOf(makeRefusal(), makeAsker()), false))
    expect(head).toMatch(/^HTTP\/1\.1 403 weir: Push to acme instead\. \(event 0123456789abc\)\r\n/)
    for (const field of [
      'Content-Type: application/problem+json',
      `Content-Length: ${body.length}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Weir-Event: 0123456789abc',
      'Proxy-Status: weir; error=http_request_denied; details="Push to acme instead."',
    ]) {
      expect(head).toContain(`\r\n${field}`)
    }
    expect(head).toMatch(/\r\nContent-Security-Policy: default-src 'none';/)
    expect(JSON.parse(body)).toMatchObject({ event: '0123456789abc' })
    expect(flow.status).toBe(403)
  })

  it('carries the fields of its form', async () => {
    const asker = makeAsker({ host: 'huggingface.co' })
    const refusal = makeRefusal({ message: HOSTILE })
    const { head } = await exchange((reply) => respond(reply, makeFlow(), answerOf(refusal, asker), true))
    expect(head).toMatch(/\r\nX-Error-Message: weir: <script>[\x20-\x7e]*\(event 0123456789abc\)\r\n/)
  })

  it('says nothing in the reason of an answer that looks like a success', async () => {
    const asker = makeAsker({ kind: 'mega', target: '/cs' })
    const { head, body } = await exchange((reply) => respond(reply, makeFlow(), answerOf(makeRefusal(), asker), true))
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(body).toBe('-11')
  })

  it('ends the connection where it is told to', async () => {
    const answer = (reply: Reply): void => respond(reply, makeFlow(), answerOf(makeRefusal(), makeAsker()), true)
    expect((await exchange(answer)).head).toContain('\r\nConnection: close')
  })

  it('has no body for HEAD, but its length', async () => {
    const asker = makeAsker({ method: 'HEAD' })
    const answer = (reply: Reply): void => respond(reply, makeFlow(), answerOf(makeRefusal(), asker), true)
    const { head, body } = await exchange(answer, 'HEAD')
    expect(head).toMatch(/\r\nContent-Length: [1-9]/)
    expect(body).toBe('')
  })

  it('adds no field, whatever the message', async () => {
    const plain = await exchange((reply) => respond(reply, makeFlow(), answerOf(makeRefusal(), makeAsker()), true))
    const refusal = makeRefusal({ message: `${HOSTILE} ünï \u0000` })
    const hostile = await exchange((reply) => respond(reply, makeFlow(), answerOf(refusal, makeAsker()), true))
    const names = (head: string): string[] => head.split('\r\n').map((line) => line.split(':', 1)[0] ?? '')
    expect(names(hostile.head)).toEqual(names(plain.head))
  })

  it('may be read by the page that asked, and lends nothing to anybody else', async () => {
    const asker = makeAsker({ method: 'POST', origin: 'https://app.example' })
    const { head } = await exchange((reply) => respond(reply, makeFlow(), answerOf(makeRefusal(), asker), true))
    for (const field of [
      'Access-Control-Allow-Origin: https://app.example',
      'Access-Control-Allow-Credentials: true',
      'Access-Control-Expose-Headers: Weir-Event, Proxy-Status',
      'Vary: Origin',
    ]) {
      expect(head).toContain(`\r\n${field}\r\n`)
    }
    const plain = await exchange((reply) => respond(reply, makeFlow(), answerOf(makeRefusal(), makeAsker()), true))
    expect(plain.head).not.toMatch(/Access-Control|Vary/)
  })

  it('is put off by a preflight whose request is refused too, until that request', async () => {
    const preflight = { method: 'PUT', headers: 'authorization,content-type' }
    const asker = makeAsker({ method: 'OPTIONS', origin: 'https://app.example', preflight })
    const flow = makeFlow()
    const { head, body } = await exchange((reply) => respond(reply, flow, answerOf(makeRefusal(), asker), false))
    expect(head).toMatch(/^HTTP\/1\.1 204 /)
    for (const field of [
      'Access-Control-Allow-Origin: https://app.example',
      'Access-Control-Allow-Methods: PUT',
      'Access-Control-Allow-Headers: authorization,content-type',
      'Access-Control-Max-Age: 0',
      'Weir-Event: 0123456789abc',
    ]) {
      expect(head).toContain(`\r\n${field}\r\n`)
    }
    expect(head).not.toMatch(/Content-(Type|Length)/)
    expect([body, flow.status]).toEqual(['', 204])
  })

  it('is not sent behind an answer that has begun', async () => {
    const { head, body } = await exchange((reply) => {
      reply.begin({ status: 200, reason: 'OK', fields: [], isEmpty: false, isLast: true, isForwarded: false })
      reply.write('half')
      respond(reply, makeFlow(), answerOf(makeRefusal(), makeAsker()), true)
      reply.end()
    })
    expect(head).toMatch(/^HTTP\/1\.1 200 /)
    expect(body).toContain('half')
    expect(body).not.toContain('0123456789abc')
  })
})

describe('what a refusal is made of', () => {
  it('comes from the denial or the failure', () => {
    const flow = makeFlow({ id: 'abcdefghjkmnp' })
    const denial = { code: 'limit', rule: 'ours', message: 'too large', unseen: [] } as const
    expect(refusalOf(flow, denial)).toEqual({
      eventId: 'abcdefghjkmnp',
      status: 413,
      message: 'too large',
      rule: 'ours',
    })
    const error = new ProxyError('upstream-timeout', 'no answer')
    expect(failureOf(flow, error)).toEqual({ eventId: 'abcdefghjkmnp', status: 504, message: 'no answer', rule: null })
  })

  it.each([
    [403, 'http_request_denied'],
    [499, 'http_request_denied'],
    [500, 'http_request_error'],
  ])('at %i the error is %s', (status, error) => {
    expect(refusalFields(makeRefusal({ status })).join(' ')).toContain(`error=${error};`)
  })

  it('says at 407 how to sign in, and at nothing else', () => {
    expect(refusalFields(makeRefusal({ status: 407 })).slice(4)).toEqual([
      'Proxy-Authenticate',
      'Basic realm="weir", charset="UTF-8"',
    ])
    expect(refusalFields(makeRefusal()).slice(4)).toEqual([])
  })

  it('is one quoted string of visible ASCII in its field', () => {
    const fields = refusalFields(makeRefusal({ message: HOSTILE }))
    expect(fields[3]).toMatch(/^weir; error=http_request_denied; details="[\x20\x21\x23-\x5b\x5d-\x7e]*"$/)
  })
})
