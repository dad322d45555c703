// Builds what `npx spillway` runs. The command line becomes one file, so that it starts in a fifth of a second on Node 20, which
// runs no TypeScript; the screens become files that it serves, compressed once and not for each who asks.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { build as buildPages } from 'vite'

await bundle({
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

if (process.argv[2] === undefined) {
  await buildPages({ configFile: 'packages/web/vite.config.ts', logLevel: 'warn' })
  compress('packages/web/dist')
}

/** Beside each file that is text: the same for browsers that take Brotli, or gzip. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:js|css|svg|json)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const content = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }))
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  }
}
