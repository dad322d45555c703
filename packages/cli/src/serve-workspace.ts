// Serves the workspace's folder until it is stopped. Every command waits for its turn meanwhile.
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverMemoryLimit } from '@spillway/engine'
import type { Server } from '@spillway/server'
import { type CommandContext, inWorkspace, pathFrom } from './command-context.ts'

export type Serving = {
  /** A file of settings, from where the user stands. */
  readonly config?: string | undefined
  /** Settings that go over the file and the environment. */
  readonly given: Readonly<Record<string, unknown>>
  /** Says how to sign in, once it listens. */
  readonly welcome: (at: ServedAt) => Promise<void>
}

export type ServedAt = {
  readonly server: Server
  /** `http://127.0.0.1:7070`. */
  readonly url: string
  /** False where the web app was not built: then the API alone is served. */
  readonly hasWeb: boolean
}

/** @throws Refusal `bad-configuration`, `bad-command` where the port cannot be had, `workspace-busy`. */
export async function serveWorkspace(context: CommandContext, { config, given, welcome }: Serving): Promise<void> {
  // Loaded here: no other command needs a server, and each would wait for it.
  const { listen, makeLog, makeServer, readSettings, readWebFiles } = await import('@spillway/server')
  const { terminal } = context
  const file = config === undefined ? undefined : pathFrom(context, config)
  const settings = await readSettings({ file, environment: terminal.environment ?? {}, given })
  const opened = { access: 'write', memoryLimit: serverMemoryLimit() } as const
  await inWorkspace(context, opened, async (workspace) => {
    const log = makeLog({ write: (line) => terminal.draw(line) }, settings['log-level'])
    const web = await readWebFiles(webFolder())
    const server = makeServer({ workspace, settings, log, web })
    const listening = await listen(server)
    terminal.note(`Spillway serves ${context.directory} at ${listening.url}; Ctrl-C stops it.`)
    await welcome({ server, url: listening.url, hasWeb: web !== null })
    await aborted(terminal.signal)
    terminal.note('Stopping: requests under way come to their end.')
    await listening.stop()
  })
}

/** Beside this package, whether it runs from its source or as one file. */
function webFolder(): string {
  const at = fileURLToPath(import.meta.url)
  return join(at.slice(0, at.lastIndexOf(`${sep}packages${sep}cli${sep}`)), 'packages', 'web', 'dist')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
