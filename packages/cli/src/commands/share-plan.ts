// `share-plan`: what is done to a share plan as a whole; its fields are edited in its YAML document.
import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal } from '@spillway/core'
import {
  cloneSharePlan,
  deleteConfiguration,
  exportDocument,
  setSharePlanActive,
  sharePlansReport,
} from '@spillway/engine'
import { type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'

export function registerSharePlan(program: Command, context: CommandContext): void {
  const group = program.command('share-plan').description('list, show, clone, activate or delete share plans')
  registerList(group, context)
  group
    .command('show')
    .description('a share plan as YAML; edit it and apply it again')
    .argument('<plan>', 'its id')
    .action(async (plan) => {
      const text = await inWorkspace(context, 'read', (workspace) =>
        exportDocument(workspace, { kind: 'SharePlan', name: plan }),
      )
      await context.terminal.out(text)
    })
  registerClone(group, context)
  for (const [verb, isActive, description] of [
    ['activate', true, 'let accounts have the plan'],
    ['deactivate', false, 'let no other account have the plan; those that have it keep it'],
  ] as const)
    group
      .command(verb)
      .description(description)
      .argument('<plan>', 'its id')
      .action(async (plan) => {
        const version = await inWorkspace(context, 'write', (workspace) =>
          setSharePlanActive(workspace, { plan, isActive }),
        )
        context.terminal.note(`${verb}d SharePlan ${plan} (version ${version})`)
      })
  group
    .command('delete')
    .description('delete a share plan that no account has')
    .argument('<plan>', 'its id')
    .action(async (plan) => {
      await inWorkspace(context, 'write', (workspace) =>
        deleteConfiguration(workspace, { kind: 'SharePlan', name: plan }),
      )
      context.terminal.note(`deleted   SharePlan ${plan}`)
    })
}

function registerList(group: Command, context: CommandContext): void {
  group
    .command('list')
    .description('every share plan, with its buckets, participants and accounts')
    .argument('[text]', 'only plans with this in their name or id', '')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async (text, { format, output }) => {
      await inWorkspace(context, 'read', async (workspace) => {
        const report = await sharePlansReport(workspace, text)
        await printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      })
    })
}

function registerClone(group: Command, context: CommandContext): void {
  group
    .command('clone')
    .description('copy a share plan under another id and name; the copy is not active')
    .argument('<plan>', 'its id')
    .requiredOption('--as <id>', 'the id of the copy')
    .requiredOption('--name <name>', 'the name of the copy')
    .option('--participants <pairs...>', 'who takes whose place, such as sim-1mb=sim-2mb; nobody is in two plans')
    .action(async (plan, { as, name, participants }) => {
      const cloned = await inWorkspace(context, 'write', (workspace) =>
        cloneSharePlan(workspace, { plan, as, name, participants: readPairs(participants ?? []) }),
      )
      context.terminal.note(`cloned    SharePlan ${plan} as ${as} (version ${cloned.version}), not active`)
      if (cloned.leftOut.length > 0)
        context.terminal.note(
          `          without ${cloned.leftOut.join(', ')}, because nobody participates in two plans`,
        )
    })
}

/** @throws Refusal `bad-command`. */
function readPairs(pairs: ReadonlyArray<string>): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair): [string, string] => {
      const [from, to, ...rest] = pair.split('=')
      if (from && to && rest.length === 0) return [from, to]
      throw new Refusal('bad-command', `"${pair}" is no pair of participants.`, { hint: 'Write it as OLD=NEW.' })
    }),
  )
}
