import { defineConfig } from 'vitest/config'

/** `npm run mutants` names the tests: Stryker's runner has no say in which files are run. */
export default defineConfig({
  test: {
    include: (process.env['WEIR_MUTANTS_TESTS'] ?? '').split(','),
    testTimeout: 20_000,
  },
})
