// `apply`: configuration from YAML files into the workspace, all of it or nothing.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import { applyConfiguration, type ConfigurationFile } from '@spillway/engine'
import { SOURCE_KIND } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerApply(program: Command, context: CommandContext): void {
  overHttp(program.command('apply'))
    .description('save configuration: policies, pools, sources, share plans …')
    .requiredOption('-f, --file <files...>', 'YAML files; every document has a kind, and a name or id')
    .option('--dry-run', 'say what would change, and change nothing')
    .action(async ({ file, dryRun }) => {
      const files = await Promise.all(file.map((path) => readConfigurationFile(pathFrom(context, path))))
      const asked = { files, dryRun: dryRun === true }
      const saved = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => applyConfiguration(workspace, { ...asked, kinds: [SOURCE_KIND] }),
        there: async (client) => (await client.ask('applyConfiguration', { body: asked })).documents,
      })
      for (const { kind, name, version, outcome } of saved)
        context.terminal.note(`${outcome.padEnd(9)} ${kind} ${name} (version ${version})`)
      if (dryRun) context.terminal.note('Dry run: nothing was changed.')
    })
}

/** @throws Refusal `not-found`. */
export async function readConfigurationFile(path: string): Promise<ConfigurationFile> {
  try {
    return { name: basename(path), text: await readFile(path, 'utf8') }
  } catch (error) {
    throw new Refusal('not-found', `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      hint: 'Check the path.',
    })
  }
}
