import { once } from 'node:events'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { createServer as createHttpServer, request } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type Answers,
  askStatus,
  EVENTS_PATH,
  openControlSocket,
  SOCKET_PATH_BYTES_MAX,
  STATUS_BYTES_MAX,
  STATUS_PATH,
} from '../../src/cli/control-socket.ts'
import type { RunStatus } from '../../src/cli/run-status.ts'
import { folderWith, weir } from './weir-command.ts'

const SOCKET_NAME = 'weir.sock'

function status(changes: Partial<RunStatus> = {}): RunStatus {
  return {
    version: '1.2.3',
    pid: 4711,
    startedAt: Date.now() - 3 * 3_600_000,
    policy: { file: 'policies/default.yaml', hash: '0123456789abcdef', rules: 5 },
    reload: { at: Date.now() - 600_000, good: true, problems: [] },
    ledger: { writable: true, fault: null },
    sockets: 1,
    openTunnels: 2,
    limits: [
      { name: 'connectionsMax', used: 79, max: 100 },
      { name: 'spoolBytesMax', used: 800_000_000, max: 1_000_000_000 },
    ],
    budgets: [{ budget: 'daily', key: 'user:ada', windowMs: 86_400_000, size: 1_000_000_000, usedBytes: 250_000_000 }],
    distrust: [],
    recording: true,
    ...changes,
  }
}

function answering(said: () => unknown, events: Readonly<Record<string, string>> = {}): Answers {
  return { status: said, event: (id) => events[id] ?? null }
}

/** A folder with a control socket that says this, until the test ends. */
async function running(said: () => unknown, events: Readonly<Record<string, string>> = {}): Promise<string> {
  const data = folderWith()
  const control = await openControlSocket(data, answering(said, events))
  onTestFinished(() => control.close())
  return data
}

/** A folder in which something else listens on the socket. */
async function squatter(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const data = await listening(
    createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      serve(socket)
    }),
  )
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  return data
}

async function listening(server: Server): Promise<string> {
  const data = folderWith()
  server.listen(join(data, SOCKET_NAME))
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return data
}

