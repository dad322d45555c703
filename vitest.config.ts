import { defineConfig } from 'vitest/config'

const SCREENS = 'packages/web/test/e2e/**/*.test.ts'

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'rules',
          include: ['packages/*/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [SCREENS, '**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
        },
      },
      {
        // In a browser, over the example companies, which are made once before the first of them.
        test: {
          name: 'screens',
          include: [SCREENS],
          globalSetup: ['packages/web/test/e2e/prepare-screens.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // As long as the browser itself waits for what a page shows.
          expect: { poll: { timeout: 30_000 } },
          pool: 'forks',
        },
      },
    ],
  },
})
