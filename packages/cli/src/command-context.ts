// What every command gets: the terminal, the folder, and a way to open the workspace and to say how it went.
import { resolve } from 'node:path'
import { type Actor, initWorkspace, openWorkspace, type Workspace } from '@spillway/engine'
import type { ExitCode } from './exit-code.ts'
import { makeFolder } from './output/write-output.ts'
import type { Terminal } from './terminal.ts'
import { CODE_VERSION } from './version.ts'

export type CommandContext = {
  readonly terminal: Terminal
  /** The command line as typed, for the message that another command gets while this one holds the workspace. */
  readonly commandLine: string
  /** The workspace's folder: -C, else here. */
  directory: string
  exitCode: ExitCode
}

/** An absolute path, from where the user stands (not from the workspace). */
export function pathFrom({ terminal }: CommandContext, path: string): string {
  return resolve(terminal.directory, path)
}

export function actorOf({ terminal }: CommandContext): Actor {
  return { who: terminal.who, now: terminal.now, codeVersion: CODE_VERSION }
}

/** Opens the workspace for `work` and closes it however `work` ends. */
export async function inWorkspace<T>(
  context: CommandContext,
  access: 'read' | 'write',
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(context.directory, {
    access,
    actor: actorOf(context),
    holder: context.commandLine,
    passcodeKeyFile: context.terminal.passcodeKeyFile,
  })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}

/** Makes the workspace and hands it to `work`. */
export async function inNewWorkspace<T>(
  context: CommandContext,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  await makeFolder(context.directory)
  const workspace = await initWorkspace(context.directory, { actor: actorOf(context), holder: context.commandLine })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}
