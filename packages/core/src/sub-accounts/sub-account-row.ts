// A row of a file that makes many sub-accounts at once, as the document that it stands for; the document's own rules say
// what is wrong with it. No column holds a passcode.
import type { CellOf } from '../facts/read-cells.ts'

export const SUB_ACCOUNT_COLUMNS = [
  'account',
  'user_id',
  'name',
  'person',
  'cost_centre',
  'project',
  'client',
  'enabled',
  'spend',
  'minutes',
  'participants',
  'call_minutes',
  'at_limit',
] as const
export type SubAccountColumn = (typeof SUB_ACCOUNT_COLUMNS)[number]
export const SUB_ACCOUNT_REQUIRED = ['account', 'user_id'] as const satisfies ReadonlyArray<SubAccountColumn>

const OWNER_COLUMNS = { person: 'person', cost_centre: 'cost-centre', project: 'project', client: 'client' } as const
const LIMIT_COLUMNS = {
  spend: 'spend',
  minutes: 'minutes',
  participants: 'participants',
  call_minutes: 'call-minutes',
  at_limit: 'at-limit',
} as const
const COUNTS: ReadonlySet<string> = new Set(['minutes', 'participants', 'call_minutes'])

/** `kind: SubAccount` with the keys whose cells are not empty; cells that are no number or yes and no stay as they are. */
export function subAccountOfRow(cell: CellOf<SubAccountColumn>): Readonly<Record<string, unknown>> {
  const text = (column: SubAccountColumn) => cell(column).trim()
  const given = (columns: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(columns).flatMap(([column, key]) => {
        const value = text(column as SubAccountColumn)
        return value === '' ? [] : [[key, COUNTS.has(column) && /^\d{1,9}$/.test(value) ? Number(value) : value]]
      }),
    )
  const [owner, limits] = [given(OWNER_COLUMNS), given(LIMIT_COLUMNS)]
  const enabled = text('enabled')
  return {
    kind: 'SubAccount',
    account: text('account'),
    'user-id': text('user_id'),
    ...(text('name') === '' ? {} : { name: text('name') }),
    ...(Object.keys(owner).length === 0 ? {} : { owner }),
    ...(enabled === '' ? {} : { enabled: YES_AND_NO.get(enabled.toLowerCase()) ?? enabled }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

const YES_AND_NO: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'y', 'true', '1'].map((word) => [word, true] as const),
  ...['no', 'n', 'false', '0'].map((word) => [word, false] as const),
])
