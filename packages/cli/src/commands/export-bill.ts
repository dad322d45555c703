// `export bill` and `export bills`: one bill as a document, or all bills of a month, a file each.
import { join } from 'node:path'
import { type Command, Option } from '@commander-js/extra-typings'
import { BILL_SECTIONS, type BillSections, Refusal, type Report } from '@spillway/core'
import { billNumbers, periodNamed, readBillLogo, type Workspace, withBill } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import {
  BILL_FORMATS,
  type BillFormat,
  encodeBillAs,
  fileNames,
  LOGO_BYTES_MAX,
  PAPER_NAMES,
  type Paper,
} from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { withProgress } from '../output/progress.ts'
import { makeFolder, writeOutput } from '../output/write-output.ts'
import { overHttp } from '../remote/server-place.ts'

const formatOption = () => new Option('--format <format>', 'how to write it').choices(BILL_FORMATS)
const sectionsOption = () =>
  new Option('--sections <by>', 'what it is broken down by, in place of what the account chose').choices(BILL_SECTIONS)
const paperOption = () =>
  new Option('--paper <size>', 'the size of the paper').choices(PAPER_NAMES).default('a4' as const)

export function registerExportBill(group: Command, context: CommandContext): void {
  overHttp(group.command('bill'))
    .description('one bill of ours with its sections and calls, as JSON, CSV, XLSX or PDF')
    .argument('<number>', 'as in `spillway report bills`')
    .addOption(formatOption().default('json' as const))
    .addOption(sectionsOption())
    .option('--without-calls', 'sections and their usage by class alone')
    .addOption(paperOption())
    .option('-o, --output <file>', 'write it to a file')
    .action(async (number, { format, sections, withoutCalls, paper, output }) => {
      if (output === undefined && (format === 'pdf' || format === 'xlsx'))
        throw new Refusal('bad-command', `A bill as ${format.toUpperCase()} is a file.`, {
          hint: 'Name it with -o FILE.',
        })
      const choices = { format, sections, hasCalls: withoutCalls !== true, paper }
      const path = output && pathFrom(context, output)
      await atWorkspace(context, {
        access: 'read',
        here: (workspace) => writeBill(workspace, { ...choices, number, context, output: path }),
        there: (client) => {
          const query = { format, by: sections, calls: withoutCalls === true ? 'false' : 'true', paper } as const
          const { signal } = context.terminal
          return write(client.download('getBillFile', { params: { bill: number }, query, signal }), path, context)
        },
      })
      if (output !== undefined) context.terminal.note(`Bill ${number} written to ${output}.`)
    })
  overHttp(group.command('bills'))
    .description('all bills of a month that are in force, a file each')
    .requiredOption('-p, --period <period>', 'the month, such as 2026-10')
    .addOption(formatOption().default('pdf' as const))
    .addOption(sectionsOption())
    .option('--without-calls', 'sections and their usage by class alone')
    .addOption(paperOption())
    .option('-o, --output <dir>', 'the folder to write into (default: bills-PERIOD)')
    .action(async ({ period: name, format, sections, withoutCalls, paper, output }) => {
      const period = periodNamed(name)
      const { terminal } = context
      const folder = output ?? `bills-${period.name}`
      const choices = { format, sections, hasCalls: withoutCalls !== true, paper }
      const files = await atWorkspace(context, {
        access: 'read',
        here: async (workspace) =>
          writeBills(await billNumbers(unscoped(workspace), period), {
            ...{ folder, format, context },
            write: (number, path) => writeBill(workspace, { ...choices, number, context, output: path }),
          }),
        there: async (client) => {
          const { readReport } = await import('../remote/connect.ts')
          const query = { format, by: sections, calls: choices.hasCalls ? 'true' : 'false', paper } as const
          const { signal } = terminal
          const report = await readReport(client, { name: 'bills', query: { period: period.name }, signal })
          return writeBills(await numbersInForce(report), {
            ...{ folder, format, context },
            write: (bill, path) =>
              write(client.download('getBillFile', { params: { bill }, query, signal }), path, context),
          })
        },
      })
      terminal.note(`Wrote ${counted(files, 'bill')} of ${period.name} to ${folder}.`)
    })
}

type BillsWriting = {
  readonly folder: string
  readonly format: BillFormat
  readonly context: CommandContext
  readonly write: (number: string, path: string) => Promise<void>
}

/** How many. @throws Refusal `cancelled`. */
async function writeBills(
  numbers: ReadonlyArray<string>,
  { folder, format, context, write: writeOne }: BillsWriting,
): Promise<number> {
  const { terminal } = context
  const fileOf = fileNames(numbers, { prefix: 'bill', extension: format })
  await makeFolder(pathFrom(context, folder))
  await withProgress(terminal, async (onProgress) => {
    for (const [done, number] of numbers.entries()) {
      if (terminal.signal.aborted) throw new Refusal('cancelled', `Cancelled after ${counted(done, 'bill')}.`)
      onProgress({ stage: `bill ${number}`, done, total: numbers.length })
      await writeOne(number, join(pathFrom(context, folder), fileOf.get(number) as string))
    }
  })
  return numbers.length
}

/** What the report of bills lists, without those that were taken back. */
async function numbersInForce({ columns, rows }: Report): Promise<string[]> {
  const [bill, state] = ['bill', 'state'].map((key) => columns.findIndex((column) => column.key === key))
  const found: string[] = []
  for await (const batch of rows)
    for (const row of batch) if (row[state as number] !== 'void') found.push(row[bill as number] as string)
  return found.sort()
}

async function write(
  pieces: AsyncIterable<string | Uint8Array>,
  path: string | undefined,
  { terminal }: CommandContext,
): Promise<void> {
  if (path === undefined) for await (const piece of pieces) await terminal.out(piece)
  else await writeOutput(path, pieces)
}

type BillWriting = {
  readonly number: string
  readonly format: BillFormat
  readonly sections: BillSections | undefined
  readonly hasCalls: boolean
  readonly paper: Paper
  readonly context: CommandContext
  readonly output: string | undefined
}

async function writeBill(
  workspace: Workspace,
  { number, format, sections, hasCalls, paper, context, output }: BillWriting,
): Promise<void> {
  const { terminal } = context
  const stop = () => workspace.warehouse.interrupt()
  terminal.signal.addEventListener('abort', stop)
  const onMissing = (characters: ReadonlyArray<string>) => {
    if (characters.length === 0) return
    context.exitCode = 1
    terminal.note(
      `Bill ${number} has characters that the font lacks, written as ?: ${characters.slice(0, 12).join(' ')}.`,
    )
  }
  try {
    await withBill(unscoped(workspace), { number, sections, hasCalls, signal: terminal.signal }, async (bill) => {
      const readLogo = () => readBillLogo(bill, { directory: workspace.directory, bytesMax: LOGO_BYTES_MAX })
      const pieces = encodeBillAs(bill, { format, paper, readLogo, onMissing })
      await write(pieces, output, context)
    })
  } catch (error) {
    if (terminal.signal.aborted) throw new Refusal('cancelled', 'The export was cancelled.')
    throw error
  } finally {
    terminal.signal.removeEventListener('abort', stop)
  }
}
