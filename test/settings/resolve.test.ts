import { describe, expect, it } from 'vitest'
import { type Flags, resolveSettings } from '../../src/settings/resolve.ts'
import { REPEATS_MAX, type Settings } from '../../src/settings/schema.ts'
import { parseYaml } from '../../src/text/yaml.ts'

interface Written {
  readonly file?: string
  readonly environment?: Record<string, string | undefined>
  readonly flags?: Flags
}

function resolve({ file, environment = {}, flags = {} }: Written): ReturnType<typeof resolveSettings> {
  const { source, problems } = file === undefined ? { source: null, problems: [] } : parseYaml(file, 'weir.yaml')
  expect(problems).toEqual([])
  return resolveSettings({ file: source, environment, flags })
}

function settingsOf(written: Written): Settings {
  const { settings, problems } = resolve(written)
  if (settings === null) throw new Error(JSON.stringify(problems))
  return settings
}

function problemOf(written: Written): string {
  const { settings, problems } = resolve(written)
  expect(settings).toBeNull()
  expect(problems).toHaveLength(1)
  const [problem] = problems
  return `${problem?.file}:${problem?.line}:${problem?.column}: ${problem?.message}`
}

describe('defaults', () => {
  it('are safe and complete', () => {
    const settings = settingsOf({})
    expect(settings).toMatchObject({
      policy: 'policies/default.yaml',
      listen: { address: { text: '127.0.0.1' }, port: 8080 },
      certs: 'certs',
      data: 'data',
      upstreamCa: [],
      resolve: [],
      allowPrivate: [],
      allowClients: [],
    })
    expect(settings.inspection).toBeUndefined()
    expect(settings.limits).toMatchObject({
      headBytesMax: 65_536,
      headTimeoutMs: 30_000,
      dialAttemptsMax: 4,
      heldBytesMax: 4 * 2 ** 30,
      gitDrainBytesMax: 2 * 2 ** 30,
      connectionsMax: 10_000,
    })
  })

  it('stay for the limits that a file does not name', () => {
    const { limits } = settingsOf({ file: 'limits: { headBytesMax: 1 KiB }' })
    expect([limits.headBytesMax, limits.headTimeoutMs]).toEqual([1_024, 30_000])
  })
})

describe('order', () => {
  const file = 'listen: 127.0.0.1:1\nallowPrivate: [10.1.0.0/16]\ninspection: never\n'
  const environment = { WEIR_LISTEN: '127.0.0.1:2', WEIR_ALLOW_PRIVATE: '10.2.0.0/16, 10.3.0.0/16' }

  it('a file goes over the defaults', () => {
    const settings = settingsOf({ file })
    expect([settings.listen.port, settings.inspection]).toEqual([1, 'never'])
  })

  it('the environment goes over the file', () => {
    const settings = settingsOf({ file, environment })
    expect([settings.listen.port, settings.inspection]).toEqual([2, 'never'])
    expect(settings.allowPrivate.map(({ text }) => text)).toEqual(['10.2.0.0/16', '10.3.0.0/16'])
  })

  it('a flag goes over both, and a list replaces a list', () => {
    const settings = settingsOf({ file, environment, flags: { listen: '127.0.0.1:3', allowPrivate: ['::1/128'] } })
    expect(settings.listen.port).toBe(3)
    expect(settings.allowPrivate.map(({ text }) => text)).toEqual(['::1/128'])
  })

  it('an empty variable is as good as none', () => {
    expect(settingsOf({ file, environment: { WEIR_LISTEN: ' ' } }).listen.port).toBe(1)
  })
})

describe('every flag and variable', () => {
  it.each<[name: keyof Settings, variable: string, value: string, expected: unknown]>([
    ['policy', 'WEIR_POLICY', 'a.yaml', 'a.yaml'],
    ['listen', 'WEIR_LISTEN', '[::1]:0', { address: { text: '::1' }, port: 0 }],
    ['certs', 'WEIR_CERTS', 'c', 'c'],
    ['data', 'WEIR_DATA', 'd', 'd'],
    ['upstreamCa', 'WEIR_UPSTREAM_CA', 'a.pem,b.pem', ['a.pem', 'b.pem']],
    ['resolve', 'WEIR_RESOLVE', '*:443:192.0.2.1:1,a.example:80:[::1]:2', [{ port: 443 }, { port: 80 }]],
    ['allowPrivate', 'WEIR_ALLOW_PRIVATE', '127.0.0.1', [{ text: '127.0.0.1/32' }]],
    ['allowClients', 'WEIR_ALLOW_CLIENTS', '10.0.0.0/8,::1', [{ text: '10.0.0.0/8' }, { text: '::1/128' }]],
    ['inspection', 'WEIR_INSPECTION', 'always', 'always'],
    ['http2', 'WEIR_HTTP2', 'never', 'never'],
  ])('%s', (name, variable, value, expected) => {
    const wrap = (settings: Settings): unknown => ({ it: settings[name] })
    expect(wrap(settingsOf({ environment: { [variable]: value } }))).toMatchObject({ it: expected })
    const flag = Array.isArray(expected) ? value.split(',') : value
    expect(wrap(settingsOf({ flags: { [name]: flag } }))).toMatchObject({ it: expected })
  })
})

