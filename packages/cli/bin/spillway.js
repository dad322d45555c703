#!/usr/bin/env node
// The launcher is committed, not built: npm links a workspace's `bin` before `prepare` has made anything.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bundle = new URL('../dist/spillway.js', import.meta.url)
if (!existsSync(fileURLToPath(bundle))) {
  process.stderr.write('spillway is not built yet: run `npm run build` in the repository.\n')
  process.exit(2)
}
await import(bundle.href)
