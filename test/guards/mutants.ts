/** The guards above every rule, each with the change that removes it and the test that must then fail. */

export interface Mutant {
  /** What the guard keeps out. */
  readonly guard: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  readonly test: string
  /** The tests of that file that are run, as a pattern over their names. Never one that would dial off this machine. */
  readonly named: string
}

const E2E = 'test/e2e/guards.test.ts'
const E2E_ABUSE = 'test/e2e/abuse.test.ts'

export const MUTANTS: readonly Mutant[] = [
  {
    guard: 'SNI and CONNECT that differ',
    file: 'src/proxy/tunnel.ts',
    find: 'if (agrees(hello, destination)) return null',
    replace: 'if (agrees(hello, destination) || hello !== null) return null',
    test: E2E,
    named: 'ends a tunnel whose SNI is not the CONNECT name',
  },
  {
    guard: 'an alias name that points at another site’s address',
    file: 'src/proxy/tunnel.ts',
    find: 'await this.#weir.proofs.prove(destination, endpoint.address, endpoint.port)',
    replace: 'void endpoint',
    test: E2E,
    named: 'does not take an alias',
  },
  {
    guard: 'an IP literal whose certificate is not for the address',
    file: 'src/proxy/tunnel.ts',
    find: 'await this.#weir.proofs.prove(destination, endpoint.address, endpoint.port)',
    replace: 'void endpoint',
    test: E2E,
    named: 'does not splice TLS to an address',
  },
  {
    guard: 'a Host inside the tunnel that is not the CONNECT name',
    file: 'src/proxy/request.ts',
    find: 'if (nameOf(host) === nameOf(destination) && samePort) return null',
    replace: 'if (samePort || !samePort) return null',
    test: E2E,
    named: 'refuses a Host inside the tunnel',
  },
  {
    guard: 'a Host that is not the name in the URL',
    file: 'src/proxy/request.ts',
    find: 'if (nameOf(host) === nameOf(destination) && samePort) return null',
    replace: 'if (samePort || !samePort) return null',
    test: E2E,
    named: 'refuses a Host that is not the name in the URL',
  },
  {
    guard: 'a URL of another place inside the tunnel',
    file: 'src/proxy/request.ts',
    find: "return { verdict: malformed('a URL with a host of its own inside a tunnel') }",
    replace: "return { destination: tunnel.destination, path: '/' }",
    test: E2E,
    named: 'refuses a URL of another place',
  },
  {
    guard: 'a site whose chain is not valid',
    file: 'src/tls/upstream.ts',
    find: 'const fault = chainFault(secure, destination)',
    replace: 'const fault = secure.destroyed ? chainFault(secure, destination) : null',
    test: E2E,
    named: 'shows no valid leaf over a site',
  },
  {
    guard: 'a site whose certificate is for another name',
    file: 'src/tls/upstream.ts',
    find: 'const disagreement = nameFault(certificate, destination)',
    replace: 'const disagreement = secure.destroyed ? nameFault(certificate, destination) : null',
    test: E2E,
    named: 'does not take an alias',
  },
  {
    guard: 'loopback in every spelling',
    file: 'src/proxy/dial.ts',
    find: "if (range === 'public' || ",
    replace: "if (range !== 'public' || ",
    test: E2E,
    named: 'does not dial (127\\.0\\.0\\.1|\\[::1\\]|\\[::ffff:)',
  },
  {
    guard: 'a DNS answer that changes to a private address',
    file: 'src/proxy/dial.ts',
    find: "if (range === 'public' || ",
    replace: "if (range !== 'public' || ",
    test: E2E,
    named: 'is judged anew and not dialled',
  },
  {
    guard: 'Weir itself as a destination',
    file: 'src/proxy/dial.ts',
    find: 'if (weir.isOwn(address, port)) {',
    replace: 'if (weir.isOwn(address, port) && port === 0) {',
    test: E2E,
    named: 'never dials itself',
  },
  {
    guard: 'private addresses inside NAT64 and 6to4',
    file: 'src/net/address.ts',
    find: 'const inner = embeddedIpv4(address)',
    replace: 'const inner = address.bytes.length > 16 ? embeddedIpv4(address) : null',
    test: 'test/net/address.test.ts',
    named: '',
  },
  {
    guard: 'numbers that a resolver reads as an address',
    file: 'src/net/host.ts',
    find: "if (readsAsNumber(labels[labels.length - 1] ?? '')) return null",
    replace: "if (readsAsNumber('')) return null",
    test: 'test/net/host.test.ts',
    named: '',
  },
  {
    guard: 'a ClientHello that goes on in a second record',
    file: 'src/wire/client-hello.ts',
    find: "if (message.state === 'bad') return message",
    replace: "if (message.state !== 'done') return bad('more than one record')",
    test: E2E,
    named: 'is the same hello in records of 1 bytes',
  },
  {
    guard: 'a body that carries data behind a probe',
    file: 'src/proxy/upload-meter.ts',
    find: "if (this.push.kind === 'probe') this.fault = 'it carries data but names no ref'",
    replace: "if (this.push.kind === 'probe') this.fault = null",
    test: 'test/proxy/upload-meter.test.ts',
    named: '',
  },
  {
    guard: 'bytes hidden in the coding of a probe',
    file: 'src/proxy/upload-meter.ts',
    find: "this.push.kind === 'probe' && this.#fed !== PROBE_BYTES",
    replace: "this.push.kind === 'probe' && this.#fed < PROBE_BYTES",
    test: E2E_ABUSE,
    named: 'do not leave behind a probe',
  },
  {
    guard: 'bytes hidden in the coding of an upload',
    file: 'src/proxy/upload-meter.ts',
    find: 'if (this.#coded) this.payload += this.#hidden()',
    replace: 'if (this.#coded) this.payload += 0 * this.#hidden()',
    test: E2E_ABUSE,
    named: 'do not leave under a limit',
  },
  {
    guard: 'an upload beyond its limit',
    file: 'src/proxy/gate.ts',
    find: "if (meter.payload > sizeMax) return 'beyond'",
    replace: "if (meter.payload > sizeMax * 1_000) return 'beyond'",
    test: 'test/proxy/gate.test.ts',
    named: '',
  },
]
