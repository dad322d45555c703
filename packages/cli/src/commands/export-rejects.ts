// `export rejects`: the rows that an import refused, as CSV to be mended and imported again.
import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { readRejects } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeRejects, rejectsFileName } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { makeFolder, writeOutput } from '../output/write-output.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerExportRejects(group: Command, context: CommandContext): void {
  overHttp(group.command('rejects'))
    .description(
      'rows that an import refused, with the reason before their own columns; mended, they are imported as they are',
    )
    .argument('<import>', 'as in `spillway report imports`')
    .option('-o, --output <folder>', 'write a file for each table into this folder')
    .action(async (batch, { output }) => {
      const { terminal } = context
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => {
          const tables = await readRejects(unscoped(workspace), batch)
          const named = tables.map((table) => ({ file: rejectsFileName(table), pieces: () => encodeRejects(table) }))
          await write(named, { context, output })
        },
        there: async (client) => {
          const params = { batch }
          const { items } = await client.ask('listRejectedTables', { params })
          const named = items.map(({ no, file }) => ({
            file,
            pieces: () =>
              client.download('getImportRejects', { params, query: { table: no }, signal: terminal.signal }),
          }))
          await write(named, { context, output })
        },
      })
    })
}

type Rejects = {
  readonly file: string
  readonly pieces: () => AsyncIterable<string | Uint8Array> | Iterable<string>
}
type Writing = { readonly context: CommandContext; readonly output: string | undefined }

async function write(tables: ReadonlyArray<Rejects>, { context, output }: Writing): Promise<void> {
  const { terminal } = context
  const [only] = tables
  if (output === undefined) {
    if (only === undefined || tables.length > 1)
      throw new Refusal('bad-command', 'Several tables of this import have refused rows.', {
        hint: 'Name a folder for their files with -o.',
      })
    for await (const piece of only.pieces()) await terminal.out(piece)
    return
  }
  await makeFolder(pathFrom(context, output))
  for (const { file, pieces } of tables) {
    const path = join(output, file)
    await writeOutput(pathFrom(context, path), pieces())
    terminal.note(`Written to ${path}.`)
  }
}
