// Which reports there are, what each shows, and of whom it can be asked. Which query makes it is of report-names.ts.

export const REPORT_SUMMARY = {
  allocation: 'what each participant of each pool carries, in both views',
  charges: 'money by cost-centre, service, person, vendor …, or line',
  reconciliation: 'every invoice beside its total; why a difference was accepted',
  'missing-bills': 'bills of a month that have not come, beside the month before',
  pools: 'every pool: allowance, used, over, and its cost in both views',
  'pool-days': 'a pool day by day: used, so far, exhausted when (--pool)',
  'cost-centres': 'the tree of cost centres with subtotals',
  problems: 'what the close found wrong, worst first',
  quarantine: 'rows that no import could read, as they were',
  imports: 'every imported file: rows, amounts, and whether it counts',
  runs: 'every close and publication',
  'run-changes': 'who carries more or less than in another run (--run, --since)',
  usage: 'usage by service and usage class, or by one dimension (--by)',
  buckets: 'every bucket: drawn, left, ran out when; who drew (--bucket)',
  'bucket-days': 'a bucket day by day: drawn, so far, exhausted (--bucket)',
  balances: 'what is left in every bucket at an instant (--at)',
  alerts: 'buckets drawn and limits used to 80, 90 or 100 %, and when',
  bills: 'our bills of a period, or their lines (--by service, --number)',
  accounts: 'the tree of accounts: currency, cycle day, usage invoicer',
  'sub-accounts': 'what each sub-account used of its limits, as known so far',
  trend: '13 months of cost or usage (--of) by a dimension, with changes',
  movers: 'what rose and fell most on the month before, by a dimension',
  unused: 'services without any use for 3 months, and what they cost',
  conflicts: 'conferences at once under one user id; what to add (--by)',
  legs: 'who was in which conference when (--account, --user)',
  uncoded: 'calls without a valid account code, where one is asked for',
  'billable-time': 'calls of a project: time, cost, amount (--project, --by)',
  attention: 'what needs attention, worst first, and where to look',
} as const
export type ReportName = keyof typeof REPORT_SUMMARY
export const REPORT_NAMES = Object.keys(REPORT_SUMMARY) as ReadonlyArray<ReportName>

/**
 * What of a report a scope of some rows has: `rows` those of its cost centres, people and accounts; `accounts` those of its
 * accounts, and without any it is refused; `whole` nothing: a part of it would say something else.
 */
export const REPORT_REACH = {
  allocation: 'rows',
  charges: 'rows',
  reconciliation: 'whole',
  'missing-bills': 'whole',
  pools: 'rows',
  'pool-days': 'whole',
  'cost-centres': 'rows',
  problems: 'whole',
  quarantine: 'whole',
  imports: 'whole',
  runs: 'whole',
  'run-changes': 'whole',
  usage: 'rows',
  buckets: 'accounts',
  'bucket-days': 'accounts',
  balances: 'accounts',
  alerts: 'accounts',
  bills: 'accounts',
  accounts: 'accounts',
  'sub-accounts': 'accounts',
  trend: 'rows',
  movers: 'rows',
  unused: 'rows',
  conflicts: 'whole',
  legs: 'whole',
  uncoded: 'whole',
  'billable-time': 'whole',
  attention: 'rows',
} as const satisfies Record<ReportName, 'rows' | 'accounts' | 'whole'>
