// The documents of a YAML text, one after the other: ten thousand at once would be kept as trees of nodes. Says of each that
// cannot be read why; what a document means is for others.
import { invariant } from '@spillway/core'
import { Composer, type Document, isAlias, Parser, parseAllDocuments, visit } from 'yaml'

export type ParsedDocument = {
  /** Counted from 1 in its text. */
  readonly document: number
  /** Nothing stands in it, as behind a `---` at the end of a file. */
  readonly isEmpty: boolean
} & ({ readonly body: unknown } | { readonly fault: string })

/** More aliases than a person writes: a document that grows without end when it is read. */
const ALIASES_MAX = 100

const YAML = { version: '1.2', schema: 'core', uniqueKeys: true } as const

export function* parseDocuments(text: string): Generator<ParsedDocument> {
  const mayHaveAliases = text.includes('*')
  let faults: ReadonlyArray<string> | null = null
  let document = 0
  for (const parsed of new Composer(YAML).compose(new Parser().parse(text))) {
    document += 1
    const place = { document, isEmpty: parsed.contents === null }
    if (parsed.errors.length > 0) {
      faults ??= faultsOf(text)
      const fault = faults[document - 1]
      invariant(fault !== undefined, 'a document that cannot be read says why', { document })
      yield { ...place, fault }
    } else if (mayHaveAliases && countAliases(parsed) > ALIASES_MAX)
      yield { ...place, fault: `document: has more than ${ALIASES_MAX} aliases` }
    else yield { ...place, body: parsed.toJS({ maxAliasCount: ALIASES_MAX }) as unknown }
  }
}

/** Of each document the first thing that is wrong with it, with line and column; '' where nothing is. */
function faultsOf(text: string): ReadonlyArray<string> {
  const all = parseAllDocuments(text, { ...YAML, prettyErrors: true })
  return Array.isArray(all) ? all.map(({ errors: [first] }) => first?.message.split('\n')[0] ?? '') : []
}

function countAliases(document: Document.Parsed): number {
  let aliases = 0
  visit(document, (_, node) => {
    if (isAlias(node)) aliases += 1
  })
  return aliases
}
