/** Bodies of git, git-lfs and MEGA that are not what their address says, and what the record says about each. */
import { gzipSync } from 'node:zlib'
import { encodePktLine } from '../../../src/wire/pkt-line.ts'
import { A, B, command, packets, ZERO } from '../../wire/push.ts'

export interface BadBody {
  readonly kind: 'push' | 'fetch' | 'lfs' | 'mega'
  readonly name: string
  readonly body: Uint8Array
  readonly coding?: string
  readonly message: RegExp
}

const text = (content: string): Uint8Array => Buffer.from(content, 'latin1')
const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)
const CREATE = command(ZERO, A, 'refs/heads/main', 'report-status side-band-64k')
const PACK = text('PACK\0\0\0\x02\0\0\0\0')

function under(kind: BadBody['kind']) {
  return (name: string, body: Uint8Array, message: RegExp, coding?: string): BadBody => {
    return { kind, name, body, message, ...(coding === undefined ? {} : { coding }) }
  }
}

const push = (): readonly BadBody[] => {
  const bad = under('push')
  return [
    bad('push: nothing', text(''), /it ends before its list of refs does$/),
    bad('push: a word', text('hello'), /a pkt-line length is not hexadecimal$/),
    bad('push: a length in words', text('zzzz'), /a pkt-line length is not hexadecimal$/),
    bad('push: a length of 3', text('0003'), /a pkt-line of length 3$/),
    bad('push: a length past the limit', text('fff1'), /a pkt-line longer than 65520 bytes$/),
    bad('push: a packet cut short', packets(CREATE).slice(0, -5), /it ends before its list of refs does$/),
    bad('push: no end of the commands', packets(CREATE), /it ends before its list of refs does$/),
    bad('push: a delimiter', join(packets(CREATE), text('0001')), /a delim packet in a push$/),
    bad('push: the end of a response', join(packets(CREATE), text('0002')), /a response-end packet in a push$/),
    bad('push: a line that is no command', packets('hello', null), /a command that is not OLD NEW REF$/),
    bad(
      'push: an id of 39 digits',
      packets(command(ZERO.slice(1), A, 'refs/heads/main', 'x'), null),
      /a command that is not OLD NEW REF$/,
    ),
    bad(
      'push: an id in capitals',
      packets(command(ZERO, A.toUpperCase(), 'refs/heads/main', 'x'), null),
      /a command that is not OLD NEW REF$/,
    ),
    bad(
      'push: ids of two lengths',
      packets(command(ZERO, 'c'.repeat(64), 'refs/heads/main', 'x'), null),
      /an object id is not of the announced object format$/,
    ),
    bad(
      'push: from nothing to nothing',
      packets(command(ZERO, ZERO, 'refs/heads/main', 'x'), null),
      /a ref that is neither before nor after$/,
    ),
    bad('push: no name of a ref', packets(command(ZERO, A, '', 'x'), null), /not the name of a ref$/),
    bad('push: a ref outside of refs/', packets(command(ZERO, A, 'HEAD', 'x'), null), /not the name of a ref$/),
    bad('push: a ref with two dots', packets(command(ZERO, A, 'refs/heads/a..b', 'x'), null), /not the name of a ref$/),
    bad(
      'push: a ref with a line break',
      packets(command(ZERO, A, 'refs/heads/a\nb', 'x'), null),
      /not the name of a ref$/,
    ),
    bad(
      'push: a ref that is not UTF-8',
      packets(text(`${ZERO} ${A} refs/heads/\xff`), null),
      /a line of the push is not UTF-8$/,
    ),
    bad('push: a ref twice', packets(CREATE, command(A, B, 'refs/heads/main'), null), /a ref is updated twice$/),
    bad(
      'push: capabilities on the second line',
      packets(CREATE, command(ZERO, B, 'refs/x/y', 'atomic'), null),
      /capabilities after the first command$/,
    ),
    bad(
      'push: capabilities with control characters',
      packets(command(ZERO, A, 'refs/heads/main', 'a\tb'), null),
      /a capability with other than visible ASCII$/,
    ),
    bad(
      'push: an unknown object format',
      packets(command(ZERO, A, 'refs/heads/main', 'object-format=md5'), null),
      /an unknown object format$/,
    ),
    bad('push: shallow behind a command', packets(CREATE, `shallow ${A}`, null), /a shallow line after a command$/),
    bad('push: shallow without an id', packets('shallow x', CREATE, null), /a shallow line without an object id$/),
    bad('push: shallow alone', packets(`shallow ${A}`, null), /a push without commands$/),
    bad(
      'push: options that do not end',
      packets(command(ZERO, A, 'refs/x/y', 'push-options'), null, 'one'),
      /it ends before its list of refs does$/,
    ),
    bad(
      'push: an option with an escape',
      packets(command(ZERO, A, 'refs/x/y', 'push-options'), null, '\x1b[2J', null),
      /a push option with control characters$/,
    ),
    bad(
      'push: 10,001 refs',
      packets(CREATE, ...Array.from({ length: 10_000 }, (_, at) => command(ZERO, A, `refs/x/${at}`)), null),
      /more than 10000 ref updates$/,
    ),
    bad(
      'push: a certificate behind a command',
      packets(CREATE, 'push-cert\0x', null),
      /a push certificate behind a command$/,
    ),
    bad(
      'push: a certificate without capabilities',
      packets('push-cert', null),
      /a push certificate without capabilities$/,
    ),
    bad(
      'push: a certificate of another version',
      packets('push-cert\0x', 'certificate version 9\n', null),
      /a push certificate of an unknown version$/,
    ),
    bad(
      'push: a certificate that nobody signed',
      packets('push-cert\0x', 'certificate version 0.1\n', 'pusher x\n', '\n', null),
      /a push certificate without an end$/,
    ),
    bad(
      'push: a certificate of a binary packet',
      packets('push-cert\0x', text('\xff\n'), null),
      /a packet of the push certificate is not one line of text$/,
    ),
    bad('push: no pack', packets(CREATE, null), /it names refs but carries no pack$/),
    bad('push: a pack cut short', join(packets(CREATE, null), PACK.slice(0, 8)), /it names refs but carries no pack$/),
    bad('push: another word than PACK', join(packets(CREATE, null), text('KCAP\0\0\0\x02\0\0\0\0')), /not a pack$/),
    bad(
      'push: a pack of version 9',
      join(packets(CREATE, null), text('PACK\0\0\0\x09\0\0\0\0')),
      /not a pack of version 2 or 3$/,
    ),
    bad('push: a bundle', join(packets(CREATE, null), text('# v2 git bundle\n')), /not a pack$/),
    bad(
      'push: a pack behind a deletion',
      join(packets(command(A, ZERO, 'refs/heads/main', 'x'), null), PACK),
      /it carries data behind a push that only deletes$/,
    ),
    bad('push: bytes behind a probe', join(packets(null), text('secret')), /it carries data but names no ref$/),
    bad(
      'push: a broken gzip',
      join(gzipSync(packets(CREATE, null)).subarray(0, 20), text('secret')),
      /its Content-Encoding is broken$/,
      'gzip',
    ),
    bad(
      'push: an unknown coding',
      join(packets(CREATE, null), PACK),
      /its Content-Encoding \(rot13\) is not known here$/,
      'rot13',
    ),
    bad(
      'push: two codings',
      gzipSync(gzipSync(join(packets(CREATE, null), PACK))),
      /its Content-Encoding \(gzip, gzip\) is not known here$/,
      'gzip, gzip',
    ),
  ]
}

