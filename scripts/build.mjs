// Bundles the command line into one file, so that `npx spillway` starts in a fifth of a second on Node 20, which runs no TypeScript.
import { build } from 'esbuild'

await build({
  entryPoints: ['packages/cli/src/main.ts'],
  outfile: 'packages/cli/dist/spillway.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  legalComments: 'none',
  external: ['@duckdb/node-api', 'libsql', 'exceljs'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
