// The reference in docs/ is what the code says: run `npm run reference` where this fails.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { referencePages } from './reference.ts'

const ROOT = join(import.meta.dirname, '..')

it('has every page of the reference as the code says it, and no other', async () => {
  const pages = await referencePages()
  const stored = readdirSync(join(ROOT, 'docs/reference'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
  expect(stored.sort()).toEqual([...pages.keys()].filter((path) => path.startsWith('docs/')).sort())
  for (const [path, text] of pages) expect(readFileSync(join(ROOT, path), 'utf8'), path).toBe(text)
})

it('says of every problem what it means and what to do, with no fact left open', async () => {
  const page = (await referencePages()).get('docs/reference/problems.md') as string
  expect(page).not.toMatch(/undefined|\[object/)
  expect(page.match(/\*\*What to do:\*\* \S/g)?.length).toBe(page.match(/^### /gm)?.length)
})
