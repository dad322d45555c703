// `share-plan`: what is done to a share plan as a whole; its fields are edited in its YAML document.
import { type Command, Option } from '@commander-js/extra-typings'
import { Refusal, type Report } from '@spillway/core'
import {
  type ClonedPlan,
  cloneSharePlan,
  deleteConfiguration,
  exportDocument,
  participantsReport,
  setSharePlanActive,
  sharePlansReport,
} from '@spillway/engine'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { overHttp } from '../remote/server-place.ts'

export function registerSharePlan(program: Command, context: CommandContext): void {
  const group = program.command('share-plan').description('list, show, clone, activate or delete share plans')
  registerList(group, context)
  overHttp(group.command('show'))
    .description('a share plan as YAML; edit it and apply it again')
    .argument('<plan>', 'its id')
    .action(async (plan) => {
      const document = { kind: 'SharePlan', name: plan }
      const text = await atWorkspace(context, {
        access: 'read',
        here: (workspace) => exportDocument(workspace, document),
        there: (client) => client.text('exportConfiguration', { query: document }),
      })
      await context.terminal.out(text)
    })
  registerParticipants(group, context)
  registerClone(group, context)
  for (const [verb, isActive, operation, description] of [
    ['activate', true, 'activateSharePlan', 'let accounts have the plan'],
    ['deactivate', false, 'deactivateSharePlan', 'let no other account have the plan; those that have it keep it'],
  ] as const)
    overHttp(group.command(verb))
      .description(description)
      .argument('<plan>', 'its id')
      .action(async (plan) => {
        const version = await atWorkspace(context, {
          access: 'write',
          here: (workspace) => setSharePlanActive(workspace, { plan, isActive }),
          there: async (client) => (await client.ask(operation, { params: { plan } })).version,
        })
        context.terminal.note(`${verb}d SharePlan ${plan} (version ${version})`)
      })
  overHttp(group.command('delete'))
    .description('delete a share plan that no account has')
    .argument('<plan>', 'its id')
    .action(async (plan) => {
      const document = { kind: 'SharePlan', name: plan }
      await atWorkspace(context, {
        access: 'write',
        here: (workspace) => deleteConfiguration(workspace, document),
        there: (client) => client.ask('deleteDocument', { params: document, headers: { 'if-match': '*' } }),
      })
      context.terminal.note(`deleted   SharePlan ${plan}`)
    })
}

function registerList(group: Command, context: CommandContext): void {
  overHttp(group.command('list'))
    .description('every share plan, with its buckets, participants and accounts')
    .argument('[text]', 'only plans with this in their name or id', '')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async (text, { format, output }) => {
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await sharePlansReport(workspace, text)),
        there: async (client) => {
          const { readPages } = await import('../remote/connect.ts')
          await print(await readPages((cursor) => client.ask('listSharePlans', { query: { text, cursor } })))
        },
      })
    })
}

function registerParticipants(group: Command, context: CommandContext): void {
  overHttp(group.command('participants'))
    .description('every product and service type, with the plan that it is in: nobody is in two')
    .option('--plan <plan>', 'for which plan: those that are in it can be chosen', '')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ plan, format, output }) => {
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await participantsReport(workspace, { plan })),
        there: async (client) => {
          const { readPages } = await import('../remote/connect.ts')
          await print(await readPages((cursor) => client.ask('listParticipants', { query: { plan, cursor } })))
        },
      })
    })
}

function registerClone(group: Command, context: CommandContext): void {
  overHttp(group.command('clone'))
    .description('copy a share plan under another id and name; the copy is not active')
    .argument('<plan>', 'its id')
    .requiredOption('--as <id>', 'the id of the copy')
    .requiredOption('--name <name>', 'the name of the copy')
    .option('--participants <pairs...>', 'who takes whose place, such as sim-1mb=sim-2mb; nobody is in two plans')
    .action(async (plan, { as, name, participants }) => {
      const pairs = readPairs(participants ?? [])
      const cloned = await atWorkspace<Pick<ClonedPlan, 'version' | 'leftOut'>>(context, {
        access: 'write',
        here: (workspace) => cloneSharePlan(workspace, { plan, as, name, participants: pairs }),
        there: (client) =>
          client.ask('cloneSharePlan', {
            params: { plan },
            body: { as, name, participants: Object.fromEntries(pairs) },
          }),
      })
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
