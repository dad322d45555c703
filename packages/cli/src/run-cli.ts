// Builds the command line, runs it, and turns whatever happens into an exit code. Commands hold no rules of their own.
import { resolve } from 'node:path'
import { Command, CommanderError } from '@commander-js/extra-typings'
import type { CommandContext } from './command-context.ts'
import { COMMANDS } from './commands/commands.ts'
import { type ExitCode, failureOf } from './exit-code.ts'
import type { Terminal } from './terminal.ts'
import { CODE_VERSION } from './version.ts'

const AFTER_HELP = `
Periods are calendar months: 2026-10. Exit codes: 0 done, 1 done with problems, 2 the command or its input was wrong,
3 refused (closed period, busy workspace, unreconciled), 70 a bug. Start with \`spillway demo\`.`

/** Runs one command line (without node and script). Never throws, never ends the process. */
export async function runCli(args: ReadonlyArray<string>, terminal: Terminal): Promise<ExitCode> {
  const context: CommandContext = {
    terminal,
    commandLine: ['spillway', ...args].join(' '),
    directory: terminal.directory,
    exitCode: 0,
  }
  const pending: Promise<void>[] = []
  const program = buildProgram(context, (text) => pending.push(terminal.out(text)))
  try {
    await program.parseAsync([...args], { from: 'user' })
    await Promise.all(pending)
    return context.exitCode
  } catch (error) {
    await Promise.all(pending)
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const { code, text, hint } = failureOf(error)
    terminal.note(`${terminal.colours.red('error')} ${text}`)
    if (hint) terminal.note(`      ${hint}`)
    return code
  }
}

function buildProgram(context: CommandContext, writeOut: (text: string) => void): Command {
  const program = new Command('spillway')
    .description('Divides what is shared: usage plans drawn on by many services, and the bills for them.')
    .version(CODE_VERSION)
    .option('-C, --directory <dir>', 'the workspace (default: here)')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(run with --help to see how it is used)')
    .exitOverride()
    .configureOutput({ writeOut, writeErr: (text) => context.terminal.note(text.trimEnd()) })
  program.hook('preAction', (command) => {
    const { directory } = command.opts()
    if (typeof directory === 'string') context.directory = resolve(context.terminal.directory, directory)
  })
  for (const register of COMMANDS) register(program as unknown as Command, context)
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program as unknown as Command)
  return program as unknown as Command
}
