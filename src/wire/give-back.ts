/** Lets go of large buffers at once: what is garbage may lie about for long, until the next one has been made beside it. */

/** Nothing is in the bytes afterwards, nor in any other view of their buffer. Again, it does nothing. */
export function giveBack(bytes: Uint8Array<ArrayBuffer>): void {
  if (!bytes.buffer.detached) bytes.buffer.transfer(0)
}
