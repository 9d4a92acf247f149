/** An error of gRPC: status 200 and no message, but the error in fields at once (gRPC over HTTP/2, "Trailers-Only"). */
import { lineOf, type RefusalForm } from './form.ts'

const GRPC = /^application\/grpc(?:-web(?:-text)?)?(?:$|[+;])/i

// The codes that clients of gRPC make of a status of HTTP, where there is none of their own.
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  403: 7,
  407: 16,
  413: 8,
  421: 7,
  429: 8,
  502: 14,
  503: 14,
  504: 4,
}
const INTERNAL = 13

export const grpcForm: RefusalForm = {
  id: 'grpc',
  render(refusal, { contentType }) {
    const [type] = GRPC.exec(contentType) ?? []
    if (type === undefined) return null
    const code = CODES[refusal.status] ?? INTERNAL
    // The percent sign begins an escape there; the line is ASCII already.
    const fields = ['grpc-status', String(code), 'grpc-message', lineOf(refusal).replaceAll('%', '%25')]
    return { status: 200, contentType: type.replace(/[+;]$/, ''), fields, body: '' }
  },
}
