// The commands of `sub-account` by which one is asked for and an answer is given.
import type { Command } from '@commander-js/extra-typings'
import { Refusal, subAccountName } from '@spillway/core'
import { approveRequest, refuseRequest, requestSubAccount } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { printPasscodes } from '../output/print-passcodes.ts'
import { overHttp } from '../remote/server-place.ts'
import { documentOf, withSubAccountOptions } from './sub-account-options.ts'
import { digitsOf } from './sub-account-passcodes.ts'

export function registerRequest(group: Command, context: CommandContext): void {
  withSubAccountOptions(
    overHttp(group.command('request'))
      .description('ask the manager of the account for a sub-account')
      .argument('<account>', 'the master account')
      .argument('<user-id>', 'unique in the account'),
  )
    .requiredOption('--because <text>', 'why it is needed')
    .action(async (account, userId, { because, ...options }) => {
      const body = documentOf({ account, userId, ...options })
      const id = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => requestSubAccount(workspace, { body, because }),
        there: async (client) => (await client.ask('requestSubAccount', { body: { document: body, because } })).request,
      })
      context.terminal.note(`requested SubAccount ${subAccountName({ account, userId })} (request ${id})`)
    })
}

export function registerApprove(group: Command, context: CommandContext): void {
  overHttp(group.command('approve'))
    .description('make the sub-account that was asked for; its passcode is shown once')
    .argument('<request>', 'its number')
    .option('--reason <text>', 'kept with the request', '')
    .option('--length <digits>', 'digits of the passcode')
    .action(async (request, { reason, length }) => {
      const id = numberOf(request)
      const body = { reason, length: digitsOf(length) }
      const passcode = await atWorkspace(context, {
        access: 'write',
        here: (workspace) => approveRequest(workspace, { id, ...body }),
        there: (client) => client.ask('approveSubAccount', { params: { request }, body }),
      })
      context.terminal.note(`approved  request ${id}: SubAccount ${subAccountName(passcode)}`)
      await printPasscodes([passcode], context.terminal)
    })
}

export function registerRefuse(group: Command, context: CommandContext): void {
  overHttp(group.command('refuse'))
    .description('refuse what was asked for, with a reason')
    .argument('<request>', 'its number')
    .requiredOption('--reason <text>', 'kept with the request')
    .action(async (request, { reason }) => {
      const id = numberOf(request)
      await atWorkspace(context, {
        access: 'write',
        here: (workspace) => refuseRequest(workspace, { id, reason }),
        there: (client) => client.ask('refuseSubAccount', { params: { request }, body: { reason } }),
      })
      context.terminal.note(`refused   request ${id}`)
    })
}

/** @throws Refusal `bad-command`. */
function numberOf(request: string): number {
  if (/^\d{1,9}$/.test(request)) return Number(request)
  throw new Refusal('bad-command', `"${request}" is no number of a request.`, {
    hint: '`spillway sub-account requests` lists them.',
  })
}
