// `sub-account`: user ids under one account, each with a passcode; what a member asks for and a manager answers.
import { type Command, Option } from '@commander-js/extra-typings'
import { type Report, subAccountName } from '@spillway/core'
import { exportDocument, requestsReport, setSubAccountEnabled, subAccountList } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { OUTPUT_FORMATS, printReport } from '../output/print-report.ts'
import { overHttp } from '../remote/server-place.ts'
import { registerAdd, registerImport, registerRotate } from './sub-account-passcodes.ts'
import { registerApprove, registerRefuse, registerRequest } from './sub-account-requests.ts'
import { registerVerify } from './sub-account-verify.ts'

export function registerSubAccount(program: Command, context: CommandContext): void {
  const group = program
    .command('sub-account')
    .description('user ids under one account: list, add, disable, new passcodes, requests, verify')
  registerList(group, context)
  overHttp(group.command('show'))
    .description('a sub-account as YAML; edit it and apply it again')
    .argument('<account>', 'the master account')
    .argument('<user-id>')
    .action(async (account, userId) => {
      const document = { kind: 'SubAccount', name: subAccountName({ account, userId }) }
      const text = await atWorkspace(context, {
        access: 'read',
        here: (workspace) => exportDocument(workspace, document),
        there: (client) => client.text('exportConfiguration', { query: document }),
      })
      await context.terminal.out(text)
    })
  registerAdd(group, context)
  for (const [verb, isEnabled, operation, description] of [
    ['enable', true, 'enableSubAccount', 'let its calls in again, with the passcode that it has'],
    ['disable', false, 'disableSubAccount', 'let none of its calls in, from the next one on'],
  ] as const)
    overHttp(group.command(verb))
      .description(description)
      .argument('<account>', 'the master account')
      .argument('<user-id>')
      .action(async (account, userId) => {
        const { name, version, outcome } = await atWorkspace(context, {
          access: 'write',
          here: (workspace) => setSubAccountEnabled(workspace, { account, userId, isEnabled }),
          there: (client) => client.ask(operation, { params: { account, userId } }),
        })
        const done = outcome === 'unchanged' ? 'unchanged' : `${verb}d`
        context.terminal.note(`${done.padEnd(9)} SubAccount ${name} (version ${version})`)
      })
  registerRotate(group, context)
  registerImport(group, context)
  registerRequest(group, context)
  registerApprove(group, context)
  registerRefuse(group, context)
  registerRequests(group, context)
  registerVerify(group, context)
}

function registerList(group: Command, context: CommandContext): void {
  overHttp(group.command('list'))
    .description('every sub-account: whose it is today, whether it is enabled, since when it has its passcode')
    .argument('[account]', 'of this master account alone', '')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async (account, { format, output }) => {
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await subAccountList(unscoped(workspace), account)),
        there: async (client) => {
          const { readPages } = await import('../remote/connect.ts')
          await print(
            await readPages((cursor) =>
              client.ask('listSubAccounts', { query: { account: account || undefined, cursor } }),
            ),
          )
        },
      })
    })
}

function registerRequests(group: Command, context: CommandContext): void {
  overHttp(group.command('requests'))
    .description('who asked for a sub-account, and what was answered')
    .addOption(new Option('--format <format>', 'how to write it').choices(OUTPUT_FORMATS))
    .option('-o, --output <file>', 'write it to a file')
    .action(async ({ format, output }) => {
      const print = (report: Report) =>
        printReport(report, { format, output: output && pathFrom(context, output) }, context.terminal)
      await atWorkspace(context, {
        access: 'read',
        here: async (workspace) => print(await requestsReport(unscoped(workspace))),
        there: async (client) => {
          const { readPages } = await import('../remote/connect.ts')
          await print(await readPages((cursor) => client.ask('listSubAccountRequests', { query: { cursor } })))
        },
      })
    })
}
