/** Where the bytes of a pack are kept while it is read, so that the bases of deltas can be read again. */

export interface PackStore {
  /** Behind all that was appended before. The bytes are a view that others write over afterwards. */
  append(bytes: Uint8Array): void
  /** Of what was appended: exactly `length` bytes. They stay as they are until the next call. */
  read(offset: number, length: number): Uint8Array
}
