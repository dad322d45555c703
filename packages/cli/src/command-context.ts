// What every command gets: the terminal, the folder, and a way to open the workspace and to say how it went.
import { resolve } from 'node:path'
import { type Actor, initWorkspace, type OpenOptions, openWorkspace, type Workspace } from '@spillway/engine'
import type { ExitCode } from './exit-code.ts'
import { makeFolder } from './output/write-output.ts'
import type { Client } from './remote/connect.ts'
import type { ServerPlace } from './remote/server-place.ts'
import type { Terminal } from './terminal.ts'
import { CODE_VERSION } from './version.ts'

export type CommandContext = {
  readonly terminal: Terminal
  /** The command line as typed, for the message that another command gets while this one holds the workspace. */
  readonly commandLine: string
  /** The workspace's folder: -C, else here. */
  directory: string
  /** On which it works instead of a folder: --server, else SPILLWAY_SERVER; null for a folder. */
  server: ServerPlace | null
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
  opened: 'read' | 'write' | Pick<OpenOptions, 'access' | 'memoryLimit'>,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(context.directory, {
    ...(typeof opened === 'string' ? { access: opened } : opened),
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

export type Places<T> = {
  readonly access: 'read' | 'write'
  readonly here: (workspace: Workspace) => Promise<T>
  /** The same over HTTP, so that what is printed is the same. */
  readonly there: (client: Client) => Promise<T>
}

/** Works on the folder or on the server, whichever was named. */
export async function atWorkspace<T>(context: CommandContext, { access, here, there }: Places<T>): Promise<T> {
  if (context.server === null) return inWorkspace(context, access, here)
  // Loaded here: who works on a folder needs no client, and would wait for it.
  const { connect } = await import('./remote/connect.ts')
  return connect(context.server, there)
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
