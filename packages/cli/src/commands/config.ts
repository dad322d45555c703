// `config`: one document of configuration: what it says, every version that it had, and who names it. Changing documents is
// `apply` and `delete`.
import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import {
  documentUses,
  documentUsesReport,
  documentVersion,
  documentVersions,
  documentVersionsReport,
  exportDocument,
} from '@spillway/engine'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { overHttp } from '../remote/server-place.ts'

const formatOption = () => new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS)

export function registerConfig(program: Command, context: CommandContext): void {
  const group = program.command('config').description('show a document of configuration, its versions and its uses')
  overHttp(group.command('show'))
    .description('a document as YAML')
    .argument('<kind>', 'such as AllocationPolicy or Bucket')
    .argument('<name>', 'its name or id')
    .option('--at-version <number>', 'as it was then; `config history` has the numbers', versionNumber)
    .action(async (kind, name, { atVersion: version }) => {
      const document = { kind, name }
      const text = await atWorkspace(context, {
        access: 'read',
        here: async (workspace) =>
          version === undefined
            ? exportDocument(workspace, document)
            : (await documentVersion(workspace, { ...document, version })).text,
        there: async (client) => {
          if (version === undefined) return client.text('exportConfiguration', { query: document })
          const params = { ...document, version: String(version) }
          return (await client.ask('getDocumentVersion', { params })).text
        },
      })
      await context.terminal.out(text)
    })
  overHttp(group.command('history'))
    .description('every version of a document, those after which it was deleted too: who saved it, and when')
    .argument('<kind>', 'such as AllocationPolicy or Bucket')
    .argument('<name>', 'its name or id')
    .addOption(formatOption())
    .option('-o, --output <file>', 'write it to a file')
    .action(async (kind, name, { format, output }) => {
      const versions = await atWorkspace<Awaited<ReturnType<typeof documentVersions>>>(context, {
        access: 'read',
        here: (workspace) => documentVersions(workspace, { kind, name }),
        there: async (client) => {
          const params = { kind, name }
          return (await client.ask('listDocumentVersions', { params, query: { limit: 500 } })).items
        },
      })
      const report = documentVersionsReport({ kind, name }, versions)
      await printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
    })
  registerUses(group, context)
}

function registerUses(group: Command, context: CommandContext): void {
  overHttp(group.command('uses'))
    .description('which documents name it, and whether it can be deleted')
    .argument('<kind>', 'such as Product or SharePlan')
    .argument('<name>', 'its name or id')
    .addOption(formatOption())
    .option('-o, --output <file>', 'write it to a file')
    .action(async (kind, name, { format, output }) => {
      const document = { kind, name }
      const { terminal } = context
      const uses = await atWorkspace<Awaited<ReturnType<typeof documentUses>>>(context, {
        access: 'read',
        here: (workspace) => documentUses(workspace, document),
        there: (client) => client.ask('listDocumentUses', { params: document }),
      })
      const report = documentUsesReport(document, uses)
      await printReport(report, { format, output: output && pathFrom(context, output) }, terminal)
      if (uses.services > 0) terminal.note(`${counted(uses.services, 'service')} of the inventory have it.`)
      terminal.note(uses.canDelete ? 'It can be deleted.' : 'It cannot be deleted while those marked name it.')
    })
}

function versionNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number from 1.')
}
