/** The guards above every rule, each with the change that removes it and the test that must then fail. */
import type { Mutant } from './mutant.ts'
import { OF_FLOWS } from './mutants-of-flows.ts'
import { OF_NAMES } from './mutants-of-names.ts'
import { OF_REQUESTS } from './mutants-of-requests.ts'

export const MUTANTS: readonly Mutant[] = [...OF_NAMES, ...OF_REQUESTS, ...OF_FLOWS]
