// `serve`: the workspace over HTTP, until it is stopped. Holds the workspace all the while: other commands wait for their turn.
import type { Command } from '@commander-js/extra-typings'
import { type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'

export function registerServe(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('serve the workspace over HTTP, with sign-in and permissions')
    .option('--config <file>', 'settings as YAML; SPILLWAY_* variables go over it, options over both')
    .option('--host <host>', 'where to listen (default: 127.0.0.1)')
    .option('--port <port>', 'where to listen (default: 7070; 0 for any that is free)')
    .option('--origin <url>', 'where people reach it, such as https://spillway.example')
    .option('--owner', 'print a token that makes one more owner')
    .action(async ({ config, owner, ...given }) => {
      // Loaded here: no other command needs a server, and each would wait for it.
      const { hasOwner, listen, makeLog, makeServer, readSettings } = await import('@spillway/server')
      const { terminal } = context
      const file = config === undefined ? undefined : pathFrom(context, config)
      const settings = await readSettings({ file, environment: terminal.environment ?? {}, given })
      await inWorkspace(context, 'write', async (workspace) => {
        const log = makeLog({ write: (line) => terminal.draw(line) }, settings['log-level'])
        const server = makeServer({ workspace, settings, log })
        const listening = await listen(server)
        terminal.note(`Spillway serves ${context.directory} at ${listening.url}; Ctrl-C stops it.`)
        if (owner === true || !(await hasOwner(workspace.catalog, workspace.tenant))) {
          terminal.note('Make the owner with this token, which works once (POST /v1/sign-in/owner):')
          terminal.note(`  ${server.services.ownerSetup.offer()}`)
        }
        await aborted(terminal.signal)
        terminal.note('Stopping: requests under way come to their end.')
        await listening.stop()
      })
    })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
