// `preview`: what a month would have been billed under other documents of the catalogue. Changes nothing.
import { type Command, Option } from '@commander-js/extra-typings'
import { formatAmount, type Report } from '@spillway/core'
import {
  PREVIEW_DIMENSIONS,
  type Preview,
  type PreviewDimension,
  periodNamed,
  previewRating,
  readTried,
} from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { groupThousands } from '../output/print-table.ts'
import { withProgress } from '../output/progress.ts'
import { overHttp } from '../remote/server-place.ts'
import { readConfigurationFile } from './apply.ts'

/** The most that the server sends of one list. */
const ROWS_OVER_HTTP = 5000

export function registerPreview(program: Command, context: CommandContext): void {
  overHttp(program.command('preview'))
    .description('show what would be billed under other share plans, rates or products; changes nothing')
    .requiredOption('-f, --file <files...>', 'YAML files with documents of the catalogue, such as SharePlan')
    .requiredOption('-p, --period <period>', 'a month that is closed, such as 2026-10')
    .addOption(
      new Option('--by <dimension>', 'what one row is about').choices(PREVIEW_DIMENSIONS).default('account' as const),
    )
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ file, period, by, format, output }) => {
      const { terminal } = context
      const files = await Promise.all(file.map((path) => readConfigurationFile(pathFrom(context, path))))
      const { signal } = terminal
      const shown = await withProgress(terminal, (onProgress) =>
        atWorkspace<Shown>(context, {
          access: 'read',
          here: async (workspace) => {
            const asked = { tried: readTried(files), period: periodNamed(period), signal, onProgress }
            return shownOf(await previewRating(unscoped(workspace), asked), by)
          },
          there: async (client) => {
            const { followAnswer, readPages } = await import('../remote/connect.ts')
            const body = { period, files: [...files], limit: ROWS_OVER_HTTP }
            const answer = await followAnswer(client, 'preview', { body, signal, onProgress })
            const { run, totals, brought, problems, counts } = answer
            const report = await readPages(async () => answer[by])
            return { run, totals, brought, problems, count: counts[by], report }
          },
        }),
      )
      await printReport(shown.report, { format, output: output && pathFrom(context, output) }, terminal)
      describe(shown, context)
    })
}

type Shown = {
  readonly run: string
  readonly totals: ReadonlyArray<Readonly<Record<'currency' | 'before' | 'after' | 'change', string>>>
  readonly brought: ReadonlyArray<{ readonly kind: string; readonly name: string }>
  readonly problems: ReadonlyArray<{ readonly message: string }>
  readonly count: number
  readonly report: Report
}

function shownOf({ run, totals, brought, problems, views }: Preview, by: PreviewDimension): Shown {
  return {
    ...{ run, brought, problems, count: views[by].count, report: views[by].report },
    totals: totals.map(({ currency, beforeMinor, afterMinor, changeMinor }) => ({
      currency,
      before: formatAmount(beforeMinor, currency),
      after: formatAmount(afterMinor, currency),
      change: formatAmount(changeMinor, currency),
    })),
  }
}

const PROBLEMS_MAX = 5

function describe({ run, totals, brought, problems, count }: Shown, { terminal, server }: CommandContext): void {
  if (server !== null && count > ROWS_OVER_HTTP)
    terminal.note(`These are the ${ROWS_OVER_HTTP} greatest changes of ${count}.`)
  for (const { currency, before, after, change } of totals)
    terminal.note(
      `All bills of ${run}: ${groupThousands(before)} ${currency} before, ${groupThousands(after)} after (${groupThousands(change)}).`,
    )
  for (const { kind, name } of brought) terminal.note(`With ${kind} ${name} as it is now: ${run} did not know it.`)
  for (const { message } of problems.slice(0, PROBLEMS_MAX)) terminal.note(`A close would find: ${message}`)
  if (problems.length > PROBLEMS_MAX) terminal.note(`… and ${problems.length - PROBLEMS_MAX} more.`)
}
