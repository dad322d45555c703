// `explain`: why a service carries what it carries, or what became of one usage event, down to file and line.

import { sep } from 'node:path'
import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import {
  type EventExplanation,
  type Explanation,
  eventLines,
  explainEvent,
  explainService,
  explanationJson,
  explanationLines,
  LINES_MAX,
  periodNamed,
} from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { printable } from '../output/printable.ts'
import { wrap } from '../output/wrap.ts'
import { overHttp, refuseServer } from '../remote/server-place.ts'
import type { Terminal } from '../terminal.ts'

export function registerExplain(program: Command, context: CommandContext): void {
  overHttp(program.command('explain'))
    .description('say why a service carries what it carries, or what became of one event')
    .argument('[service]', 'its number or id')
    .option('-p, --period <period>', 'of a service: the month, such as 2026-10')
    .option('--event <id>', 'one usage event: which bucket, tier or rate took each part')
    .option('--source <source>', 'of an event: its source, where several have the id')
    .option('--lines <count>', `of a service: source lines per list, or "all" (default: ${LINES_MAX})`)
    .addOption(new Option('--format <format>', 'how to write it').choices(['text', 'json'] as const))
    .action(async (service, { format, ...asked }) => {
      const { terminal } = context
      const chosen = format ?? (terminal.isInteractive ? 'text' : 'json')
      const lines = await explained(context, { service, isJson: chosen === 'json', ...asked })
      if (chosen === 'json') return terminal.out(`${lines.join('')}\n`)
      const width = terminal.isInteractive ? terminal.width : Number.POSITIVE_INFINITY
      for (const line of lines)
        for (const part of wrap(fromHere(printable(line), terminal), { width, indent: 6 }))
          await terminal.out(`${part}\n`)
    })
}

type Asked = {
  readonly service?: string | undefined
  readonly period?: string | undefined
  readonly event?: string | undefined
  readonly source?: string | undefined
  readonly lines?: string | undefined
  readonly isJson: boolean
}

/** Of a service or of an event: lines of text, or one of JSON. @throws Refusal `bad-command`; what the query refuses. */
async function explained(context: CommandContext, asked: Asked): Promise<ReadonlyArray<string>> {
  const { service, event: id, period, lines, source, isJson } = asked
  const { directory: namedFrom, signal } = context.terminal
  const format = isJson ? 'json' : 'text'
  const json = (explanation: Explanation | EventExplanation) => [JSON.stringify(explanationJson(explanation))]
  if (id !== undefined) {
    refuseIdle('--event', { service, '--period': period, '--lines': lines })
    return atWorkspace(context, {
      access: 'read',
      here: async (workspace) => {
        const explanation = await explainEvent(unscoped(workspace), { id, source, namedFrom, signal })
        return isJson ? json(explanation) : eventLines(explanation)
      },
      there: async (client) =>
        linesOf(await client.text('explainEvent', { query: { id, source, format }, signal }), isJson),
    })
  }
  refuseIdle('a service', { '--source': source })
  if (service === undefined || period === undefined)
    throw new Refusal('bad-command', `Name a service and a period, or an event.`, {
      hint: 'Such as `spillway explain 555-0100 --period 2026-10`, or `spillway explain --event e1`.',
    })
  const options = { service, period: periodNamed(period), linesMax: linesMaxOf(lines), namedFrom, signal }
  return atWorkspace(context, {
    access: 'read',
    here: async (workspace) => {
      const explanation = await explainService(unscoped(workspace), options)
      return isJson ? json(explanation) : explanationLines(explanation)
    },
    there: async (client) => {
      if (lines === 'all') throw refuseServer('explain', '--lines all')
      const query = { period, lines: lines ?? LINES_MAX, format } as const
      return linesOf(await client.text('explain', { params: { service }, query, signal }), isJson)
    },
  })
}

/** Of a server's answer, as the same from a folder. */
function linesOf(text: string, isJson: boolean): ReadonlyArray<string> {
  return isJson ? [text] : text.split('\n').slice(0, -1)
}

/** What has no meaning beside `what` must not be taken for granted. */
function refuseIdle(what: string, choices: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(choices))
    if (value !== undefined)
      throw new Refusal(
        'bad-command',
        `\`explain\` of ${what} has no ${name.startsWith('--') ? name : `${name} "${value}"`}.`,
        {
          hint: 'Leave it out.',
        },
      )
}

/** Files below the folder in which the user stands are named from there. */
function fromHere(line: string, { directory }: Terminal): string {
  return directory === sep ? line : line.replaceAll(`${directory}${sep}`, '')
}

/** @throws Refusal `bad-command`. */
function linesMaxOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Refusal('bad-command', `"${text}" is no count of lines.`, { hint: 'Write a whole number, or "all".' })
}
