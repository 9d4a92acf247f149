/** List files that hold no list of hosts, by what is wrong with them, and what `weir check` says: place, message, way out. */

export interface BadList {
  readonly name: string
  readonly content: string | Buffer
  /** Of the output, from the place in the list on. */
  readonly said: RegExp
}

const bad = (name: string, content: string | Buffer, said: RegExp): BadList => ({ name, content, said })
/** A good line before and behind it: neither makes up for it, and it does not hide in them. */
const among = (name: string, line: string, said: RegExp): BadList => {
  return bad(name, `good.example\n${line}\n*.good.example\n`, said)
}

export const BAD_LISTS: readonly BadList[] = [
  bad('nothing', '', /list\.txt:1:1: error: the list is empty[\s\S]*write one host a line/),
  bad('blank lines alone', '\n\n \t\n', /list\.txt:1:1: error: the list is empty[\s\S]*write one host a line/),
  bad(
    'comments alone',
    '# a.example\n# b.example\n',
    /list\.txt:1:1: error: the list is empty[\s\S]*write one host a line/,
  ),
  bad('a byte order mark alone', '\ufeff', /list\.txt:1:1: error: the list is empty[\s\S]*write one host a line/),
  bad(
    'UTF-16',
    Buffer.from('\ufeffa.example\n', 'utf16le'),
    /policy\.yaml:2:26: error: .*\/list\.txt: is not text in UTF-8[\s\S]*name a file beside the policy/,
  ),
  bad(
    'UTF-16 of the other end',
    Buffer.from('\ufeffa.example\n', 'utf16le').swap16(),
    /policy\.yaml:2:26: error: .*\/list\.txt: is not text in UTF-8[\s\S]*name a file beside the policy/,
  ),
  bad(
    'Latin-1',
    Buffer.from('b\xfccher.example\n', 'latin1'),
    /policy\.yaml:2:26: error: .*\/list\.txt: is not text in UTF-8[\s\S]*name a file beside the policy/,
  ),
  bad(
    'an overlong dot',
    Buffer.from('a\xc0\xaeexample\n', 'latin1'),
    /policy\.yaml:2:26: error: .*\/list\.txt: is not text in UTF-8[\s\S]*name a file beside the policy/,
  ),
  bad(
    'a program',
    Buffer.from('\x7fELF\x02\x01\x01\0\0\0\n', 'latin1'),
    /list\.txt:1:1: error: `\ufffdELF\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd` is not a host name/,
  ),
  bad(
    'gzip',
    Buffer.from('1f8b0800000000000003', 'hex'),
    /policy\.yaml:2:26: error: .*\/list\.txt: is not text in UTF-8[\s\S]*name a file beside the policy/,
  ),
  bad(
    'carriage returns for line breaks',
    'a.example\rb.example\r',
    /list\.txt:1:1: error: `a\.example\ufffdb\.example` is not a host name/,
  ),
  bad(
    'JSON',
    '["a.example", "b.example"]\n',
    /list\.txt:1:1: error: `\["a\.example", "b\.example"\]` is not a host name/,
  ),
  bad('YAML', '- a.example\n- b.example\n', /list\.txt:1:1: error: `- a\.example` is not a host name/),
  bad('a file of hosts', '127.0.0.1 a.example\n', /list\.txt:1:1: error: `127\.0\.0\.1 a\.example` is not a host name/),
  bad('a filter of an ad blocker', '||a.example^\n', /list\.txt:1:1: error: `\|\|a\.example\^` is not a host name/),
  bad('a row of a table', 'a.example,b.example\n', /list\.txt:1:1: error: `a\.example,b\.example` is not a host name/),
  bad(
    'one line of a megabyte',
    'a'.repeat(1_000_000),
    /list\.txt:1:1: error: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/,
  ),
  among(
    'a URL',
    'https://a.example/x',
    /list\.txt:2:1: error: `https:\/\/a\.example\/x` is a URL, not a host name[\s\S]*write `a\.example`/,
  ),
  among(
    'a URL with credentials',
    'https://ada:pw@a.example/',
    /list\.txt:2:1: error: `https:\/\/ada:pw@a\.example\/` is a URL, not a host name[\s\S]*write `ada`/,
  ),
  among('a path', 'a.example/x', /list\.txt:2:1: error: `a\.example\/x` has a path[\s\S]*write `a\.example`/),
  among('a port', 'a.example:443', /list\.txt:2:1: error: `a\.example:443` has a port[\s\S]*use `ports` for ports/),
  among(
    'an address',
    '192.0.2.1',
    /list\.txt:2:1: error: `192\.0\.2\.1` is an address, not a host name[\s\S]*use `networks` for addresses/,
  ),
  among(
    'an IPv6 address',
    '2001:db8::1',
    /list\.txt:2:1: error: `2001:db8::1` is an address, not a host name[\s\S]*use `networks` for addresses/,
  ),
  among('an IPv6 address in brackets', '[2001:db8::1]', /list\.txt:2:1: error: `\[2001:db8::1\]` is not a host name/),
  among(
    'a block of addresses',
    '192.0.2.0/24',
    /list\.txt:2:1: error: `192\.0\.2\.0\/24` is an address, not a host name[\s\S]*use `networks` for addresses/,
  ),
  among('an address in octal', '0300.0.2.1', /list\.txt:2:1: error: `0300\.0\.2\.1` is not a host name/),
  among('an address as one number', '3221225985', /list\.txt:2:1: error: `3221225985` is not a host name/),
  among(
    'a wildcard alone',
    '*',
    /list\.txt:2:1: error: `\*` alone names no host[\s\S]*leave the key out to mean every host/,
  ),
  among(
    'two wildcards',
    '**',
    /list\.txt:2:1: error: `\*` alone names no host[\s\S]*leave the key out to mean every host/,
  ),
  among(
    'a wildcard and nothing below',
    '*.',
    /list\.txt:2:1: error: `\*\.` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among(
    'a wildcard in the middle',
    'a.*.example',
    /list\.txt:2:1: error: `a\.\*\.example` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among(
    'a wildcard behind',
    'example.*',
    /list\.txt:2:1: error: `example\.\*` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among(
    'a wildcard in a label',
    'a*.example',
    /list\.txt:2:1: error: `a\*\.example` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among(
    'a wildcard twice',
    '*.*.example',
    /list\.txt:2:1: error: `\*\.\*\.example` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among(
    'a wildcard before an address',
    '*.192.0.2.1',
    /list\.txt:2:1: error: `\*\.192\.0\.2\.1` has a `\*` that is not the first part[\s\S]*write `\*\.` in front of a name to mean every name below it/,
  ),
  among('a dot before it', '.a.example', /list\.txt:2:1: error: `\.a\.example` is not a host name/),
  among('two dots', 'a..example', /list\.txt:2:1: error: `a\.\.example` is not a host name/),
  among('two dots behind it', 'a.example..', /list\.txt:2:1: error: `a\.example\.\.` is not a host name/),
  among('a hyphen before it', '-a.example', /list\.txt:2:1: error: `-a\.example` is not a host name/),
  among('a hyphen behind a label', 'a-.example', /list\.txt:2:1: error: `a-\.example` is not a host name/),
  among(
    'a label of 64 characters',
    `${'a'.repeat(64)}.example`,
    /list\.txt:2:1: error: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\.exa/,
  ),
  among(
    'a name of 254 characters',
    `${'a.'.repeat(124)}example`,
    /list\.txt:2:1: error: `a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\.a\./,
  ),
  among(
    'two names in a line',
    'a.example b.example',
    /list\.txt:2:1: error: `a\.example b\.example` is not a host name/,
  ),
  among('a semicolon', 'a.example;', /list\.txt:2:1: error: `a\.example;` is not a host name/),
  among('quotes', '"a.example"', /list\.txt:2:1: error: `"a\.example"` is not a host name/),
  among('a user', 'ada@a.example', /list\.txt:2:1: error: `ada@a\.example` is not a host name/),
  among('a NUL', 'a\0.example', /list\.txt:2:1: error: `a\ufffd\.example` is not a host name/),
  among('an escape', '\u001b[2Ja.example', /list\.txt:2:1: error: `\ufffd\[2Ja\.example` is not a host name/),
  among('a right-to-left mark', 'a\u202e.example', /list\.txt:2:1: error: `a\ufffd\.example` is not a host name/),
  among('a full-width slash', 'a.example／x', /list\.txt:2:1: error: `a\.example／x` is not a host name/),
  among('an escaped dot', 'a%2eexample', /list\.txt:2:1: error: `a%2eexample` is not a host name/),
  among(
    'a carriage return in the middle',
    'a.exam\rple',
    /list\.txt:2:1: error: `a\.exam\ufffdple` is not a host name/,
  ),
  among('a tab in the middle', 'a.exam\tple', /list\.txt:2:1: error: `a\.exam	ple` is not a host name/),
]
