// Builds the command line, runs it, and turns whatever happens into an exit code. Commands hold no rules of their own.
import { resolve } from 'node:path'
import { Command, CommanderError } from '@commander-js/extra-typings'
import type { CommandContext } from './command-context.ts'
import { COMMANDS } from './commands/commands.ts'
import { type ExitCode, failureOf } from './exit-code.ts'
import { keepColours, printableLines } from './output/printable.ts'
import { ReaderGone, type Terminal } from './terminal.ts'
import { CODE_VERSION } from './version.ts'

const AFTER_HELP = `
Periods are calendar months: 2026-10. A terminal gets tables, a pipe gets NDJSON.
Exit codes: 0 done, 1 done with problems, 2 the command or its input was wrong,
3 refused (closed period, busy workspace, unreconciled), 70 a bug.
Start with \`spillway demo\`.`

/** Runs one command line (without node and script). Never throws, never ends the process. */
export async function runCli(args: ReadonlyArray<string>, outer: Terminal): Promise<ExitCode> {
  const terminal = guarded(outer)
  const context: CommandContext = {
    terminal,
    commandLine: ['spillway', ...args].join(' '),
    directory: terminal.directory,
    exitCode: 0,
  }
  const help: string[] = []
  try {
    try {
      await buildProgram(context, (text) => help.push(text)).parseAsync([...args], { from: 'user' })
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error
      if (error.exitCode !== 0) context.exitCode = 2
    }
    if (help.length > 0) await terminal.out(help.join(''))
    return context.exitCode
  } catch (error) {
    if (error instanceof ReaderGone) return context.exitCode
    const { code, text, hint } = failureOf(error)
    terminal.note(`${terminal.colours.red('error')} ${printableLines(text)}`)
    if (hint) terminal.note(`      ${printableLines(hint)}`)
    return code
  }
}

/** Names and messages come from outside: whatever a command prints, a terminal is not driven by it. A pipe gets data as it is. */
function guarded(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: (piece) => terminal.out(terminal.isInteractive && typeof piece === 'string' ? keepColours(piece) : piece),
    note: (text) => terminal.note(keepColours(text)),
  }
}

function buildProgram(context: CommandContext, writeOut: (text: string) => void): Command {
  const { terminal } = context
  const program = new Command('spillway')
    .description('Divides what is shared: usage plans drawn on by many services, and the bills for them.')
    .version(CODE_VERSION)
    .option('-C, --directory <dir>', 'the workspace (default: here)')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(run with --help to see how it is used)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut,
      writeErr: (text) => terminal.note(printableLines(text.trimEnd())),
      getOutHelpWidth: () => Math.min(terminal.width, 100),
      getErrHelpWidth: () => Math.min(terminal.width, 100),
    })
  program.hook('preAction', (command) => {
    const { directory } = command.opts()
    if (typeof directory === 'string') context.directory = resolve(terminal.directory, directory)
  })
  // Subcommands take over the settings above as they are made.
  for (const register of COMMANDS) register(program as unknown as Command, context)
  return program as unknown as Command
}
