/** The numbers that an index and its reader must agree on, and why each is what it is. `docs/fingerprints.md` has the figures. */

/** Of the file's layout and of everything below: an index of another version is not read. */
export const FORMAT_VERSION = 1

/** Words in one gram, the smallest text that is recognised: fewer are idioms that strangers share, more do not outlive an edit. */
export const GRAM_WORDS = 10
/** Grams of which one is always looked up: every copied run of GRAM_WORDS + WINDOW_GRAMS - 1 words has one. */
export const WINDOW_GRAMS = 8
/** A gram of few different words (`0 0 0 0`, `case case`) or of short ones (minified code) is in everybody's files. */
export const GRAM_DISTINCT_MIN = 6
export const GRAM_LETTERS_MIN = 30

/** Grams kept of one blob. Beyond the first 1,024 words of it, every doubling adds some. */
export const PRINTS_BASE = 15
export const PRINTS_PER_DOUBLING = 2
export const PRINTS_GROWTH_WORDS = 1_024
/** However long the blob is, one gram at least is kept in so many words. */
export const KEPT_WINDOW_MAX = 16_384

/** A gram that stands in more files (by path) than these is nobody's own. */
export const GRAM_SOURCES_MAX = 8

/** Grams of one file, none overlapping another, that a piece must carry: fewer may be an idiom. */
export const MATCHES_SURE = 3
/** So few are enough where they and what lies between them are at least so much of the piece: one of four bytes. */
export const MATCHES_MIN = 2
export const SMALL_MATCH_SHARE = 0.25
/** So close together, in words, that they belong to each other. */
export const MATCH_DISTANCE_WORDS_MAX = 65_536

/** A smaller blob is nobody's loss, and the same one may be made by anybody. */
export const SOURCE_BYTES_MIN = 256
export const SOURCE_WORDS_MIN = 24
/** A binary of less is an empty image or a marker that tools write. */
export const BINARY_BYTES_MIN = 1_024

/** Up to here a piece is kept to hash it as a git blob, whose size stands before its bytes; beyond, its bytes alone are hashed. */
export const SMALL_BYTES_MAX = 262_144
/** Text beyond this is a dump or generated: known by its ids only. */
export const TEXT_BYTES_MAX = 4_194_304

/** Bits of a keyed hash: of N entries, a stranger's id is taken for one's own in N of 2^48, a stranger's gram in N of 2^36. */
export const OBJECT_BITS = 48
export const GRAM_BITS = 36

export const REPOSITORY_BITS = 16
export const SOURCE_BITS = 24
export const REPOSITORIES_MAX = 2 ** REPOSITORY_BITS
/** The last number stands for "in too many files". */
export const SOURCES_MAX = 2 ** SOURCE_BITS - 1
/** Entries of either table. */
export const ENTRIES_MAX = 2 ** 28
