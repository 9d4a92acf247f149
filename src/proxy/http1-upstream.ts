/** Sends requests to an upstream that speaks HTTP/1.1, by undici's dispatcher. */
import type { Dispatcher } from 'undici'
import type { Ear, Sender } from './outgoing.ts'

export function http1Sender(dispatcher: Dispatcher): Sender {
  return ({ method, path, fields, body }, ear) => {
    dispatcher.dispatch(
      {
        path,
        method,
        headers: fields,
        // An iterable and not the client's stream: undici destroys a stream when the upstream fails, and the client with it.
        body: body as unknown as NonNullable<Dispatcher.DispatchOptions['body']> | null,
      },
      new Handler(ear),
    )
  }
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #ear: Ear

  constructor(ear: Ear) {
    this.#ear = ear
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#ear.begin(controller)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, reason = ''): void {
    const rawHeaders = latin1(controller.rawHeaders)
    if (status < 200) this.#ear.hint(status, rawHeaders)
    else this.#ear.head({ status, reason, rawHeaders, isEmpty: false })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#ear.data(chunk)
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.#ear.end(latin1(controller.rawTrailers))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#ear.fail(error)
  }
}

/** undici gives raw fields as buffers or strings; node:http wants strings, byte for byte as Latin-1. */
function latin1(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1')))
}