const fetches = (): readonly BadBody[] => {
  const bad = under('fetch')
  return [
    bad(
      'fetch: a word',
      text('secret'),
      /no rule allows this \(its body is no fetch: a pkt-line length is not hexadecimal\)$/,
    ),
    bad(
      'fetch: no end',
      packets(`want ${A}`),
      /no rule allows this \(its body is no fetch: a fetch request that ends too early\)$/,
    ),
    bad(
      'fetch: bytes behind the end',
      join(packets(`want ${A}`, null, 'done'), text('secret')),
      /no rule allows this \(its body is no fetch: bytes behind the end of a fetch request\)$/,
    ),
    bad(
      'fetch: a have first',
      packets(`have ${A}`, null),
      /no rule allows this \(its body is no fetch: a fetch request that begins with no want\)$/,
    ),
    bad(
      'fetch: a want for a name',
      packets('want main', null, 'done'),
      /no rule allows this \(its body is no fetch: not an object id\)$/,
    ),
    bad(
      'fetch: an unknown line',
      packets(`want ${A}`, 'secret line', null, 'done'),
      /no rule allows this \(its body is no fetch: an unknown line in a fetch request\)$/,
    ),
    bad(
      'fetch: ids of two lengths',
      packets(`want ${A}`, `want ${'c'.repeat(64)}`, null, 'done'),
      /no rule allows this \(its body is no fetch: object ids of two formats in a fetch request\)$/,
    ),
    bad(
      'fetch: an unknown command',
      packets('command=steal', null),
      /no rule allows this \(its body is no fetch: an unknown command in a fetch request\)$/,
    ),
    bad(
      'fetch: an agent of 5 kB',
      packets('command=fetch', `agent=${'x'.repeat(5_000)}`, null),
      /no rule allows this \(its body is no fetch: more than 4096 bytes of text in a fetch request\)$/,
    ),
    bad(
      'fetch: the same capability twice',
      packets('command=fetch', 'agent=x', 'agent=y', null),
      /no rule allows this \(its body is no fetch: agent twice in a fetch request\)$/,
    ),
    bad(
      'fetch: a line of 9 kB',
      packets(`want ${A} ${'x'.repeat(9_000)}`, null, 'done'),
      /no rule allows this \(its body is no fetch: a line of the fetch request is longer than 8192 bytes\)$/,
    ),
    bad(
      'fetch: a line with a control character',
      packets(`want ${A}\tx`, null, 'done'),
      /no rule allows this \(its body is no fetch: a line of the fetch request is not text\)$/,
    ),
    bad(
      'fetch: a line that is not UTF-8',
      join(encodePktLine(text('want \xff')), packets(null, 'done')),
      /no rule allows this \(its body is no fetch: a line of the fetch request is not text\)$/,
    ),
    bad(
      'fetch: a push',
      join(packets(CREATE, null), PACK),
      /no rule allows this \(its body is no fetch: a line of the fetch request is not text\)$/,
    ),
    bad(
      'fetch: a depth with a leading zero',
      packets(`want ${A}`, 'deepen 01', null, 'done'),
      /no rule allows this \(its body is no fetch: not a number\)$/,
    ),
    bad('fetch: a broken gzip', text('\x1f\x8b\x08\0secret'), /its Content-Encoding ends too early$/, 'gzip'),
  ]
}

