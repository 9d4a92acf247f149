/** What long work asks again and again in its midst, so that nobody waits for its end. */

/** Where it answers a promise, others want their turn until that is kept. */
export type Breathe = () => void | Promise<void>

export const BREATHLESS: Breathe = () => undefined
