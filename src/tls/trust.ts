/** Whom Weir believes about upstreams: the runtime's trust anchors and the operator's own. */
import { X509Certificate } from 'node:crypto'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import type { ClientIdentity } from './client-certificates.ts'
import { splitPem } from './pem.ts'

export interface Trust {
  /** Distinct for each; whatever was concluded under another generation is void. */
  readonly generation: number
  /** Client side, TLS 1.2 and later. */
  readonly context: SecureContext
  /** The same, showing this certificate to an upstream that asks for one; made once for each. */
  contextWith(identity: ClientIdentity): SecureContext
  /** How many distinct certificates are trusted. */
  readonly anchors: number
}

export interface TrustFile {
  readonly file: string
  readonly text: string
}

/** A file of trust anchors that cannot be used: which, and which certificate in it. */
export class TrustProblem extends Error {
  readonly file: string

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}`, cause === undefined ? undefined : { cause })
    this.name = 'TrustProblem'
    this.file = file
  }
}

const FILE_CHARACTERS_MAX = 8 * 1024 * 1024

let generations = 0

/** The default anchors (NODE_EXTRA_CA_CERTS included) and those in the files given, in PEM. Throws a TrustProblem. */
export function createTrust(options: { extraPem: readonly TrustFile[] }): Trust {
  const extra = options.extraPem.flatMap(readAnchors)
  const anchors = [...new Set([...getCACertificates('default'), ...extra].map((pem) => pem.trim()))]
  const common = { ca: anchors, minVersion: 'TLSv1.2' } as const
  const withIdentity = new WeakMap<ClientIdentity, SecureContext>()
  generations += 1
  return {
    generation: generations,
    context: createSecureContext(common),
    contextWith(identity) {
      const made =
        withIdentity.get(identity) ??
        createSecureContext({ ...common, cert: identity.certificatePem, key: identity.keyPem })
      withIdentity.set(identity, made)
      return made
    },
    anchors: anchors.length,
  }
}

function readAnchors({ file, text }: TrustFile): string[] {
  if (text.length > FILE_CHARACTERS_MAX)
    throw new TrustProblem(file, `is larger than ${FILE_CHARACTERS_MAX} characters`)
  const blocks = splitPem(text)
  if (blocks === null) throw new TrustProblem(file, 'a PEM block in it is begun and not ended')
  if (blocks.length === 0) throw new TrustProblem(file, 'has no certificate in PEM')
  return blocks.map(({ label, text: pem }, at) => {
    const place = `block ${at + 1} of ${blocks.length}`
    if (label !== 'CERTIFICATE') throw new TrustProblem(file, `${place} is a ${label}, not a CERTIFICATE`)
    try {
      return new X509Certificate(pem).toString()
    } catch (cause) {
      throw new TrustProblem(file, `${place} is no certificate that can be read`, cause)
    }
  })
}
