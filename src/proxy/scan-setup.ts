/** What a thread needs to know before it looks into uploads. */

/** What the operator gives it to look for. */
export interface ScanKnowledge {
  /** Rules of one's own for secrets, as gitleaks has them (TOML); null for none. */
  readonly secretRules: { readonly file: string; readonly text: string } | null
  /** The index of one's own source and its key; null for none. Every thread looks at the same bytes. */
  readonly fingerprints: { readonly index: Uint8Array; readonly key: Uint8Array } | null
}

export const NO_KNOWLEDGE: ScanKnowledge = Object.freeze({ secretRules: null, fingerprints: null })

export interface ScanSetup extends ScanKnowledge {
  /** Where what has to be read twice is kept, enciphered and without a name. */
  readonly directory: string
  /** Of one upload, decoded. */
  readonly bytesMax: number
  /** Work on one upload, in milliseconds. */
  readonly workMsMax: number
}
