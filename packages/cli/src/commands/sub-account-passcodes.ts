// The commands of `sub-account` that give passcodes: to a new one, to many from a file, and in the place of another.
import type { Command } from '@commander-js/extra-typings'
import {
  PASSCODE_LENGTH_DEFAULT,
  PASSCODE_LENGTH_MAX,
  PASSCODE_LENGTH_MIN,
  Refusal,
  subAccountName,
} from '@spillway/core'
import {
  type CreatedSubAccounts,
  createSubAccounts,
  type NewPasscode,
  type RotationScope,
  rotatePasscodes,
} from '@spillway/engine'
import { readSubAccountFile } from '@spillway/formats'
import { atWorkspace, type CommandContext, inWorkspace, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { passcodeFile, printPasscodes } from '../output/print-passcodes.ts'
import { readPasscode } from '../read-secret.ts'
import { overHttp, refuseServer } from '../remote/server-place.ts'
import { documentOf, withSubAccountOptions } from './sub-account-options.ts'

const LENGTH = `digits of a passcode that is made, ${PASSCODE_LENGTH_MIN} to ${PASSCODE_LENGTH_MAX} (default: ${PASSCODE_LENGTH_DEFAULT})`

export function registerAdd(group: Command, context: CommandContext): void {
  withSubAccountOptions(
    overHttp(group.command('add'))
      .description('make a sub-account; its passcode is shown once')
      .argument('<account>', 'the master account')
      .argument('<user-id>', 'unique in the account'),
  )
    .option('--length <digits>', LENGTH)
    .option('--chosen', 'read a passcode that somebody chose from standard input')
    .action(async (account, userId, { length, chosen, ...options }) => {
      const body = documentOf({ account, userId, ...options })
      const passcode = chosen ? await readPasscode(context.terminal) : undefined
      const code = { length: digitsOf(length), chosen: passcode }
      const documents = [{ place: subAccountName({ account, userId }), body }]
      const { saved, passcodes } = await atWorkspace<Pick<CreatedSubAccounts, 'saved' | 'passcodes'>>(context, {
        access: 'write',
        here: (workspace) => createSubAccounts(workspace, { documents, ...code, onlyNew: true }),
        there: async (client) => {
          const made = await client.ask('addSubAccount', { body: { document: body, ...code } })
          return { saved: made.documents, passcodes: made.passcodes }
        },
      })
      for (const { outcome, name, version } of saved)
        context.terminal.note(`${outcome.padEnd(9)} SubAccount ${name} (version ${version})`)
      if (!chosen) await printPasscodes(passcodes, context.terminal)
    })
}

export function registerImport(group: Command, context: CommandContext): void {
  group
    .command('import')
    .description('make or change many sub-accounts from a file; each new one gets a passcode')
    .argument('<file>', 'CSV or a sheet: account, user_id, name, person, cost_centre, project, client, limits')
    .option('--length <digits>', LENGTH)
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('-o, --output <file>', 'write the new passcodes to this file instead of showing them')
    .action(async (file, { length, dryRun, output }) => {
      const documents = await readSubAccountFile(pathFrom(context, file))
      const made = await withPasscodeFile(context, output, (deliver) =>
        inWorkspace(context, 'write', (workspace) =>
          createSubAccounts(workspace, { documents, length: digitsOf(length), dryRun: dryRun === true, deliver }),
        ),
      )
      const { terminal } = context
      for (const outcome of ['created', 'changed', 'unchanged'] as const) {
        const names = made.saved.filter((one) => one.outcome === outcome).map(({ name }) => name)
        if (names.length > 0)
          terminal.note(`${outcome.padEnd(9)} ${counted(names.length, 'sub-account')}: ${shortened(names)}`)
      }
      if (dryRun) {
        terminal.note(`${counted(made.withoutPasscode, 'passcode')} would be made.`)
        terminal.note('Dry run: nothing was changed.')
      } else if (output === undefined && made.passcodes.length > 0) await printPasscodes(made.passcodes, terminal)
    })
}

const NAMES_SHOWN = 5

function shortened(names: ReadonlyArray<string>): string {
  const rest = names.length - NAMES_SHOWN
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

export function registerRotate(group: Command, context: CommandContext): void {
  overHttp(group.command('rotate'))
    .description('give another passcode; the one before is refused from now on')
    .argument('[account]', 'the master account')
    .argument('[user-id]')
    .option('--all', 'to every sub-account, of the account if it is named')
    .option('--missing', 'to those without a passcode alone')
    .option('--chosen', 'read the passcode that somebody chose from standard input')
    .option('--length <digits>', LENGTH)
    .option('--new-key', 'begin again with another key, where the one of before is lost; with --all')
    .option('-o, --output <file>', 'write the passcodes to this file instead of showing them')
    .action(async (account, userId, { all, missing, chosen, length, newKey, output }) => {
      const scope = scopeOf({ account, userId, all, missing })
      const passcode = chosen && scope.of === 'one' ? await readPasscode(context.terminal) : undefined
      const passcodes = await withPasscodeFile(context, output, (deliver) =>
        atWorkspace<ReadonlyArray<NewPasscode>>(context, {
          access: 'write',
          here: (workspace) =>
            rotatePasscodes(workspace, {
              scope: scope.of === 'one' ? { ...scope, chosen: passcode } : scope,
              length: digitsOf(length),
              newKey,
              deliver,
            }),
          there: async (client) => {
            if (newKey || deliver) throw refuseServer('sub-account rotate', newKey ? '--new-key' : '--output')
            const body =
              scope.of === 'one'
                ? { of: scope.of, ...scope.key, chosen: passcode, length: digitsOf(length) }
                : { of: scope.of, account: scope.account || undefined, length: digitsOf(length) }
            return (await client.ask('rotatePasscodes', { body })).passcodes
          },
        }),
      )
      if (passcode !== undefined) context.terminal.note('The passcode is changed.')
      else if (passcodes.length === 0) context.terminal.note('No sub-account is without a passcode.')
      else if (output === undefined) await printPasscodes(passcodes, context.terminal)
    })
}

type Scoping = {
  readonly account: string | undefined
  readonly userId: string | undefined
  readonly all: true | undefined
  readonly missing: true | undefined
}

/** @throws Refusal `bad-command` where it is not clear whose passcode is meant. */
function scopeOf({ account, userId, all, missing }: Scoping): RotationScope {
  const many = all ?? missing
  if (userId !== undefined && account !== undefined && !many) return { of: 'one', key: { account, userId } }
  if (userId === undefined && many && !(all && missing)) return { of: all ? 'all' : 'missing', account: account ?? '' }
  throw new Refusal('bad-command', 'It is not clear whose passcode is meant.', {
    hint: 'Name the account and the user id, or --all or --missing, with or without an account.',
  })
}

/** Codes go to the file before they are in force; where they do not come into force, the file goes again. */
async function withPasscodeFile<T>(
  context: CommandContext,
  output: string | undefined,
  work: (deliver: ((codes: ReadonlyArray<NewPasscode>) => Promise<void>) | undefined) => Promise<T>,
): Promise<T> {
  if (output === undefined) return work(undefined)
  const file = passcodeFile(pathFrom(context, output), context.terminal)
  try {
    return await work(file.deliver)
  } catch (error) {
    await file.undo()
    throw error
  }
}

/** @throws Refusal `bad-command`. */
export function digitsOf(length: string | undefined): number | undefined {
  if (length === undefined) return undefined
  if (/^\d{1,2}$/.test(length)) return Number(length)
  throw new Refusal('bad-command', `"${length}" is no number of digits.`, { hint: 'Write it as --length 8.' })
}
