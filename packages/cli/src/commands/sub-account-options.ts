// The options that say what a sub-account is, for the commands that make one or ask for one.
import { type Command, Option } from '@commander-js/extra-typings'

type Options = {
  readonly name?: string | undefined
  readonly person?: string | undefined
  readonly costCentre?: string | undefined
  readonly project?: string | undefined
  readonly client?: string | undefined
  readonly spend?: string | undefined
  readonly minutes?: string | undefined
  readonly participants?: string | undefined
  readonly callMinutes?: string | undefined
  readonly atLimit?: string | undefined
}

export function withSubAccountOptions<A extends unknown[]>(command: Command<A>) {
  return command
    .option('--name <name>', 'for people to read')
    .option('--person <employee>', 'whose it is: an employee number')
    .option('--cost-centre <id>', 'whose it is: a cost centre that shares it')
    .option('--project <code>', 'whose it is: a project')
    .option('--client <name>', 'whose it is: a client')
    .option('--spend <amount>', 'most to spend in a billing period')
    .option('--minutes <number>', 'most minutes in a billing period, of all participants together')
    .option('--participants <number>', 'most participants at once in one call')
    .option('--call-minutes <number>', 'longest call')
    .addOption(new Option('--at-limit <what>', 'what then: say so, or refuse').choices(['alert', 'refuse'] as const))
}

/** The document with the keys that were given; its own rules say what is wrong with it. */
export function documentOf({
  account,
  userId,
  ...options
}: Options & { readonly account: string; readonly userId: string }): Readonly<Record<string, unknown>> {
  const { name, person, costCentre, project, client } = options
  const owner = given({ person, 'cost-centre': costCentre, project, client })
  const limits = given({
    spend: options.spend,
    minutes: numberOf(options.minutes),
    participants: numberOf(options.participants),
    'call-minutes': numberOf(options.callMinutes),
    'at-limit': options.atLimit,
  })
  return {
    kind: 'SubAccount',
    account,
    'user-id': userId,
    ...given({ name }),
    ...(Object.keys(owner).length === 0 ? {} : { owner }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

function given(keys: Readonly<Record<string, string | number | undefined>>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

function numberOf(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text
}
