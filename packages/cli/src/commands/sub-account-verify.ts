// `sub-account verify`: what a conference bridge asks, by hand.
import type { Command } from '@commander-js/extra-typings'
import { type LimitState, Refusal } from '@spillway/core'
import { type Verification, type VerifyRequest, verifyPasscode } from '@spillway/engine'
import { atWorkspace, type CommandContext } from '../command-context.ts'
import { readPasscode } from '../read-secret.ts'
import { overHttp } from '../remote/server-place.ts'
import type { Terminal } from '../terminal.ts'

export function registerVerify(group: Command, context: CommandContext): void {
  overHttp(group.command('verify'))
    .description('whose passcode is it? Read from standard input; exits 3 where it is refused')
    .option('--account <account>', 'the master account that the caller gave')
    .option('--user-id <id>', 'with --account: the user id that the caller gave')
    .option('--bridge <name>', 'instead of an account: a bridge, where a passcode alone is enough')
    .option('--caller <text>', 'by which wrong tries are counted: a telephone number, an address')
    .action(async ({ account, userId, bridge, caller }) => {
      const of = askedOf({ account, userId, bridge })
      const { terminal } = context
      const passcode = await readPasscode(terminal)
      const answer = await atWorkspace<Answer>(context, {
        access: 'write',
        here: async (workspace) =>
          answerOf(await verifyPasscode(workspace, { passcode, of, caller: caller ?? terminal.who })),
        there: (client) => client.ask('verifyPasscode', { body: { passcode, caller, ...of } }),
      })
      await print(answer, terminal)
      if (answer.outcome === 'refused') context.exitCode = 3
    })
}

type Asked = {
  readonly account: string | undefined
  readonly userId: string | undefined
  readonly bridge: string | undefined
}

/** @throws Refusal `bad-command`. */
function askedOf({ account, userId, bridge }: Asked): VerifyRequest['of'] {
  if (account !== undefined && bridge === undefined) return { account, userId }
  if (bridge !== undefined && account === undefined && userId === undefined) return { bridge }
  throw new Refusal('bad-command', 'Name either the account or the bridge.', {
    hint: '--account R100, with or without --user-id; or --bridge london.',
  })
}

/** As the API answers. */
type Answer = {
  readonly outcome: 'accepted' | 'refused'
  readonly account?: string | undefined
  readonly userId?: string | undefined
  readonly limits?: ReadonlyArray<AnswerLimit> | undefined
}
type AnswerLimit = {
  readonly limit: LimitState['limit']
  readonly most: string
  readonly used?: string | undefined
  readonly left?: string | undefined
  readonly reached?: boolean | undefined
}

function answerOf(answer: Verification): Answer {
  if (answer.outcome === 'refused') return { outcome: 'refused' }
  const { outcome, account, userId } = answer
  const limits = answer.limits.map(({ limit, most, used, left, isReached }) =>
    isOfCall(limit) ? { limit, most } : { limit, most, used, left, reached: isReached },
  )
  return { outcome, account, userId, limits }
}

const isOfCall = (limit: string) => limit === 'participants' || limit === 'call-minutes'

async function print({ outcome, account, userId, limits = [] }: Answer, terminal: Terminal): Promise<void> {
  if (!terminal.isInteractive) {
    const json = outcome === 'refused' ? { outcome } : { outcome, account, user_id: userId, limits }
    return terminal.out(`${JSON.stringify(json)}\n`)
  }
  const { green, red } = terminal.colours
  if (outcome === 'refused') return terminal.out(`${red('refused')}\n`)
  await terminal.out(`${green('accepted')} ${account} ${userId}\n`)
  for (const { limit, most, left } of limits)
    await terminal.out(`  ${limit.padEnd(14)}${isOfCall(limit) ? `at most ${most}` : `${left} left of ${most}`}\n`)
}
