// `npm run fuzz:server`: twenty thousand requests of the server's OpenAPI document; the ordinary suite asks four hundred.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/server/test/fuzz/fuzz.test.ts'],
    env: { FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? '20000' },
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    hookTimeout: 120_000,
    pool: 'forks',
  },
})
