// The mapping that the guide explains is the mapping that its commands apply.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

it('is shown in the guide as it stands in source.yaml', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/read-a-vendors-file.md'), 'utf8')
  const sources = [...guide.matchAll(/```yaml\n(kind: Source\n[\s\S]*?)```/g)].map(([, text]) => parse(text as string))
  const shown = sources.filter(({ name }) => name.startsWith('kestrel'))
  const source = readFileSync(join(import.meta.dirname, 'source.yaml'), 'utf8')
  expect(shown).toEqual(parseAllDocuments(source).map((document) => document.toJS()))
  expect(shown).toHaveLength(2)
})
