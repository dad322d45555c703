// Streams an XML member of a workbook as events in bounded memory. A document type definition is refused: workbooks have
// none, and it is the way to entity expansion.
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { decodeText } from './decode.ts'
import { refuseHostile, refuseUnreadable } from './part.ts'

export type XmlHandler = {
  /** `name` without its prefix; attributes keep theirs. */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly text?: (text: string) => void
  readonly close?: (name: string) => void
}

/** Characters that may pass without one event: a text or a tag longer than that is held whole by the parser. */
const EVENT_LENGTH_MAX = 4 * 1024 ** 2

/** Calls the handler and yields after each block, so that the caller can hand on what it has. */
export async function* readXml(
  chunks: AsyncIterable<Buffer>,
  handler: XmlHandler,
  name: string,
): AsyncGenerator<undefined> {
  const parser = new SaxesParser({ position: false, xmlns: false })
  let quiet = 0
  let failure: unknown
  const guarded = (act: () => void) => {
    quiet = 0
    act()
  }
  parser.on('error', (error) => {
    failure ??= refuseUnreadable(`${name} is damaged: ${error.message}.`, 'Open it in a spreadsheet and save it again.')
  })
  parser.on('doctype', () => {
    failure ??= refuseHostile(`${name} declares entities, which a workbook never does.`)
  })
  parser.on('opentag', (tag) => guarded(() => handler.open?.(localName(tag.name), attributesOf(tag))))
  parser.on('text', (text) => guarded(() => handler.text?.(text)))
  parser.on('cdata', (text) => guarded(() => handler.text?.(text)))
  parser.on('closetag', (tag) => guarded(() => handler.close?.(localName(tag.name))))
  for await (const block of decodeText(chunks, 'utf-8')) {
    quiet += block.length
    parser.write(block)
    if (quiet > EVENT_LENGTH_MAX)
      failure ??= refuseHostile(`${name} holds a text of more than ${EVENT_LENGTH_MAX} characters.`)
    if (failure) throw failure
    yield undefined
  }
  parser.close()
  if (failure) throw failure
}

/** Reads a member for what its handler gathers. */
export async function readWholeXml(chunks: AsyncIterable<Buffer>, handler: XmlHandler, name: string): Promise<void> {
  const blocks = readXml(chunks, handler, name)
  while (!(await blocks.next()).done);
}

function attributesOf(tag: SaxesTagPlain): Readonly<Record<string, string>> {
  return tag.attributes as Readonly<Record<string, string>>
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}
