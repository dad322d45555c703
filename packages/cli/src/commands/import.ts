// `import`: files into facts, and what became of every row.
import type { Command } from '@commander-js/extra-typings'
import { parseLocalDate, Refusal } from '@spillway/core'
import { importFiles } from '@spillway/engine'
import { IMPORTERS } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { intakeOf } from '../command-intake.ts'
import { hasProblems, printedImport, printImport } from '../output/print-import.ts'
import { withProgress } from '../output/progress.ts'
import { overHttp } from '../remote/server-place.ts'
import { previewImport } from './preview-import.ts'

export function registerImport(program: Command, context: CommandContext): void {
  overHttp(program.command('import'))
    .description("read vendors' bills, usage and directories; the same file again changes nothing")
    .argument('[files...]', 'CSV, XLSX, TXT, zipped or not; recognised by what they hold')
    .option('--source <name>', 'the format or Source mapping, where it is not recognised; or which directory this is')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option(
      '--preview',
      'show how one table is read, and a Source document to begin with; with --source the rows it makes',
    )
    .option('--as-of <date>', 'the day from which undated directory changes hold (default: today)')
    .option('--accept-ends', 'take a directory file that ends more than a fifth of what is active')
    .option('--again', 'take a bill again that a later file superseded')
    .option('--list', 'list the formats')
    .action(async (files, { source, dryRun, preview, asOf, acceptEnds, again, list }) => {
      if (list) return listFormats(context)
      if (files.length === 0)
        throw new Refusal('bad-command', 'No file was named.', { hint: 'spillway import FILE… (or --list)' })
      if (preview) return previewOne(context, { files, source })
      const { terminal } = context
      const { signal } = terminal
      const paths = files.map((file) => pathFrom(context, file))
      const asOfOn = asOfDate(asOf, context)
      const report = await withProgress(terminal, (onProgress) =>
        atWorkspace(context, {
          access: 'write',
          here: async (workspace) =>
            printedImport(
              await importFiles(workspace, {
                ...{ paths, intake: await intakeOf(workspace), source: source ?? '', asOfOn, signal },
                ...{ dryRun: dryRun === true, acceptMassEnd: acceptEnds === true, again: again === true },
                onProgress: ({ file, stage, rows, bytes, bytesTotal }) =>
                  onProgress({ stage: `${stage} ${file}`, done: bytes, total: bytesTotal, rows }),
              }),
            ),
          there: async (client) => {
            const { importOnServer } = await import('../remote/import-files.ts')
            const flag = (isSet: true | undefined) => (isSet ? 'true' : 'false')
            const options = { dryRun: flag(dryRun), acceptEnds: flag(acceptEnds), again: flag(again) } as const
            const query = { source, asOf: asOfOn, ...options }
            return importOnServer(client, { paths, query, signal, onProgress })
          },
        }),
      )
      printImport(report, terminal)
      if (hasProblems(report)) context.exitCode = 1
      if (report.files.some(({ outcome }) => outcome === 'refused')) context.exitCode = 2
    })
}

/** @throws Refusal `bad-command` for several files. */
async function previewOne(
  context: CommandContext,
  { files, source }: { readonly files: ReadonlyArray<string>; readonly source: string | undefined },
): Promise<void> {
  const [file] = files
  if (file === undefined || files.length > 1)
    throw new Refusal('bad-command', 'A preview is of one file.', { hint: 'spillway import --preview FILE' })
  await previewImport(context, { file, source })
}

/** Today in UTC, unless the user says another day. @throws Refusal `bad-command`. */
function asOfDate(text: string | undefined, { terminal }: CommandContext) {
  const date = parseLocalDate(text ?? terminal.now().toISOString().slice(0, 10))
  if (date) return date
  throw new Refusal('bad-command', `"${text}" is no date.`, { hint: 'Write it as 2026-10-31.' })
}

async function listFormats({ terminal }: CommandContext): Promise<void> {
  for (const { name, describes } of IMPORTERS) await terminal.out(`${name.padEnd(26)}${describes}\n`)
}
