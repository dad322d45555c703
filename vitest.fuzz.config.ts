// `npm run fuzz`: ten thousand damaged files of every importer, beside the ordinary suite, which takes two hundred.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/formats/test/fuzz/fuzz.test.ts'],
    env: { FUZZ_FILES: process.env.FUZZ_FILES ?? '10000' },
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    testTimeout: 60_000,
    pool: 'forks',
  },
})
