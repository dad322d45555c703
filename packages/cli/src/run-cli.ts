// Builds the command line, runs it, and turns whatever happens into an exit code. Commands hold no rules of their own.
import { resolve } from 'node:path'
import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { CommandContext } from './command-context.ts'
import { COMMANDS } from './commands/commands.ts'
import { type ExitCode, failureOf } from './exit-code.ts'
import { keepColours, printableLines } from './output/printable.ts'
import { type PlaceOptions, refuseServer, serverPlaceOf, worksOverHttp } from './remote/server-place.ts'
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
    server: null,
    exitCode: 0,
  }
  const help: string[] = []
  try {
    try {
      const program = buildProgram(context, (text) => help.push(text))
      await program.parseAsync(askedFor(program, args), { from: 'user' })
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

/** Help about a command that there is not is the refusal of that command, which says what is meant: not the help of them all. */
function askedFor(program: Command, args: ReadonlyArray<string>): string[] {
  const asked = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : [...args]
  if (!namesUnknown(program, asked)) return asked
  return asked.filter((arg) => arg !== '--help' && arg !== '-h')
}

function namesUnknown(program: Command, args: ReadonlyArray<string>): boolean {
  let commands = program.commands
  for (let at = 0; at < args.length && commands.length > 0; at += 1) {
    const arg = args[at] as string
    if (arg === '-C' || arg === '--directory') at += 1
    else if (!arg.startsWith('-')) {
      const command = commands.find((one) => one.name() === arg || one.aliases().includes(arg))
      if (command === undefined) return arg !== 'help'
      commands = command.commands
    }
  }
  return false
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
    .option('--server <url>', 'a served workspace instead of a folder; or SPILLWAY_SERVER')
    .option('--token-file <file>', 'with an API token for the server; or SPILLWAY_TOKEN')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(run with --help to see how it is used)')
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 30 })
    .exitOverride()
    .configureOutput({
      writeOut,
      writeErr: (text) => terminal.note(printableLines(text.trimEnd())),
      getOutHelpWidth: () => Math.min(terminal.width, 100),
      getErrHelpWidth: () => Math.min(terminal.width, 100),
    })
  program.hook('preAction', async (command, chosen) => {
    const options: PlaceOptions = command.opts()
    if (options.directory !== undefined) context.directory = resolve(terminal.directory, options.directory)
    context.server = await serverPlaceOf(options, terminal)
    if (context.server !== null && !worksOverHttp(chosen)) throw refuseServer(nameOf(chosen))
  })
  // Subcommands take over the settings above as they are made.
  for (const register of COMMANDS) register(program as unknown as Command, context)
  return program as unknown as Command
}

/** `share-plan clone`: the name with that of its group, without the program's. */
function nameOf(command: CommandUnknownOpts): string {
  const { parent } = command
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name()
}
