/** How far those who write are ahead of those who read, both ends of a Weir being in one process. */
export class Meter {
  #ahead = 0
  /** Bytes, at the most. */
  most = 0

  wrote(bytes: number): void {
    this.#ahead += bytes
    this.most = Math.max(this.most, this.#ahead)
  }

  read(bytes: number): void {
    this.#ahead -= bytes
  }

  begin(): void {
    this.#ahead = 0
    this.most = 0
  }
}
