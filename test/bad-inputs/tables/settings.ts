/** Settings that do not hold, by flag, variable and file, and what `weir run` says about each. */

export interface BadSetting {
  readonly name: string
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** The text of a settings file. */
  readonly file?: string | Buffer
  /** 2 where the command line is wrong, 1 where a file or the environment is. */
  readonly status: 1 | 2
  readonly said: RegExp
}

const flag = (name: string, words: readonly string[], said: RegExp): BadSetting => ({ name, words, status: 2, said })
const variable = (name: string, key: string, value: string, said: RegExp): BadSetting => {
  return { name, environment: { [key]: value }, status: 1, said }
}
const file = (name: string, text: string | Buffer, said: RegExp): BadSetting => ({ name, file: text, status: 1, said })

export const BAD_SETTINGS: readonly BadSetting[] = [
  flag('an unknown flag', ['--lisen', '127.0.0.1:0'], /error: unknown option '--lisen'/),
  flag('a flag without its value', ['--listen'], /error: option '--listen <ADDR:PORT>' argument missing/),
  flag('a word too many', ['now'], /error: too many arguments for 'run'\. Expected 0 arguments but got 1: now\./),
  flag(
    'a name to listen on',
    ['--listen', 'localhost:8080'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'no port to listen on',
    ['--listen', '127.0.0.1'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'port 65536',
    ['--listen', '127.0.0.1:65536'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'an IPv6 address without brackets',
    ['--listen', '::1:8080'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'an IPv4 address in brackets',
    ['--listen', '[127.0.0.1]:8080'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'an address in octal',
    ['--listen', '0177.0.0.1:8080'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'a URL to listen on',
    ['--listen', 'http://127.0.0.1:8080'],
    /--listen: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  flag(
    'an open port for nobody',
    ['--listen', '0.0.0.0:0'],
    /--listen: error: 0\.0\.0\.0:0 is open to other machines, and no clients are allowed[\s\S]*name who may use the proxy, by --allow-clients 10\.0\.0\.0\/8 or --users FILE, or listen on 127/,
  ),
  flag(
    'an inspection mode that is none',
    ['--inspection', 'sometimes'],
    /--inspection: error: `sometimes` is not known here[\s\S]*one of: auto, never, always/,
  ),
  flag(
    'an inspection mode with an escape',
    ['--inspection', '\u001b[2Jalways'],
    /--inspection: error: `\ufffd\[2Jalways` is not known here[\s\S]*one of: auto, never, always/,
  ),
  flag('an empty policy', ['--policy', ''], /--policy: error: must not be empty/),
  flag('a path of 5,000 characters', ['--certs', 'x'.repeat(5_000)], /--certs: error: must be at most 4096 characters/),
  flag(
    'a block with bits beyond its prefix',
    ['--allow-clients', '10.0.0.1/8'],
    /--allow-clients: error: must be a block of addresses such as `10\.0\.0\.0\/8`, without bits beyond its prefix/,
  ),
  flag(
    'a prefix that is too long',
    ['--allow-private', '10.0.0.0/33'],
    /--allow-private: error: must be a block of addresses such as `10\.0\.0\.0\/8`, without bits beyond its prefix/,
  ),
  flag(
    'a block in words',
    ['--allow-clients', 'everybody'],
    /--allow-clients: error: must be a block of addresses such as `10\.0\.0\.0\/8`, without bits beyond its prefix/,
  ),
  flag(
    'a second block that is wrong',
    ['--allow-private', '10.0.0.0/8', '--allow-private', 'x'],
    /--allow-private: error: must be a block of addresses such as `10\.0\.0\.0\/8`, without bits beyond its prefix/,
  ),
  flag(
    'an address to be resolved',
    ['--resolve', '127.0.0.1:443:127.0.0.1:8443'],
    /--resolve: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  flag(
    'a name to resolve to',
    ['--resolve', 'a.example:443:b.example:8443'],
    /--resolve: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  flag(
    'no port to resolve to',
    ['--resolve', 'a.example:443:127.0.0.1'],
    /--resolve: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  flag(
    'port 0 to resolve to',
    ['--resolve', 'a.example:443:127.0.0.1:0'],
    /--resolve: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  flag(
    'a wildcard in the middle',
    ['--resolve', 'a.*.example:443:127.0.0.1:1'],
    /--resolve: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  flag(
    'a parent proxy by https',
    ['--upstream-proxy', 'https://proxy.example'],
    /--upstream-proxy: error: must be a proxy such as `http:\/\/proxy\.acme\.example:3128`/,
  ),
  flag(
    'a parent proxy with a path',
    ['--upstream-proxy', 'http://proxy.example/x'],
    /--upstream-proxy: error: must be a proxy such as `http:\/\/proxy\.acme\.example:3128`/,
  ),
  flag(
    'a parent proxy without a scheme',
    ['--upstream-proxy', 'proxy.example:3128'],
    /--upstream-proxy: error: must be a proxy such as `http:\/\/proxy\.acme\.example:3128`/,
  ),
  flag(
    'a parent proxy with broken credentials',
    ['--upstream-proxy', 'http://a:%zz@proxy.example'],
    /--upstream-proxy: error: must be a proxy such as `http:\/\/proxy\.acme\.example:3128`/,
  ),
  flag(
    'a client certificate without its file',
    ['--client-certificate', 'a.example'],
    /--client-certificate: error: must be HOST:FILE, HOST a name or `\*\.name`, FILE in PEM with /,
  ),
  flag(
    'a client certificate for an address',
    ['--client-certificate', '192.0.2.1:a.pem'],
    /--client-certificate: error: must be HOST:FILE, HOST a name or `\*\.name`, FILE in PEM with /,
  ),
  flag(
    'a settings file that is not there',
    ['--config', 'nowhere.yaml'],
    /error: the settings file nowhere\.yaml: there is no such file/,
  ),
  flag('a folder for a settings file', ['--config', '.'], /error: the settings file \.: is a folder, not a file/),
  variable(
    'a variable that cannot be read',
    'WEIR_LISTEN',
    'here',
    /WEIR_LISTEN: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  variable(
    'a list in a variable',
    'WEIR_ALLOW_CLIENTS',
    '10.0.0.0/8,x',
    /WEIR_ALLOW_CLIENTS: error: must be a block of addresses such as `10\.0\.0\.0\/8`, without bits beyond its prefix/,
  ),
  variable(
    'a variable with a line break',
    'WEIR_RESOLVE',
    'a.example:443:127.0.0.1:1\n*:443:127.0.0.1:1',
    /WEIR_RESOLVE: error: must be HOST:PORT:ADDRESS:PORT, HOST a name, `\*\.name` or `\*` and never an address/,
  ),
  file('nothing', '', /weir\.yaml:1:1: error: the file is empty/),
  file('a list', '- listen\n', /weir\.yaml:1:1: error: must be a mapping of keys to values/),
  file(
    'no YAML',
    '{{{\n',
    /weir\.yaml:2:1: error: a `\[` or `\{` is not closed[\s\S]*close it, and indent its lines deeper than its key/,
  ),
  file(
    'UTF-16',
    Buffer.from('listen: 127.0.0.1:0\n', 'utf16le'),
    /weir\.yaml:1:1: error: must be a mapping of keys to values/,
  ),
  file(
    'a NUL',
    'listen: "127.0.0.1:0\0"\n',
    /weir\.yaml:1:9: error: must be an address and a port such as `127\.0\.0\.1:8080` or `\[::1\]:8080`/,
  ),
  file(
    'a tab',
    'limits:\n\theadBytesMax: 1\n',
    /weir\.yaml:2:1: error: a tab indents this line[\s\S]*indent with spaces/,
  ),
  file(
    'an alias',
    'certs: &a x\ndata: *a\n',
    /weir\.yaml:2:7: error: `\*a` is a YAML alias, and aliases are not read[\s\S]*put a pattern in quotes: "\*a"/,
  ),
  file(
    'an unknown key',
    'lisen: 127.0.0.1:0\n',
    /weir\.yaml:1:1: error: unknown key `lisen`[\s\S]*did you mean `listen`\?/,
  ),
  file('a key twice', 'data: a\ndata: b\n', /weir\.yaml:2:1: error: `data` stands twice[\s\S]*keep one of them/),
  file('__proto__', '__proto__: { listen: 127.0.0.1:0 }\n', /weir\.yaml:1:1: error: `__proto__` cannot be a key/),
  file('a number to listen on', 'listen: 8080\n', /weir\.yaml:1:9: error: must be text[\s\S]*put it in quotes: "8080"/),
  file('one block where a list is meant', 'allowClients: 10.0.0.0/8\n', /weir\.yaml:1:15: error: must be a list/),
  file('a list in a list', 'allowClients: [[10.0.0.0/8]]\n', /weir\.yaml:1:16: error: must be text/),
  file(
    '1,001 answers',
    `resolve: [${Array.from({ length: 1_001 }, () => '"a.example:1:127.0.0.1:1"').join(',')}]\n`,
    /weir\.yaml:1:10: error: must be at most 1000 items/,
  ),
  file(
    'a limit that does not exist',
    'limits: { headBytes: 1 }\n',
    /weir\.yaml:1:11: error: unknown key `headBytes`[\s\S]*did you mean `headBytesMax`\?/,
  ),
  file(
    'a limit of nothing',
    'limits: { headBytesMax: 0 }\n',
    /weir\.yaml:1:25: error: must be a size above 0 such as `64 KiB`/,
  ),
  file('a limit below zero', 'limits: { connectionsMax: -1 }\n', /weir\.yaml:1:27: error: must be at least 1/),
  file('half a connection', 'limits: { connectionsMax: 1.5 }\n', /weir\.yaml:1:27: error: must be a whole number/),
  file(
    'a size in another unit',
    'limits: { spoolBytesMax: 1 mb }\n',
    /weir\.yaml:1:26: error: must be a size above 0 such as `64 KiB`/,
  ),
  file(
    'a size that nobody can count',
    'limits: { spoolBytesMax: 999999999 TiB }\n',
    /weir\.yaml:1:26: error: must be a size above 0 such as `64 KiB`/,
  ),
  file(
    'a time that a timer does not know',
    'limits: { idleTimeoutMs: 25 days }\n',
    /weir\.yaml:1:26: error: must be a duration above 0 and below 24 days, such as `30 s` or `10 min`/,
  ),
  file(
    'a time in words',
    'limits: { idleTimeoutMs: for ever }\n',
    /weir\.yaml:1:26: error: must be a duration above 0 and below 24 days, such as `30 s` or `10 min`/,
  ),
  file('a limit as a list', 'limits: [headBytesMax]\n', /weir\.yaml:1:9: error: must be a mapping of keys to values/),
  file(
    'an open port for nobody, in a file',
    'listen: "[::]:0"\n',
    /weir\.yaml:1:9: error: \[::\]:0 is open to other machines, and no clients are allowed[\s\S]*name who may use the proxy, by --allow-clients 10\.0\.0\.0\/8 or --users FILE, or listen on 127/,
  ),
  file('a policy in the settings', 'version: 1\ndefault: deny\n', /weir\.yaml:1:1: error: unknown key `version`/),
]
