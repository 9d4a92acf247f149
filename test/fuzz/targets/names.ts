/** Addresses, blocks, hosts and what maps them: one spelling each, and never an address that passes for a name. */
import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import * as fc from 'fast-check'
import { parseHostPattern as parseCatalogPattern } from '../../../src/catalog/host-pattern.ts'
import { contains, parseAddress, parseCidr } from '../../../src/net/address.ts'
import { parseHost } from '../../../src/net/host.ts'
import { parseHostList } from '../../../src/policy/host-list.ts'
import {
  formatHostPattern,
  type HostPattern,
  parseHostPattern,
  whyNotHostPattern,
} from '../../../src/policy/host-pattern.ts'
import { parseHostsFile } from '../../../src/proxy/hosts-file.ts'
import { renderProblem } from '../../../src/text/problem-render.ts'
import { mutatedText, mutatedTextFrom } from '../corpus.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const ADDRESSES = [
  '192.0.2.1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '[::1]',
  'fe80::1',
  '64:ff9b::1.2.3.4',
  '::',
  '::1.2.3.4',
]
const addressTexts = fc.oneof(mutatedText(ADDRESSES, ['%eth0', '::', '.', '0', 'ffff']), fc.ipV4Extended(), fc.ipV6())

const address = defineTarget({
  name: 'address',
  parsers: ['net/address.ts#parseAddress', 'net/address.ts#parseCidr'],
  inputs: fc.tuple(addressTexts, fc.oneof(fc.nat(140).map(String), fc.constantFrom('', '08', '-1', '1e1', '24/8'))),
  shortRuns: 1_000,
  check([text, prefix]) {
    const parsed = parseAddress(text)
    const block = parseCidr(`${text}/${prefix}`)
    if (parsed === null) {
      assert.equal(block, null)
      return
    }
    assert.deepEqual(parseAddress(parsed.text), parsed, 'another address when written again')
    assert.equal(isIP(parsed.text), parsed.family)
    assert.equal(parsed.bytes.length, parsed.family === 4 ? 4 : 16)
    assert.equal(parseHost(text), null, 'an address that is a host too')
    if (block === null) return
    assert.deepEqual(parseCidr(block.text), block, 'another block when written again')
    assert(contains(block, block.network))
  },
})

const HOSTS = [
  'github.com',
  'a.b-c.example.',
  'xn--bcher-kva.example',
  'bücher.example',
  '_x.example',
  '1.2.3.4.example',
  '0x7f.1',
]
const hosts = fc.oneof(
  mutatedText(HOSTS, ['xn--', '。', '．', '\u00ad', 'İ', '0x', '1']),
  fc.domain(),
  fc.ipV4Extended(),
)

const host = defineTarget({
  name: 'host',
  parsers: ['net/host.ts#parseHost'],
  inputs: hosts,
  shortRuns: 1_000,
  check(text) {
    const parsed = parseHost(text)
    if (parsed === null) return
    assert.equal(parseHost(parsed), parsed, 'another host when written again')
    assert(/^[a-z0-9._-]{1,253}$/.test(parsed))
    assert.equal(isIP(parsed), 0)
    assert.equal(parseAddress(text), null)
    // What a URL makes of it is the same name, and no address.
    assert.equal(new URL(`http://${parsed}/`).hostname, parsed, 'another host to another reader')
  },
})

const patterns = fc.oneof(
  hosts,
  mutatedTextFrom(hosts, ['*.', '*', '.*.', 'https://', ':443', '/']),
  fc.constantFrom('*', '*.', '*.x', 'api.*.x.example', '**'),
)

const hostPattern = defineTarget({
  name: 'host-pattern',
  parsers: ['policy/host-pattern.ts#parseHostPattern', 'catalog/host-pattern.ts#parseHostPattern'],
  inputs: patterns,
  shortRuns: 1_000,
  check(text) {
    const [parsed, why, inCatalog] = [parseHostPattern(text), whyNotHostPattern(text), parseCatalogPattern(text)]
    assert.equal(parsed === null, why !== null)
    if (parsed !== null) {
      assert.deepEqual(parseHostPattern(formatHostPattern(parsed)), parsed)
      assert.deepEqual(inCatalog, { name: parsed.host, wildcard: parsed.below, label: null })
    } else if (inCatalog !== null) assert.notEqual(inCatalog.label, null)
  },
})

const LISTS = [
  'good.example\n*.ok.example\n# why\n\nother.example # here\r\n',
  '\ufeffa.example',
  'a.example\nb c\n1.2.3.4\n',
]
const lists = fc.oneof(
  mutatedText(LISTS, ['#', '\r', '*.', '\n\n', 'https://x/', ':80']),
  fc.array(patterns, { maxLength: 30 }).map((all) => all.join('\n')),
)

const hostList = defineTarget({
  name: 'host-list',
  parsers: ['policy/host-list.ts#parseHostList'],
  inputs: lists,
  check(text) {
    const taken: HostPattern[] = []
    const problems = parseHostList(text, 'list.txt', (pattern) => void taken.push(pattern))
    assert(problems.length <= 20)
    const lines = text.split('\n')
    // Each line is taken, or a problem, or says nothing.
    const said = lines.filter((line) => (line.replace(/^\ufeff/, '').split('#', 1)[0] ?? '').trim() !== '')
    if (problems.length < 20 && said.length > 0) assert.equal(taken.length + problems.length, said.length)
    if (said.length === 0) assert.equal(problems.length, 1)
    for (const problem of problems) {
      assert(problem.line >= 1 && problem.line <= lines.length && problem.column >= 1)
      assert(!/[^\P{Cc}\n\t]/u.test(renderProblem(problem, text, { colour: false })), 'control characters in a problem')
    }
    for (const pattern of taken) assert.deepEqual(parseHostPattern(formatHostPattern(pattern)), pattern)
  },
})

const HOSTS_FILES = ['127.0.0.1 localhost\n::1 localhost ip6\n# x\n10.0.0.1\ta.example b.example # y\n', '10.0.0.1']

const hostsFile = defineTarget({
  name: 'hosts-file',
  parsers: ['proxy/hosts-file.ts#parseHostsFile'],
  inputs: mutatedText(HOSTS_FILES, ['__proto__', '\r', '10.0.0.2 ', '\n10.0.0.3 a.example\n']),
  check(text) {
    const entries = parseHostsFile(text)
    for (const [name, addresses] of entries) {
      assert.equal(parseHost(name), name)
      assert(addresses.length > 0)
      for (const { text: spelled } of addresses) assert(parseAddress(spelled) !== null)
    }
    const written = [...entries]
      .flatMap(([name, all]) => all.map(({ text: spelled }) => `${spelled} ${name}`))
      .join('\n')
    assert.deepEqual(parseHostsFile(written), entries, 'another map when written again')
  },
})

export const NAME_TARGETS: readonly FuzzTarget[] = [address, host, hostPattern, hostList, hostsFile]
