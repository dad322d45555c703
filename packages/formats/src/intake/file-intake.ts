// The intake over files on disk: opens a file, reads its digest, and finds for every part the one importer whose own it
// is. A part that nothing claims refuses the file: a sheet or member is never left out without a word.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Importer, type Intake, type IntakeFile, type IntakePart, Refusal, type TableSample } from '@spillway/core'
import type { SourceImporter } from '../import/mapping/importer-from-source.ts'
import { mendedPart } from './mended-rows.ts'
import { openFile } from './open-file.ts'
import { nameOfPlace, type Part, type TableOptions } from './part.ts'
import { recogniseImporter } from './recognise.ts'
import { sampleTable } from './table-sample.ts'

type AnyImporter = Importer | SourceImporter

/** Recognition among `importers`; a mapping's own table options are used to look at, and to read, what it may claim. */
export function fileIntake(importers: ReadonlyArray<AnyImporter>): Intake {
  return { open: (path, { source }) => openIntakeFile(path, { importers, source }) }
}

type Choice = { readonly importers: ReadonlyArray<AnyImporter>; readonly source: string }

async function openIntakeFile(path: string, choice: Choice): Promise<IntakeFile> {
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('not-found', `${path} cannot be read (${error.code}).`, {
      hint: 'Check the path and its permissions.',
    })
  })
  const fileName = basename(path)
  const parts = await openFile(path, { fileName })
  const close = async () => {
    for (const part of parts) await part.close()
  }
  try {
    const chosen: IntakePart[] = []
    for (const part of parts.filter((part) => isAskedFor(part, choice)))
      chosen.push(await choosePart(await mendedPart(part), { ...choice, fileName }))
    if (chosen.length === 0)
      throw new Refusal('unrecognised-file', `${fileName} has no sheet that the source ${choice.source} reads.`, {
        hint: 'Mend the sheet that the Source document names.',
      })
    return { fileName, bytes: size, digest: await digestOf(path), parts: chosen, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A mapping that names a sheet leaves the other sheets of the workbook alone. */
function isAskedFor(part: Part, { importers, source }: Choice): boolean {
  const named = importers.find((importer) => importer.name === source)
  return named === undefined || sheetOf(named) === '' || part.sheet === '' || sheetOf(named) === part.sheet
}

async function choosePart(
  part: Part,
  { importers, source, fileName }: Choice & { fileName: string },
): Promise<IntakePart> {
  const asked = importers.filter(
    (importer) => part.sheet === '' || sheetOf(importer) === '' || sheetOf(importer) === part.sheet,
  )
  const samples = new Map<string, TableSample>()
  for (const importer of asked) {
    const key = JSON.stringify(optionsOf(importer))
    if (!samples.has(key)) samples.set(key, await sampleTable(part, optionsOf(importer)))
  }
  const plain = samples.get('{}') ?? (await sampleTable(part))
  const originals = new Map<Importer, AnyImporter>()
  for (const importer of asked) {
    const sample = samples.get(JSON.stringify(optionsOf(importer))) ?? plain
    originals.set({ ...importer, recognises: () => importer.recognises(sample) }, importer)
  }
  const name = nameOfPlace({ file: fileName, member: part.member, sheet: part.sheet })
  const chosen = recogniseImporter(plain, [...originals.keys()], { source, fileName: name })
  const importer = originals.get(chosen) as AnyImporter
  const { member, sheet, bytes } = part
  const openTable: IntakePart['openTable'] = (told) => part.openTable({ ...optionsOf(importer), ...told })
  const { supplements, mendedLines } = part
  return {
    ...{ member, sheet, bytes, importer, openTable },
    ...(supplements ? { supplements } : {}),
    ...(supplements && mendedLines ? { mendedLines } : {}),
  }
}

function optionsOf(importer: AnyImporter): TableOptions {
  return 'tableOptions' in importer ? importer.tableOptions : {}
}

function sheetOf(importer: AnyImporter): string {
  return 'sheet' in importer ? importer.sheet : ''
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}
