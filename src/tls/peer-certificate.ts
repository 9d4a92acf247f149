/** The certificates that the other end of a connection showed. */
import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

const CHAIN_CERTIFICATES_MAX = 10

/**
 * The peer's own certificate; null where it showed none in this handshake, as in a resumed one.
 * Never by `getPeerX509Certificate`: on a client it takes the certificate out of the chain, and the next call answers
 * with the issuer's.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | null {
  return read(socket.getPeerCertificate())
}

/** The peer's certificate and its issuers, as far as they were sent or are known. */
export function peerChain(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next !== undefined && chain.length < CHAIN_CERTIFICATES_MAX) {
    const certificate = read(next)
    // A root is its own issuer.
    if (certificate === null || certificate.fingerprint256 === chain.at(-1)?.fingerprint256) break
    chain.push(certificate)
    next = next.issuerCertificate
  }
  return chain
}

// Without a certificate Node answers with an empty object, and with null on a closed connection, whatever the typing says.
function read(peer: { readonly raw?: Buffer } | null): X509Certificate | null {
  return peer?.raw === undefined ? null : new X509Certificate(peer.raw)
}