describe('problems', () => {
  it.each<[name: string, written: Written, expected: string]>([
    [
      'a flag',
      { flags: { listen: 'localhost:80' } },
      '--listen:1:1: must be an address and a port such as `127.0.0.1:8080` or `[::1]:8080`',
    ],
    [
      'the second of a repeated flag',
      { flags: { allowPrivate: ['10.0.0.0/8', '10.0.0.1/8'] } },
      '--allow-private:1:12: must be a block of addresses such as `10.0.0.0/8`, without bits beyond its prefix',
    ],
    [
      'a variable',
      { environment: { WEIR_RESOLVE: '1.2.3.4:443:192.0.2.1:1' } },
      'WEIR_RESOLVE:1:1: must be HOST:PORT:ADDRESS:PORT, HOST a name, `*.name` or `*` and never an address',
    ],
    [
      'an unknown mode',
      { environment: { WEIR_INSPECTION: 'allways' } },
      'WEIR_INSPECTION:1:1: `allways` is not known here',
    ],
    ['an empty flag', { flags: { policy: '' } }, '--policy:1:1: must not be empty'],
    ['an unknown key', { file: 'data: d\nlisen: 127.0.0.1:1' }, 'weir.yaml:2:1: unknown key `lisen`'],
    ['an unknown limit', { file: 'limits:\n  headByteMax: 1' }, 'weir.yaml:2:3: unknown key `headByteMax`'],
    [
      'a limit of nothing',
      { file: 'limits:\n  headBytesMax: 0' },
      'weir.yaml:2:17: must be a size above 0 such as `64 KiB`',
    ],
    [
      'a duration past what a timer holds',
      { file: 'limits:\n  headTimeoutMs: 25 days' },
      'weir.yaml:2:18: must be a duration above 0 and below 24 days, such as `30 s` or `10 min`',
    ],
    ['a count of nothing', { file: 'limits:\n  connectionsMax: 0' }, 'weir.yaml:2:19: must be at least 1'],
    [
      'a file that is overridden and wrong all the same',
      { file: 'listen: nowhere', flags: { listen: '127.0.0.1:1' } },
      'weir.yaml:1:9: must be an address and a port such as `127.0.0.1:8080` or `[::1]:8080`',
    ],
    [
      'too many of one flag',
      { flags: { upstreamCa: Array.from({ length: REPEATS_MAX + 1 }, () => 'a.pem') } },
      `--upstream-ca:1:1: must be at most ${REPEATS_MAX} items`,
    ],
  ])('%s', (_, written, expected) => {
    expect(problemOf(written)).toBe(expected)
  })

  it('as many of one flag as may be are taken', () => {
    const upstreamCa = Array.from({ length: REPEATS_MAX }, () => 'a.pem')
    expect(settingsOf({ flags: { upstreamCa } }).upstreamCa).toHaveLength(REPEATS_MAX)
  })

  it('suggests the key that was meant, also of a limit', () => {
    expect(resolve({ file: 'lisen: 127.0.0.1:1' }).problems[0]?.hint).toBe('did you mean `listen`?')
    expect(resolve({ file: 'limits: { headByteMax: 1 }' }).problems[0]?.hint).toBe('did you mean `headBytesMax`?')
  })
})

describe('listening beyond this machine', () => {
  const message = '0.0.0.0:80 is open to other machines, and no clients are allowed'

  it.each<[name: string, written: Written, place: string]>([
    ['by flag', { flags: { listen: '0.0.0.0:80' } }, '--listen:1:1'],
    ['by variable', { environment: { WEIR_LISTEN: '0.0.0.0:80' } }, 'WEIR_LISTEN:1:1'],
    ['by file', { file: 'data: d\nlisten: 0.0.0.0:80' }, 'weir.yaml:2:9'],
  ])('%s needs allowed clients', (_, written, place) => {
    expect(problemOf(written)).toBe(`${place}: ${message}`)
  })

  it('says what to do', () => {
    const { problems } = resolve({ flags: { listen: '[2001:db8::1]:80' } })
    expect(problems[0]?.hint).toBe(
      'name who may use the proxy, by --allow-clients 10.0.0.0/8 or --users FILE, or listen on 127.0.0.1',
    )
  })

  it.each(['127.0.0.1:80', '127.9.9.9:80', '[::1]:80', '[::ffff:127.0.0.1]:80'])('is not listening on %s', (listen) => {
    expect(settingsOf({ flags: { listen } }).allowClients).toEqual([])
  })

  it('is fine with users, who sign in', () => {
    expect(settingsOf({ flags: { listen: '0.0.0.0:80', users: 'users.htpasswd' } }).allowClients).toEqual([])
  })

  it('is fine with allowed clients', () => {
    expect(settingsOf({ flags: { listen: '0.0.0.0:80', allowClients: ['10.0.0.0/8'] } }).listen.port).toBe(80)
  })
})

describe('unknown variables', () => {
  it('are warned of, with the one that was meant', () => {
    const { settings, problems } = resolve({ environment: { WEIR_ALLOW_CLIENT: '10.0.0.0/8', PATH: '/bin' } })
    expect(settings).not.toBeNull()
    expect(problems).toEqual([
      {
        severity: 'warning',
        file: 'WEIR_ALLOW_CLIENT',
        line: 1,
        column: 1,
        message: 'no setting has this variable',
        hint: 'did you mean `WEIR_ALLOW_CLIENTS`?',
      },
    ])
  })

  it('are not those of a settings file', () => {
    expect(resolve({ environment: { WEIR_CONFIG: 'weir.yaml' } }).problems).toEqual([])
  })
})
