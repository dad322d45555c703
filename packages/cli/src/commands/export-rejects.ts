// `export rejects`: the rows that an import refused, as CSV to be mended and imported again.
import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { readRejects } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeRejects, rejectsFileName } from '@spillway/formats'
import { type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'
import { makeFolder, writeOutput } from '../output/write-output.ts'

export function registerExportRejects(group: Command, context: CommandContext): void {
  group
    .command('rejects')
    .description(
      'rows that an import refused, with the reason before their own columns; mended, they are imported as they are',
    )
    .argument('<import>', 'as in `spillway report imports`')
    .option('-o, --output <folder>', 'write a file for each table into this folder')
    .action(async (batch, { output }) => {
      const { terminal } = context
      await inWorkspace(context, 'read', async (workspace) => {
        const tables = await readRejects(unscoped(workspace), batch)
        const [only] = tables
        if (output === undefined) {
          if (only === undefined || tables.length > 1)
            throw new Refusal('bad-command', 'Several tables of this import have refused rows.', {
              hint: 'Name a folder for their files with -o.',
            })
          for await (const piece of encodeRejects(only)) await terminal.out(piece)
          return
        }
        await makeFolder(pathFrom(context, output))
        for (const table of tables) {
          const path = join(output, rejectsFileName(table))
          await writeOutput(pathFrom(context, path), encodeRejects(table))
          terminal.note(`Written to ${path}.`)
        }
      })
    })
}
