/** What a parent proxy may answer to CONNECT that opens no tunnel, and what the record says about each. */

export interface BadParent {
  readonly name: string
  /** Latin1 text, one character a byte; a list is sent in pieces. Null closes at once, and nothing at all stays silent. */
  readonly answer: string | readonly string[] | null
  readonly after: 'stay' | 'end' | 'reset'
  readonly message: RegExp
}

const bad = (
  name: string,
  answer: BadParent['answer'],
  message: RegExp,
  after: BadParent['after'] = 'stay',
): BadParent => {
  return { name, answer, after, message }
}

const FAILED = 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nno!'

export const BAD_PARENTS: readonly BadParent[] = [
  bad('nothing, and closes', null, /it closed the connection/, 'end'),
  bad('nothing, and resets', null, /it closed the connection/, 'reset'),
  bad('nothing, and stays', [], /the parent proxy did not open a tunnel within 400 ms/),
  bad('a word', 'hello\r\n\r\n', /its answer is no HTTP/),
  bad('a word without an end', 'hello', /it closed the connection/, 'end'),
  bad('bytes', '\0\x01\xff\xfe\r\n\r\n', /its answer is no HTTP/),
  bad('a TLS alert', '\x15\x03\x01\x00\x02\x02\x28\r\n\r\n', /its answer is no HTTP/),
  bad('an SSH banner', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', /its answer is no HTTP/),
  bad('SOCKS', '\x05\x00\r\n\r\n', /its answer is no HTTP/),
  bad('an empty head', '\r\n\r\n', /its answer is no HTTP/),
  bad('a request', 'GET / HTTP/1.1\r\n\r\n', /its answer is no HTTP/),
  bad('HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n', /its answer is no HTTP/),
  bad('HTTP/0.9', '200 OK\r\n\r\n', /its answer is no HTTP/),
  bad('a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n', /its answer is no HTTP/),
  bad('a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', /its answer is no HTTP/),
  bad('a status in words', 'HTTP/1.1 OK\r\n\r\n', /its answer is no HTTP/),
  bad('a space before it', ' HTTP/1.1 200 OK\r\n\r\n', /its answer is no HTTP/),
  bad('line feeds alone', 'HTTP/1.1 200 OK\n\n', /it closed the connection/, 'end'),
  bad('a head that does not end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(3_000)}`, /its answer has no end/),
  bad('one field that does not end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(17_000)}`, /its answer has no end/),
  bad('a head cut short', 'HTTP/1.1 200 OK\r\nVia: x\r\n', /it closed the connection/, 'end'),
  bad('a head cut short by a reset', 'HTTP/1.1 200 OK\r\nVia: x\r\n', /it closed the connection/, 'reset'),
  bad(
    'a head that comes too slowly',
    ['HTTP/1.1 2', '00 O', 'K\r\n'],
    /the parent proxy did not open a tunnel within 400 ms/,
  ),
  bad('100', 'HTTP/1.1 100 Continue\r\n\r\n', /it answered 100/),
  bad('101', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', /it answered 101/),
  bad('102, then 200', 'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', /it answered 102/),
  bad('301', 'HTTP/1.1 301 Moved\r\nLocation: http://elsewhere.example/\r\n\r\n', /it answered 301/),
  bad('400', 'HTTP/1.1 400 Bad Request\r\n\r\n', /it answered 400/),
  bad('403 with a page', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nnever', /it answered 403/),
  bad(
    '407',
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n',
    /it wants other credentials \(upstreamProxy\)/,
  ),
  bad('502', FAILED, /it answered 502/),
  bad('502, and closes', FAILED, /it answered 502/, 'end'),
  bad('999', 'HTTP/1.1 999 What\r\n\r\n', /it answered 999/),
]
