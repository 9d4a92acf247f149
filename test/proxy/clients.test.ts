/** Who may connect: loopback always, others where they are allowed, and each only so often at a time. */
import { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { Clients } from '../../src/proxy/clients.ts'
import { addressOf, makeWorld } from './world.ts'

function makeClients(allowClients: readonly string[] = [], connectionsPerClientMax = 2): Clients {
  return new Clients(makeWorld({ allowClients, limits: { connectionsPerClientMax } }).settings)
}

describe('who may connect', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', true],
    ['10.0.0.255', true],
    ['::ffff:10.0.0.1', true],
    ['10.0.1.0', false],
    ['9.255.255.255', false],
    ['192.168.0.1', false],
    ['140.82.121.3', false],
    ['fe80::1', false],
    ['0.0.0.0', false],
    ['64:ff9b::7f00:2', false],
    ['2002:7f00:1::1', false],
    ['::127.0.0.1', false],
    ['2001:db8::1', false],
  ])('%s: %s', (text, expected) => {
    const unwelcome = makeClients(['10.0.0.0/24']).admit(new Socket(), addressOf(text))
    expect(unwelcome === null).toBe(expected)
    if (!expected) expect(unwelcome).toContain('--allow-clients')
  })

  it('is whoever may sign in, where there are users: a stranger until then', () => {
    const { settings } = makeWorld({ allowClients: ['10.0.0.0/24'] })
    const clients = new Clients({ ...settings, users: 'users.htpasswd' })
    expect(clients.admit(new Socket(), addressOf('192.168.0.1'))).toBeNull()
    const strangers = ['192.168.0.1', '10.0.1.0', '2001:db8::1', '127.0.0.1', '10.0.0.7'].filter((text) =>
      clients.isStranger(addressOf(text)),
    )
    expect(strangers).toEqual(['192.168.0.1', '10.0.1.0', '2001:db8::1'])
  })
})

describe('how often', () => {
  it('is limited for one address, at it and one past it, and free again when one closes', async () => {
    const clients = makeClients()
    const [first, second, third, other] = [new Socket(), new Socket(), new Socket(), new Socket()]
    expect(clients.admit(first, addressOf('127.0.0.1'))).toBeNull()
    expect(clients.admit(second, addressOf('::ffff:127.0.0.1'))).toBeNull()
    expect(clients.admit(third, addressOf('127.0.0.1'))).toContain('too many')
    expect(clients.admit(other, addressOf('::1'))).toBeNull()
    expect(clients.open).toBe(3)
    const closed = new Promise((resolve) => first.once('close', resolve))
    first.destroy()
    await closed
    expect(clients.open).toBe(2)
    expect(clients.admit(third, addressOf('127.0.0.1'))).toBeNull()
    expect(clients.admit(new Socket(), addressOf('127.0.0.1'))).toContain('too many')
  })

  it('is forgotten of an address that has none open any more: there are too many addresses to keep', async () => {
    const clients = makeClients()
    const forgotten = vi.spyOn(Map.prototype, 'delete')
    const sockets = [new Socket(), new Socket()]
    for (const socket of sockets) clients.admit(socket, addressOf('127.0.0.9'))
    const times: number[] = []
    for (const socket of sockets) {
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.destroy()
      await closed
      times.push(forgotten.mock.calls.filter(([key]) => key === '127.0.0.9').length)
    }
    forgotten.mockRestore()
    expect(times).toEqual([0, 1])
    expect(clients.open).toBe(0)
  })

  it('does not count who was turned away', () => {
    const clients = makeClients([], 1)
    for (let turn = 0; turn < 3; turn++) expect(clients.admit(new Socket(), addressOf('10.0.0.1'))).not.toBeNull()
    expect(clients.admit(new Socket(), addressOf('127.0.0.1'))).toBeNull()
  })
})
