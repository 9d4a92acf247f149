import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // End-to-end stories start real servers and real git; two at a time keep their deadlines honest on a small machine.
    maxWorkers: 2,
  },
})
