// `serve`: the workspace over HTTP, until it is stopped. Holds the workspace all the while: other commands wait for their turn.
import type { Command } from '@commander-js/extra-typings'
import type { CommandContext } from '../command-context.ts'
import { serveWorkspace } from '../serve-workspace.ts'

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
      const { terminal } = context
      await serveWorkspace(context, {
        ...{ config, given },
        welcome: async ({ server, url, hasWeb }) => {
          const { hasOwner } = await import('@spillway/server')
          const { workspace, ownerSetup } = server.services
          if (owner !== true && (await hasOwner(workspace.catalog, workspace.tenant))) return
          const token = ownerSetup.offer()
          terminal.note('Make the owner with this token, which works once (or POST /v1/sign-in/owner):')
          terminal.note(`  ${token}`)
          if (hasWeb) terminal.note(`  ${url}/welcome#${token}`)
        },
      })
    })
}
