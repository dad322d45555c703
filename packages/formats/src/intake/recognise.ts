// Chooses the importer of a table by what the table holds, never by the file's name (spec, import, rule 1).
import { type Importer, Refusal, type TableSample } from '@spillway/core'

const LISTED_MAX = 40

/**
 * The one importer whose own the table is. `source` decides where it is an importer's name; where it is the first part
 * of several names (`verizon`), only those are asked. Any other `source` names whose directory a file is: then only the
 * directory formats are asked.
 *
 * @throws Refusal `unrecognised-file` with the candidates, where none or several claim the table.
 */
export function recogniseImporter(
  sample: TableSample,
  importers: ReadonlyArray<Importer>,
  { source = '', fileName = 'The file' }: { source?: string; fileName?: string } = {},
): Importer {
  const asked = source === '' ? importers : importersOf(source, importers)
  const [only] = asked
  if (only && asked.length === 1 && only.name === source) return only
  const claiming = asked.filter((importer) => importer.recognises(sample))
  const [first] = claiming
  if (first && claiming.length === 1) return first
  throw first ? refuseSeveral(claiming, fileName) : refuseNone({ sample, importers: asked, source, fileName })
}

function importersOf(source: string, importers: ReadonlyArray<Importer>): ReadonlyArray<Importer> {
  const exact = importers.filter((importer) => importer.name === source)
  const begun = importers.filter((importer) => importer.name.startsWith(`${source}-`))
  const named = exact.length > 0 ? exact : begun
  return named.length > 0 ? named : importers.filter(({ isDirectory }) => isDirectory === true)
}

function candidatesOf(importers: ReadonlyArray<Importer>) {
  return importers.map(({ name, describes }) => ({ name, describes }))
}

function refuseSeveral(claiming: ReadonlyArray<Importer>, fileName: string): Refusal {
  const names = claiming.map((importer) => importer.name)
  return new Refusal('unrecognised-file', `${fileName} could be any of ${names.join(', ')}.`, {
    hint: `Say which with --source NAME.`,
    facts: { candidates: candidatesOf(claiming) },
  })
}

function refuseNone({
  sample,
  importers,
  source,
  fileName,
}: {
  sample: TableSample
  importers: ReadonlyArray<Importer>
  source: string
  fileName: string
}): Refusal {
  const facts = { candidates: candidatesOf(importers), header: sample.header.slice(0, 100) }
  if (source !== '' && importers.every(({ name }) => name !== source && !name.startsWith(`${source}-`))) {
    return new Refusal(
      'unrecognised-file',
      `There is no format or source ${source}, and ${fileName} is no directory.`,
      {
        hint: 'List the formats with `spillway import --list`, or apply a document of kind Source.',
        facts,
      },
    )
  }
  const listed = sample.header.slice(0, LISTED_MAX).join(', ')
  const header = listed.length > 300 ? `${listed.slice(0, 300)}...` : listed
  return new Refusal('unrecognised-file', `No format has the columns of ${fileName}: ${header}.`, {
    hint: `Known are ${importers.map((importer) => importer.name).join(', ')}; write a Source mapping for any other table.`,
    facts,
  })
}
