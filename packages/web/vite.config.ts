// Builds the screens into dist/, which `spillway serve` answers with. Charts and editors are pieces of their own, loaded where
// they are needed.
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const BASE =
  /node_modules\/(?:(?:react|react-dom|react-is|scheduler|@tanstack|clsx|use-sync-external-store)\/|@mantine\/core\/esm\/(?:core|utils)\/|@mantine\/hooks\/)/

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
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
            { name: 'charts', test: /node_modules\/(?:recharts|d3-|victory-vendor|@mantine\/charts)/, priority: 2 },
            // Before charts: what they share with everything else would be a part of them, and so loaded with every page.
            { name: 'base', test: BASE, priority: 3 },
          ],
        },
      },
    },
  },
})