const locks = (): readonly BadBody[] => {
  const bad = under('lfs')
  return [
    bad(
      'locks: no JSON',
      text('secret'),
      /no rule allows this \(its body is no question for locks: a request for locks that is no JSON object\)$/,
    ),
    bad(
      'locks: a list',
      text('[]'),
      /no rule allows this \(its body is no question for locks: a request for locks that is no JSON object\)$/,
    ),
    bad(
      'locks: another key',
      text('{"note":"secret"}'),
      /no rule allows this \(its body is no question for locks: a request for locks with more in it than cursor, limit and ref\)$/,
    ),
    bad(
      'locks: a name twice',
      text('{"cursor":"secret","cursor":"x"}'),
      /no rule allows this \(its body is no question for locks: a request for locks with a name twice\)$/,
    ),
    bad(
      'locks: a ref that is none',
      text('{"ref":{"name":"a secret"}}'),
      /no rule allows this \(its body is no question for locks: a request for locks with more in it than cursor, limit and ref\)$/,
    ),
    bad(
      'locks: a limit below zero',
      text('{"limit":-1}'),
      /no rule allows this \(its body is no question for locks: a request for locks with more in it than cursor, limit and ref\)$/,
    ),
    bad(
      'locks: not UTF-8',
      text('{"cursor":"\xff"}'),
      /no rule allows this \(its body is no question for locks: a request for locks that is no JSON object\)$/,
    ),
    bad(
      'locks: 5 kB',
      text(`{"cursor":"${'x'.repeat(5_000)}"}`),
      /no rule allows this \(its body is no question for locks: a request for locks is longer than 4096 bytes\)$/,
    ),
  ]
}

const mega = (): readonly BadBody[] => {
  const bad = under('mega')
  return [
    bad('MEGA: no JSON', text('secret'), /no rule allows this \(this is no list of commands\)$/),
    bad('MEGA: an empty list', text('[]'), /no rule allows this \(this is no list of commands\)$/),
    bad('MEGA: a number', text('-9'), /no rule allows this \(this is no list of commands\)$/),
    bad('MEGA: a command without a name', text('[{"n":"x"}]'), /no rule allows this \(this is no list of commands\)$/),
    bad(
      'MEGA: the name twice',
      text('[{"a":"f","a":"p"}]'),
      /no rule allows this \(its JSON can be read in two ways\)$/,
    ),
    bad(
      'MEGA: a name with an escape',
      text('[{"a":"\\u0066"}]'),
      /no rule allows this \(its JSON can be read in two ways\)$/,
    ),
    bad(
      'MEGA: a tree below a command',
      text('[{"a":"f","n":{"secret":1}}]'),
      /no rule allows this \(this is no list of commands\)$/,
    ),
    bad('MEGA: an upload behind a read', text('[{"a":"f"},{"a":"u","s":5}]'), /no rule allows this$/),
    bad(
      'MEGA: 201 commands',
      text(JSON.stringify(Array.from({ length: 201 }, () => ({ a: 'f' })))),
      /no rule allows this \(there are more than 200 commands\)$/,
    ),
    bad(
      'MEGA: 17 kB',
      text(`[{"a":"f","x":"${'y'.repeat(17_000)}"}]`),
      /no rule allows this \(its body is longer than 16384 bytes\)$/,
    ),
  ]
}

export const BAD_BODIES: readonly BadBody[] = [...push(), ...fetches(), ...locks(), ...mega()]
