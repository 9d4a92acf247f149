/** Holds a body to one form as its bytes come, so that what is called a read carries nothing else. */

import type { Parse } from './parse.ts'

/** Once bad it stays so. It keeps as much of the body as its limits say, and no more. */
export interface BodyCheck {
  /**
   * Takes the next bytes, without their Content-Encoding. `done`: these bytes end the body, and one more is bad; `size` is
   * the body's. `more`: so far it is of the form, and whether it may end here only `end` tells.
   */
  push(piece: Uint8Array): Parse<null>
  /** The body has ended: what is wrong with it, or null where it is whole. */
  end(): string | null
}
