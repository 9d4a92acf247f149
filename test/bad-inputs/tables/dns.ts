/** Answers of DNS that lead nowhere a client may go, and what the record says about each. */

interface Answers {
  readonly four: unknown
  readonly six: unknown
}

export interface BadDns {
  readonly name: string
  /** What is answered about IPv4 and IPv6: records, an error of DNS by its code, or nothing at all. */
  readonly answers: Answers
  readonly message: RegExp
}

export const SILENCE = Symbol('silence')
const NONE = 'ENODATA'
const bad = (name: string, four: unknown, message: RegExp, six: unknown = NONE): BadDns => {
  return { name, answers: { four, six }, message }
}
const at = (...addresses: readonly string[]): unknown => addresses.map((address) => ({ address, ttl: 60 }))

export const BAD_DNS: readonly BadDns[] = [
  bad(
    'no such name',
    'ENOTFOUND',
    /name-\d+\.example has no address: the name does not resolve from here/,
    'ENOTFOUND',
  ),
  bad('no data', NONE, /name-\d+\.example has no address: the name does not resolve from here/),
  bad(
    'a failing server',
    'ESERVFAIL',
    /name-\d+\.example has no address: the name does not resolve from here/,
    'ESERVFAIL',
  ),
  bad(
    'a server that refuses',
    'EREFUSED',
    /name-\d+\.example has no address: the name does not resolve from here/,
    'EREFUSED',
  ),
  bad(
    'an answer that cannot be read',
    'EBADRESP',
    /name-\d+\.example has no address: the name does not resolve from here/,
    'EBADRESP',
  ),
  bad('silence', SILENCE, /no answer about name-\d+\.example from DNS within 300 ms/, SILENCE),
  bad('empty lists', [], /name-\d+\.example has no address: the name does not resolve from here/, []),
  bad('an address in words', at('here'), /name-\d+\.example has no address: the name does not resolve from here/),
  bad('an empty address', at(''), /name-\d+\.example has no address: the name does not resolve from here/),
  bad(
    'a name for an address',
    at('other.example'),
    /name-\d+\.example has no address: the name does not resolve from here/,
  ),
  bad('an address in octal', at('0177.0.0.1'), /name-\d+\.example has no address: the name does not resolve from here/),
  bad(
    'an address with a zone',
    NONE,
    /name-\d+\.example has no address: the name does not resolve from here/,
    at('fe80::1%eth0'),
  ),
  bad(
    'an address with a port',
    at('192.0.2.1:80'),
    /name-\d+\.example has no address: the name does not resolve from here/,
  ),
  bad(
    'this machine',
    at('127.0.0.1'),
    /name-\d+\.example \(127\.0\.0\.1\) is a loopback address, which this proxy does not reach unless its o/,
  ),
  bad(
    'this machine by IPv6',
    NONE,
    /name-\d+\.example \(::1\) is a loopback address, which this proxy does not reach unless its operato/,
    at('::1'),
  ),
  bad(
    'this machine, wrapped',
    NONE,
    /name-\d+\.example \(127\.0\.0\.1\) is a loopback address, which this proxy does not reach unless its o/,
    at('::ffff:127.0.0.1'),
  ),
  bad(
    'this machine, translated',
    NONE,
    /name-\d+\.example \(64:ff9b::7f00:1\) is a loopback address, which this proxy does not reach unless/,
    at('64:ff9b::7f00:1'),
  ),
  bad(
    'no address',
    at('0.0.0.0'),
    /name-\d+\.example \(0\.0\.0\.0\) is a unspecified address, which this proxy does not reach unless its /,
  ),
  bad(
    'a private network',
    at('10.0.0.1'),
    /name-\d+\.example \(10\.0\.0\.1\) is a private address, which this proxy does not reach unless its ope/,
  ),
  bad(
    'the metadata of a cloud',
    at('169.254.169.254'),
    /name-\d+\.example \(169\.254\.169\.254\) is a link-local address, which this proxy does not reach unle/,
  ),
  bad(
    'everybody',
    at('255.255.255.255'),
    /name-\d+\.example \(255\.255\.255\.255\) is a multicast address, which this proxy does not reach unles/,
  ),
  bad(
    'a group',
    at('224.0.0.1'),
    /name-\d+\.example \(224\.0\.0\.1\) is a multicast address, which this proxy does not reach unless its /,
  ),
  bad(
    'private ones of both kinds',
    at('192.168.0.1'),
    /name-\d+\.example \(fd00::1\) is a private address, which this proxy does not reach unless its oper/,
    at('fd00::1'),
  ),
]
