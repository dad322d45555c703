// Bundles a script as the command line is bundled: what runs TypeScript as it stands names every closure when it is made, which
// costs, and nobody who has the product pays for it.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const CACHE = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** The path of the bundle, in a folder of its own, which the caller removes. */
export async function bundle(script: URL, name: string): Promise<string> {
  const outfile = join(CACHE, `${name}-${process.pid}`, `${name}.mjs`)
  await build({
    entryPoints: [fileURLToPath(script)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['esbuild', '@duckdb/*', '@node-rs/argon2', 'exceljs', 'libsql', 'pdfmake'],
    // By a name of its own: scripts that are bundled import `createRequire` too.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  return outfile
}
