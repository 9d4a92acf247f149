/** What is wrong with a pack, thrown from the depth of its reader, which makes a value of it. */

export class PackFault extends Error {
  constructor(fault: string) {
    super(fault)
    this.name = 'PackFault'
  }
}
