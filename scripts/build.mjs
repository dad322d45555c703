// Bundles the command line into one file, so that `npx spillway` starts in a fifth of a second on Node 20, which runs no TypeScript.
import { build } from 'esbuild'

await build({
  entryPoints: ['packages/cli/src/main.ts'],
  // A test builds beside it, so that it runs this tree and disturbs nobody.
  outfile: process.argv[2] ?? 'packages/cli/dist/spillway.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  legalComments: 'none',
  external: ['@duckdb/node-api', '@duckdb/node-bindings', '@node-rs/argon2', 'exceljs', 'libsql', 'pdfmake'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})