function saying(text: string): Promise<string> {
  return squatter((socket) => {
    socket.once('data', () =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`),
    )
  })
}

describe('a Weir that runs well', () => {
  it('is told in words, with exit status 0', async () => {
    const { status: left, out, err } = await weir(['status', '--data', await running(() => status())])
    expect(out).toBe(
      [
        'weir 1.2.3, process 4711, up 3 h',
        'policy policies/default.yaml, 5 rules, hash 0123456789abcdef',
        'last load 10 min ago: good',
        'record is written',
        'budgets are kept',
        '2 tunnels and 1 socket open',
        'connectionsMax: 79 of 100, 79 %',
        'spoolBytesMax: 800 MB of 1 GB, 80 %',
        'budget daily of user:ada: 250 MB of 1 GB, 25 %',
        '',
      ].join('\n'),
    )
    expect({ left, err }).toEqual({ left: 0, err: '' })
  })

  it('is told in JSON as it was said', async () => {
    const said = status()
    const { out } = await weir(['status', '--json', '--data', await running(() => said)])
    expect(JSON.parse(out)).toEqual(said)
  })

  it('has colours only where they are wanted, and yellow from 80 % on', async () => {
    const data = await running(() => status())
    expect((await weir(['status', '--data', data])).out).not.toContain('\u001b[')
    const { out } = await weir(['status', '--data', data], { colours: true })
    expect(out).toContain('\u001b[33m80 %')
    expect(out).toContain('of 100, 79 %\n')
  })

  it('is found by the data folder of the settings', async () => {
    const data = await running(() => status())
    expect((await weir(['status'], { environment: { WEIR_DATA: data } })).status).toBe(0)
  })
})

describe('a Weir that is not well', () => {
  it.each<[name: string, changes: Partial<RunStatus>, said: string]>([
    [
      'whose last reload failed',
      {
        reload: {
          at: Date.now(),
          good: false,
          problems: [
            {
              severity: 'error',
              message: 'unknown key `acton`',
              file: 'a.yaml',
              line: 3,
              column: 5,
              hint: 'did you mean `action`?',
            },
          ],
        },
      },
      'not good: the last good one is in force\na.yaml:3:5: error: unknown key `acton`\n  did you mean `action`?\n',
    ],
    ['whose record cannot be written', { recording: false }, 'record cannot be written: only reads pass\n'],
    [
      'whose budgets cannot be kept',
      { ledger: { writable: false, fault: 'the disk is full' } },
      'budgets cannot be kept (the disk is full)\n',
    ],
  ])('%s leaves exit status 1', async (_, changes, said) => {
    const data = await running(() => status(changes))
    const { status: left, out } = await weir(['status', '--data', data])
    expect(out).toContain(said)
    expect([left, (await weir(['status', '--json', '--data', data])).status]).toEqual([1, 1])
  })

  it('that is starting says so, and is not good yet', async () => {
    const data = await running(() => ({ event: 'starting', version: '1.2.3', pid: 4711 }))
    const { status: left, out } = await weir(['status', '--data', data])
    expect([left, out]).toEqual([1, 'weir 1.2.3, process 4711, is starting\n'])
  })

  it('tells the hosts whose clients do not trust the CA, and is well all the same', async () => {
    const host = { count: 9, lastClient: '10.0.0.1', lastAt: 0 }
    const distrust = [
      { ...host, host: 'github.com', clients: 1, certain: true, sign: 'alert unknown_ca' },
      { ...host, host: 'evil\u001b[2J.example', clients: 3, certain: false, sign: 'closed in the handshake' },
    ]
    const { status: left, out } = await weir(['status', '--data', await running(() => status({ distrust }))])
    expect(out).toContain('github.com: 1 client does not trust the inspection CA (alert unknown_ca)\n')
    expect(out).toContain('evil\ufffd[2J.example: perhaps: 3 clients do not trust the inspection CA')
    expect(left).toBe(0)
  })

  it('has nothing to say of budgets where it keeps none', async () => {
    const { out } = await weir(['status', '--data', await running(() => status({ ledger: null, budgets: [] }))])
    expect(out).not.toContain('budget')
  })
})

describe('nobody who can be asked', () => {
  it.each<[name: string, data: () => string | Promise<string>, said: string]>([
    ['where nobody runs', () => folderWith(), 'no weir runs there'],
    ['where there is no folder', () => join(folderWith(), 'none'), 'no weir runs there'],
    ['where a file lies', () => folderWith({ [SOCKET_NAME]: '' }), 'no weir runs there'],
    [
      'where no HTTP is spoken',
      () => squatter((socket) => void socket.end('hello\r\n\r\n')),
      'cannot be asked (HPE_INVALID_CONSTANT)',
    ],
    ['where the connection is closed', () => squatter((socket) => void socket.destroy()), 'cannot be asked (E'],
    ['where something else answers', () => saying('<html>'), 'what answers there is no weir'],
    [
      'where the answer is another JSON',
      () => saying('{"version":"1.2.3","pid":"4711"}'),
      'what answers there is no weir of this version',
    ],
    ['where the answer is a bare value', () => saying('null'), 'what answers there is no weir of this version'],
    [
      'where the page is not found',
      () => listening(createHttpServer((_, reply) => void reply.writeHead(404).end('{}'))),
      'what answers there is no weir',
    ],
    ['where the answer is too long', () => saying(' '.repeat(STATUS_BYTES_MAX + 1)), 'the answer is too long'],
  ])('%s', async (_, folder, said) => {
    const { status: left, out, err } = await weir(['status', '--data', await folder()])
    expect(err).toContain(said)
    expect(err).toMatch(/^error: /)
    expect({ left, out }).toEqual({ left: 1, out: '' })
  })

  it('an answer at the limit is read', async () => {
    const padding = ' '.repeat(STATUS_BYTES_MAX - 2)
    expect(await askStatus(await saying(`${padding}{}`))).toEqual({})
  })

  it.each<[name: string, serve: (socket: Socket) => void]>([
    ['that says nothing', () => undefined],
    ['that dribbles', (socket) => dribble(socket)],
  ])('one %s is not waited for', async (_, serve) => {
    await expect(askStatus(await squatter(serve), 150)).rejects.toThrow('no answer within 0.15 seconds')
  })
})

function dribble(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
  const timer = setInterval(() => void socket.write(' '), 20)
  socket.on('close', () => clearInterval(timer))
}

describe('the control socket', () => {
  it('is for its owner alone, and goes away when it is closed', async () => {
    const data = folderWith()
    const control = await openControlSocket(
      data,
      answering(() => ({})),
    )
    expect(statSync(join(data, SOCKET_NAME)).mode & 0o777).toBe(0o600)
    await control.close()
    expect(existsSync(join(data, SOCKET_NAME))).toBe(false)
  })

  it('says what is so when it is asked', async () => {
    let count = 0
    const data = await running(() => {
      count += 1
      return { count }
    })
    expect([await askStatus(data), await askStatus(data)]).toEqual([{ count: 1 }, { count: 2 }])
  })

  it.each([
    ['GET', '/other', 404],
    ['POST', STATUS_PATH, 404],
    ['GET', STATUS_PATH, 200],
    ['GET', `${EVENTS_PATH}m3ng8ce6h1dec`, 200],
    ['POST', `${EVENTS_PATH}m3ng8ce6h1dec`, 404],
    ['GET', `${EVENTS_PATH}n2msew53gas7z`, 404],
    ['GET', `${EVENTS_PATH}m3ng8ce6h1dec/`, 404],
    ['GET', `${EVENTS_PATH}toString`, 404],
    ['GET', EVENTS_PATH, 404],
  ])('answers %s %s with %i', async (method, path, expected) => {
    const data = await running(() => ({}), { m3ng8ce6h1dec: '{}' })
    const asked = request({ socketPath: join(data, SOCKET_NAME), method, path, agent: false })
    asked.end()
    const [reply] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
    reply.resume()
    expect(reply.statusCode).toBe(expected)
  })

  it('is not taken from a Weir that runs', async () => {
    const data = await running(() => ({}))
    await expect(
      openControlSocket(
        data,
        answering(() => ({})),
      ),
    ).rejects.toThrow(`another weir runs on the data folder ${data}`)
    expect(await askStatus(data)).toEqual({})
  })

  it('is taken from one that was killed', async () => {
    const data = folderWith({ [SOCKET_NAME]: '' })
    const control = await openControlSocket(
      data,
      answering(() => ({ fresh: true })),
    )
    expect(await askStatus(data)).toEqual({ fresh: true })
    await control.close()
  })

  it('is not made in a folder that is not there', async () => {
    await expect(
      openControlSocket(
        join(folderWith(), 'none'),
        answering(() => ({})),
      ),
    ).rejects.toThrow('no control socket can be made')
  })

  it('has a path of as many bytes as the kernel takes', async () => {
    const base = folderWith()
    const room = SOCKET_PATH_BYTES_MAX - Buffer.byteLength(join(base, 'x', SOCKET_NAME)) + 1
    // Bytes, not characters, are what the kernel counts.
    const name = `${'é'.repeat(8)}${'x'.repeat(room - 16)}`
    const data = join(base, name)
    mkdirSync(data)
    mkdirSync(`${data}x`)
    expect(Buffer.byteLength(join(data, SOCKET_NAME))).toBe(SOCKET_PATH_BYTES_MAX)
    const control = await openControlSocket(
      data,
      answering(() => ({ here: true })),
    )
    expect(await askStatus(data)).toEqual({ here: true })
    await control.close()
    await expect(
      openControlSocket(
        `${data}x`,
        answering(() => ({})),
      ),
    ).rejects.toThrow('longer than the 107 bytes')
    const { status: left, err } = await weir(['status', '--data', `${data}x`])
    expect([left, err]).toEqual([1, expect.stringContaining('longer than the 107 bytes that a socket')])
  })
})
