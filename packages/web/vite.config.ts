// Builds the screens into dist/, which `spillway serve` answers with. Each screen is a piece of its own, as are charts and editors,
// loaded where they are needed.
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { screensOfBuild } from './screens-of-build.ts'

const BASE =
  /node_modules\/(?:(?:react|react-dom|scheduler|@tanstack|clsx|use-sync-external-store)\/|@mantine\/core\/esm\/(?:core|utils)\/|@mantine\/hooks\/)/

/**
 * What so many pieces have in common comes as one file with the first page. A screen of thirty files stands up to a tenth of a second later
 * than one of five, also where a browser has kept them all.
 */
const SHARED = 8

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), screensOfBuild(join(import.meta.dirname, 'src/app/screens.ts'))],
  // Of development: the API of `spillway serve --origin http://localhost:5173`.
  server: { port: 5173, strictPort: true, proxy: { '/v1': 'http://127.0.0.1:7070' } },
  build: {
    target: 'es2023',
    // A data: URL would need an exception in the policy of the pages.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    rollupOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: BASE, priority: 2 },
            { name: 'common', minShareCount: SHARED, priority: 1 },
          ],
        },
      },
    },
  },
})
