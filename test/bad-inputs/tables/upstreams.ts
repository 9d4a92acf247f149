/** What an origin may answer that is no answer, and what the record says about each. */

export interface BadUpstream {
  readonly name: string
  /** Latin1 text, one character a byte. */
  readonly answer: string
  readonly after: 'stay' | 'end' | 'reset'
  readonly message: RegExp
}

const bad = (name: string, answer: string, message: RegExp, after: BadUpstream['after'] = 'stay'): BadUpstream => {
  return { name, answer, after, message }
}

export const BAD_UPSTREAMS: readonly BadUpstream[] = [
  bad('nothing, and closes', '', /the connection to the site broke: other side closed/, 'end'),
  bad('nothing, and resets', '', /the connection to the site broke: read ECONNRESET/, 'reset'),
  bad('nothing, and stays', '', /the site did not answer in time/),
  bad(
    'a word',
    'hello\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Expected HTTP\//,
  ),
  bad(
    'a TLS alert',
    '\x15\x03\x01\x00\x02\x02\x28',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Expected HTTP\//,
  ),
  bad(
    'an SSH banner',
    'SSH-2.0-OpenSSH_9.9\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Expected HTTP\//,
  ),
  bad(
    'HTTP/2 settings',
    '\0\0\0\x04\0\0\0\0\0',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Expected HTTP\//,
  ),
  bad(
    'HTTP/9.9',
    'HTTP/9.9 200 OK\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid HTTP v/,
  ),
  bad(
    'a status in words',
    'HTTP/1.1 fine\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid status/,
  ),
  bad(
    'a status of 1000',
    'HTTP/1.1 1000 OK\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid respon/,
  ),
  bad(
    'a field without a colon',
    'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid header/,
  ),
  bad(
    'a NUL in a field',
    'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid header/,
  ),
  bad(
    'a length in words',
    'HTTP/1.1 200 OK\r\nContent-Length: three\r\n\r\nabc',
    /the connection to the site broke: Response does not match the HTTP\/1\.1 protocol \(Invalid charac/,
  ),
  bad(
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
    /the connection to the site broke: Response body length does not match content-length header/,
  ),
  bad(
    'a coding that is not chunked',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc',
    /the site's answer can be read in two ways: a Transfer-Encoding other than chunked/,
    'end',
  ),
  bad(
    'a head of 70 kB',
    `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`,
    /the connection to the site broke: Headers Overflow Error/,
  ),
  bad('a head cut short', 'HTTP/1.1 200 OK\r\nX: y', /the connection to the site broke: other side closed/, 'end'),
  bad('a head that does not end', 'HTTP/1.1 200 OK\r\nX: y\r\n', /the site did not answer in time/),
  bad(
    '101 that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    /the connection to the site broke: bad upgrade/,
  ),
  bad(
    'interim answers without an end',
    'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(200),
    /the site sent interim answers without end/,
  ),
]
