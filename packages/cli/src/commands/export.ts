// `export`: configuration as YAML that applies again, the schemas that editors complete from, and a period for others.
import type { Command } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { CONFIGURATION_SCHEMAS, exportConfiguration } from '@spillway/engine'
import { sourceJsonSchema } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { writeOutput } from '../output/write-output.ts'
import { overHttp } from '../remote/server-place.ts'
import { registerExportBill } from './export-bill.ts'
import { registerExportFocus, registerExportJournal } from './export-journal.ts'
import { registerExportLedes } from './export-ledes.ts'
import { registerExportRejects } from './export-rejects.ts'
import { registerExportStatements } from './export-statements.ts'

const SCHEMAS: Readonly<Record<string, () => unknown>> = { ...CONFIGURATION_SCHEMAS, Source: sourceJsonSchema }

export function registerExport(program: Command, context: CommandContext): void {
  const group = program
    .command('export')
    .description('write configuration, the JSON Schema of a kind, or a period for other programs')
  overHttp(group.command('config'))
    .description('all configuration in force as YAML; applying it again changes nothing')
    .option('--kind <kind>', `one kind alone: ${Object.keys(SCHEMAS).join(', ')}`)
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ kind, output }) => {
      if (kind !== undefined) refuseUnknown(kind)
      const text = await atWorkspace(context, {
        access: 'read',
        here: (workspace) => exportConfiguration(workspace, kind),
        there: (client) => client.text('exportConfiguration', { query: { kind } }),
      })
      await write(text, output, context)
    })
  group
    .command('schema')
    .description('JSON Schema of a kind of document, for editors')
    .argument('<kind>', `one of ${Object.keys(SCHEMAS).join(', ')}`)
    .option('-o, --output <file>', 'write it to a file')
    .action(async (kind, { output }) => {
      refuseUnknown(kind)
      await write(`${JSON.stringify(SCHEMAS[kind]?.(), null, 2)}\n`, output, context)
    })
  registerExportBill(group, context)
  registerExportJournal(group, context)
  registerExportFocus(group, context)
  registerExportLedes(group, context)
  registerExportStatements(group, context)
  registerExportRejects(group, context)
}

/** @throws Refusal `bad-command` for a kind that there is not. */
function refuseUnknown(kind: string): void {
  if (Object.hasOwn(SCHEMAS, kind)) return
  throw new Refusal('bad-command', `There is no kind ${kind}.`, {
    hint: `The kinds are ${Object.keys(SCHEMAS).join(', ')}.`,
  })
}

async function write(text: string, output: string | undefined, context: CommandContext): Promise<void> {
  if (output === undefined) return context.terminal.out(text)
  await writeOutput(pathFrom(context, output), [text])
  context.terminal.note(`Written to ${output}.`)
}
