/** Request heads that cannot be served, by what is wrong with them, and what the record says about each. */

export interface BadHead {
  readonly name: string
  /** Latin1 text, one character a byte. */
  readonly bytes: string
  readonly message: RegExp
}

const HOST = 'Host: plain.example'
const URL = 'http://plain.example/upload'

function get(target: string, ...fields: readonly string[]): string {
  return `${[`GET ${target} HTTP/1.1`, ...fields].join('\r\n')}\r\n\r\n`
}

function post(...fields: readonly string[]): string {
  return `${[`POST ${URL} HTTP/1.1`, HOST, ...fields].join('\r\n')}\r\n\r\nbody`
}

const bad = (name: string, bytes: string, message: RegExp): BadHead => ({ name, bytes, message })

export const BAD_HEADS: readonly BadHead[] = [
  bad('a word', 'hello\r\n\r\n', /Invalid method encountered$/),
  bad('a TLS hello', '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00', /Invalid method encountered$/),
  bad('an SSH banner', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', /Invalid method encountered$/),
  bad('HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /Pause on PRI\/Upgrade$/),
  bad('HTTP/0.9', 'GET /\r\n\r\n', /the version is not HTTP\/1\.0 or HTTP\/1\.1$/),
  bad('HTTP/3.0', `GET ${URL} HTTP/3.0\r\n${HOST}\r\n\r\n`, /Invalid HTTP version$/),
  bad('a version in lower case', `GET ${URL} http/1.1\r\n${HOST}\r\n\r\n`, /Expected HTTP\/, RTSP\/ or ICE\/$/),
  bad('an answer', 'HTTP/1.1 200 OK\r\n\r\n', /Invalid method encountered$/),
  bad('a tab behind the method', `GET\t${URL} HTTP/1.1\r\n${HOST}\r\n\r\n`, /Expected space after method$/),
  bad('a method that does not exist', `STEAL ${URL} HTTP/1.1\r\n${HOST}\r\n\r\n`, /Invalid method encountered$/),
  bad('a method in lower case', `get ${URL} HTTP/1.1\r\n${HOST}\r\n\r\n`, /Invalid method encountered$/),
  bad('a method of RTSP', `SETUP ${URL} HTTP/1.1\r\n${HOST}\r\n\r\n`, /Invalid method for HTTP\/x\.x request$/),
  bad('bytes alone', '\xff\xfe\xfd\x00\x01', /Invalid method encountered$/),
  bad('a NUL in the target', get('http://plain.example/\0', HOST), /Invalid char in url path$/),
  bad('a control character in the target', get('http://plain.example/\x01', HOST), /Invalid char in url path$/),
  bad('Latin-1 in the target', get('http://plain.example/\xe9', HOST), /Invalid char in url path$/),
  bad('a fragment', get(`${URL}#x`, HOST), /the target has a fragment/),
  bad(
    'credentials in the URL',
    get('http://ada:pw@plain.example/', HOST),
    /the host of the URL is not HOST or HOST:PORT/,
  ),
  bad('an https URL', get('https://plain.example/', HOST), /asked for through CONNECT/),
  bad('an ftp URL', get('ftp://plain.example/', HOST), /another scheme than http/),
  bad('a relative target', get('upload', HOST), /Invalid characters in url$/),
  bad(
    'a path, which names no origin',
    get('/upload', HOST),
    /this is a proxy: it wants a whole URL \(http:\/\/HOST\/PATH\) or CONNECT$/,
  ),
  bad('an asterisk with GET', get('*', HOST), /GET has no target \*/),
  bad('an address in octal', get('http://0177.0.0.1/', HOST), /the host of the URL is not HOST or HOST:PORT/),
  bad('an address as one number', get('http://2130706433/', HOST), /the host of the URL is not HOST/),
  bad('port 0', get('http://plain.example:0/', HOST), /the host of the URL is not HOST or HOST:PORT/),
  bad('port 65536', get('http://plain.example:65536/', HOST), /the host of the URL is not HOST or HOST:PORT/),
  bad(
    'a host of 300 characters',
    get(`http://${'a'.repeat(300)}/`, HOST),
    /the host of the URL is not HOST or HOST:PORT/,
  ),
  bad(
    'another Host',
    get(URL, 'Host: other.example'),
    /Host says other\.example:80 but the URL is to plain\.example:80: one request goes to one place$/,
  ),
  bad('no Host', get(URL), /no Host/),
  bad('an empty Host', get(URL, 'Host:'), /Host is not HOST or HOST:PORT/),
  bad('two Hosts', get(URL, HOST, HOST), /more than one Host/),
  bad('a Host with a path', get(URL, `${HOST}/x`), /Host is not HOST or HOST:PORT/),
  bad('a Host with credentials', get(URL, 'Host: ada@plain.example'), /Host is not HOST or HOST:PORT/),
  bad('a Host with a comma', get(URL, 'Host: plain.example, other.example'), /Host is not HOST or HOST:PORT/),
  bad('a space before a colon', get(URL, HOST, 'X : y'), /Invalid header token$/),
  bad('a field without a colon', get(URL, HOST, 'nonsense'), /Invalid header token$/),
  bad('a field without a name', get(URL, HOST, ': x'), /Invalid header token$/),
  bad('a folded field', get(URL, HOST, 'X: a\r\n b'), /Unexpected whitespace after header value$/),
  bad('a NUL in a field', get(URL, HOST, 'X: a\0b'), /Invalid header value char$/),
  bad('a bare CR in a field', get(URL, HOST, 'X: a\rb'), /Missing expected LF after header value$/),
  bad('brackets in the name of a field', get(URL, HOST, '[X]: y'), /Invalid header token$/),
  bad('201 fields', get(URL, HOST, ...Array.from({ length: 200 }, (_, at) => `X-${at}: y`)), /more than 200 fields/),
  bad('a field of 70 kB', get(URL, HOST, `X: ${'y'.repeat(70_000)}`), /Header overflow$/),
  bad('a target of 70 kB', get(`${URL}?${'x'.repeat(70_000)}`, HOST), /Header overflow$/),
  bad('a head without an end', `GET ${URL} HTTP/1.1\r\n${HOST}\r\nX: `, /Request timeout$/),
  bad('a request line without an end', 'GET http://plain.exam', /Request timeout$/),
  bad('Content-Length in words', post('Content-Length: four'), /Invalid character in Content-Length$/),
  bad('Content-Length below zero', post('Content-Length: -4'), /Invalid character in Content-Length$/),
  bad('Content-Length twice', post('Content-Length: 4', 'Content-Length: 5'), /Duplicate Content-Length$/),
  bad('Content-Length as a list', post('Content-Length: 4, 4'), /Invalid character in Content-Length$/),
  bad('Content-Length of 20 digits', post('Content-Length: 99999999999999999999'), /Content-Length overflow$/),
  bad(
    'Content-Length beside chunks',
    post('Content-Length: 4', 'Transfer-Encoding: chunked'),
    /Transfer-Encoding can't be present with Content-Length$/,
  ),
  bad('a coding that is not chunked', post('Transfer-Encoding: gzip'), /a Transfer-Encoding other than chunked$/),
  bad('chunked twice', post('Transfer-Encoding: chunked, chunked'), /Invalid `Transfer-Encoding` header value$/),
  bad('chunked and not last', post('Transfer-Encoding: chunked, gzip'), /Invalid `Transfer-Encoding` header value$/),
  bad(
    'an expectation of another kind',
    post('Expect: a-miracle', 'Content-Length: 4'),
    /an expectation other than 100-continue/,
  ),
  bad('a chunk in words', post('Transfer-Encoding: chunked'), /Invalid character in chunk size$/),
  bad(
    'CONNECT without a port',
    `CONNECT plain.example HTTP/1.1\r\n${HOST}\r\n\r\n`,
    /CONNECT needs HOST:PORT and nothing else/,
  ),
  bad('CONNECT to a path', `CONNECT /x HTTP/1.1\r\n${HOST}\r\n\r\n`, /CONNECT needs HOST:PORT and nothing else/),
  bad('CONNECT to a URL', `CONNECT ${URL} HTTP/1.1\r\n${HOST}\r\n\r\n`, /CONNECT needs HOST:PORT and nothing else/),
  bad('CONNECT to nothing', `CONNECT  HTTP/1.1\r\n${HOST}\r\n\r\n`, /the version is not HTTP\/1\.0 or HTTP\/1\.1$/),
  bad(
    'CONNECT with a body',
    `CONNECT tls.example:443 HTTP/1.1\r\nHost: tls.example:443\r\nContent-Length: 4\r\n\r\nbody`,
    /CONNECT with a body/,
  ),
  bad(
    'CONNECT in chunks',
    `CONNECT tls.example:443 HTTP/1.1\r\nHost: tls.example:443\r\nTransfer-Encoding: chunked\r\n\r\n`,
    /CONNECT with a body/,
  ),
  bad(
    'CONNECT by HTTP/1.0 to an address in hexadecimal',
    'CONNECT 0x7f000001:443 HTTP/1.0\r\n\r\n',
    /CONNECT needs HOST:PORT/,
  ),
  bad('an unclosed IPv6 address', get('http://[::1/', HOST), /the host of the URL is not HOST or HOST:PORT$/),
  bad(
    'an IPv6 address with a zone',
    get('http://[fe80::1%25eth0]/', HOST),
    /the host of the URL is not HOST or HOST:PORT$/,
  ),
]
