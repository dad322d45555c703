// What is wrong with outside data: expected, many at a time, collected as values and never thrown. Every code is listed
// here once with its own facts; message and hint are built from those facts, never the other way round.
import type { SourcePlace } from './facts/place.ts'

export type Severity = 'error' | 'warning' | 'info'

type Cell = { readonly column: string; readonly value: string }
type Money = { readonly currency: string; readonly amount: string }

/** Each code with the facts it carries. Amounts are decimal texts, dates ISO texts. */
export type ProblemFacts = {
  // A row or cell of a file.
  'row-unreadable': { readonly reason: string }
  'column-missing': { readonly column: string; readonly header: ReadonlyArray<string> }
  'value-missing': { readonly column: string }
  'value-unknown': Cell & { readonly allowed: ReadonlyArray<string> }
  'amount-unreadable': Cell
  'amount-precision': Cell & { readonly currency: string; readonly decimals: number }
  'number-unreadable': Cell
  'date-unreadable': Cell & { readonly expected: string }
  'date-order': { readonly from: string; readonly to: string }
  'currency-unknown': Cell
  'unit-unknown': Cell & { readonly allowed: ReadonlyArray<string> }
  'unit-mismatch': Cell & { readonly usageType: string }
  'encoding-damaged': { readonly encoding: string }
  'control-mismatch': Cell & { readonly expected: string }
  'duplicate-conflict': { readonly id: string; readonly earlier: string }
  'names-concealed': Cell
  // A bill as a whole.
  'invoice-does-not-foot': Money & { readonly invoice: string; readonly total: string; readonly difference: string }
  'service-does-not-foot': Money & {
    readonly invoice: string
    readonly service: string
    readonly total: string
    readonly difference: string
  }
  'invoice-without-total': Money & { readonly invoice: string }
  'invoice-without-charges': { readonly invoice: string; readonly currency: string; readonly total: string }
  'invoice-after-publish': Money & { readonly invoice: string; readonly period: string }
  // The directory.
  'share-sum': { readonly service: string; readonly on: string; readonly percent: string }
  'cost-centre-cycle': { readonly costCentres: ReadonlyArray<string> }
  'cost-centre-unknown': { readonly costCentre: string; readonly usedBy: string }
  'person-unknown': { readonly person: string; readonly usedBy: string }
  'project-unknown': { readonly project: string; readonly usedBy: string }
  'overlapping-stints': { readonly kind: string; readonly id: string; readonly from: string; readonly to: string }
  'feed-incomplete': { readonly part: string; readonly quarantined: number; readonly kept: number }
  'leaver-with-service': { readonly person: string; readonly leftOn: string; readonly services: ReadonlyArray<string> }
  'service-not-in-inventory': Money & { readonly service: string; readonly vendor: string }
  // Sub-accounts.
  'sub-account-ambiguous': {
    readonly userId: string
    readonly accounts: ReadonlyArray<string>
    readonly from: string
    readonly to: string
  }
  // Pools and allocation.
  'ambiguous-pool': Money & {
    readonly account: string
    readonly usageType: string
    readonly charges: number
    readonly pools: ReadonlyArray<string>
  }
  'pool-unknown': { readonly pool: string; readonly usedBy: string }
  'pool-overlap': { readonly service: string; readonly pools: ReadonlyArray<string>; readonly on: string }
  'pool-over-ceiling': {
    readonly pool: string
    readonly members: number
    readonly maxMembers: number
    readonly on: string
  }
  'pool-without-members': Money & { readonly pool: string }
  'negative-usage': { readonly pool: string; readonly service: string; readonly usage: string }
  // Rating. Quantities are base units; `bucket` is '' out of bucket.
  'account-not-ours': { readonly account: string; readonly product: string; readonly services: number }
  'plan-inactive': {
    readonly plan: string
    readonly account: string
    readonly product: string
    readonly service: string
  }
  unrated: {
    readonly account: string
    readonly service: string
    readonly usageClass: string
    readonly bucket: string
    readonly quantity: string
  }
  'usage-not-rated': {
    readonly service: string
    readonly events: number
    readonly reason: string
    readonly first: string
  }
  // The journal. `costCentre` is '' for what nobody owns.
  'gl-code-missing': Money & { readonly costCentre: string }
}
export type ProblemCode = keyof ProblemFacts

export type ProblemOf<C extends ProblemCode> = {
  readonly code: C
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  readonly facts: ProblemFacts[C]
  readonly source?: SourcePlace
}
/** Discriminated on `code`. */
export type Problem = { [C in ProblemCode]: ProblemOf<C> }[ProblemCode]

type Wording<C extends ProblemCode> = {
  readonly severity: Severity
  readonly message: (facts: ProblemFacts[C]) => string
  readonly hint: string
}

const list = (values: ReadonlyArray<string>) => values.join(', ')
const quoted = (value: string) => `"${value.length > 60 ? `${value.slice(0, 57)}...` : value}"`

const WORDING: { readonly [C in ProblemCode]: Wording<C> } = {
  'row-unreadable': {
    severity: 'error',
    message: (f) => `The row cannot be read: ${f.reason}.`,
    hint: 'Look at the quotes and delimiters of this line in the file, mend it and import the file again.',
  },
  'column-missing': {
    severity: 'error',
    message: (f) => `There is no column ${quoted(f.column)}; the file has ${list(f.header.map(quoted))}.`,
    hint: 'Add the column, or say in a Source mapping which column takes its place.',
  },
  'value-missing': {
    severity: 'error',
    message: (f) => `${f.column} is empty and must be given.`,
    hint: 'Fill the cell and import the file again; the other rows are already in.',
  },
  'value-unknown': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}, which is none of ${list(f.allowed)}.`,
    hint: 'Use one of the listed words, or map the value in a Source mapping.',
  },
  'amount-unreadable': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}, which is not an amount.`,
    hint: 'Write amounts as plain decimals (-12.50), or say in a Source mapping how they are written.',
  },
  'amount-precision': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}: ${f.currency} has ${f.decimals} decimals.`,
    hint: 'Bill rows carry whole minor units; if this column is only informational, leave it out of the mapping.',
  },
  'number-unreadable': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}, which is not a number that can stand there.`,
    hint: 'Write the number as a plain decimal without thousands separators.',
  },
  'date-unreadable': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}; ${f.expected} was expected.`,
    hint: 'Mend the date, or say in a Source mapping how dates are written.',
  },
  'date-order': {
    severity: 'error',
    message: (f) => `The range from ${f.from} to ${f.to} does not run forward.`,
    hint: 'The end is exclusive and must be after the start.',
  },
  'currency-unknown': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}, which is no ISO 4217 code in use.`,
    hint: 'Use the three-letter code of the currency, such as USD.',
  },
  'unit-unknown': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}; the units are ${list(f.allowed)}.`,
    hint: "kB, MB, GB are powers of 1000, KiB, MiB, GiB powers of 1024; map the vendor's word to one of them.",
  },
  'unit-mismatch': {
    severity: 'error',
    message: (f) => `${f.column} is ${quoted(f.value)}, which does not measure ${f.usageType}.`,
    hint: 'Voice and conference are measured in time, data in bytes, messaging, app and event in counts.',
  },
  'encoding-damaged': {
    severity: 'warning',
    message: (f) => `The text holds characters that ${f.encoding} cannot be: they are shown as U+FFFD.`,
    hint: 'Export the file again as UTF-8, or name its encoding in a Source mapping.',
  },
  'control-mismatch': {
    severity: 'warning',
    message: (f) =>
      f.value === ''
        ? `${f.column} is missing; what was read calls for ${f.expected}.`
        : `${f.column} is ${quoted(f.value)}; what was read calls for ${f.expected}.`,
    hint: 'The file was cut off or changed on its way: fetch it again and import it. What is there was read.',
  },
  'duplicate-conflict': {
    severity: 'error',
    message: (f) => `${f.id} was already read with other content (${f.earlier}).`,
    hint: 'An id stands for one event or line for ever; correct the id, or the row that repeats it.',
  },
  'names-concealed': {
    severity: 'warning',
    message: (f) => `${f.column} is ${quoted(f.value)}: the report conceals names, so its use is matched to nobody.`,
    hint: 'Let reports show names (Microsoft 365 admin center: Settings, Org settings, Reports), then fetch and import it again.',
  },
  'invoice-does-not-foot': {
    severity: 'warning',
    message: (f) =>
      `Invoice ${f.invoice} says ${f.total} ${f.currency}, its lines sum to ${f.amount}: ${f.difference} differs.`,
    hint: 'Ask the vendor for the missing lines, or accept the difference with `spillway accept INVOICE --reason TEXT`.',
  },
  'service-does-not-foot': {
    severity: 'warning',
    message: (f) =>
      `Invoice ${f.invoice} says ${f.total} ${f.currency} for ${f.service || 'the account itself'}, its lines sum to ${f.amount}: ${f.difference} differs.`,
    hint: "Compare the lines of this service with the vendor's summary.",
  },
  'invoice-without-total': {
    severity: 'info',
    message: (f) => `Invoice ${f.invoice} has lines of ${f.amount} ${f.currency} and no control total.`,
    hint: "Import the vendor's account summary or an invoices.csv, so that the lines can be checked.",
  },
  'invoice-without-charges': {
    severity: 'warning',
    message: (f) => `Invoice ${f.invoice} says ${f.total} ${f.currency} and has no lines.`,
    hint: 'Import the file with the charges of this invoice.',
  },
  'invoice-after-publish': {
    severity: 'warning',
    message: (f) =>
      `Invoice ${f.invoice} (${f.amount} ${f.currency}) belongs to ${f.period}, which was published without it.`,
    hint: 'Reopen that period with a reason, close it again and publish it.',
  },
  'share-sum': {
    severity: 'error',
    message: (f) => `The shares of ${f.service} on ${f.on} sum to ${f.percent} %, not to 100 %.`,
    hint: 'Let the shares of every day sum to 100 %.',
  },
  'cost-centre-cycle': {
    severity: 'error',
    message: (f) => `The cost centres ${f.costCentres.join(' > ')} are a circle.`,
    hint: 'Give one of them another parent, or none.',
  },
  'cost-centre-unknown': {
    severity: 'warning',
    message: (f) => `${f.usedBy} names the cost centre ${f.costCentre}, which is not in the directory.`,
    hint: 'Import it with cost_centres.csv; until then its money shows under the id as given.',
  },
  'person-unknown': {
    severity: 'warning',
    message: (f) => `${f.usedBy} names the person ${f.person}, who is not in the directory.`,
    hint: 'Import the person with people.csv; people are matched by employee number, never by name.',
  },
  'project-unknown': {
    severity: 'warning',
    message: (f) => `${f.usedBy} names the project ${f.project}, which is not in the directory.`,
    hint: 'Import it with projects.csv.',
  },
  'overlapping-stints': {
    severity: 'error',
    message: (f) => `The ${f.kind} ${f.id} has two rows in force from ${f.from} to ${f.to}.`,
    hint: 'Ranges are half-open: let one row end on the day on which the next begins.',
  },
  'feed-incomplete': {
    severity: 'warning',
    message: (f) =>
      `${f.quarantined} rows of ${f.part} could not be read, so ${f.kept} ids that the file does not have were not ended.`,
    hint: 'Mend the rows in quarantine and import the file again: what it does not have ends then.',
  },
  'leaver-with-service': {
    severity: 'warning',
    message: (f) => `${f.person} left on ${f.leftOn} and still has ${list(f.services)}.`,
    hint: 'Cancel the services with the vendor, or assign them to somebody else.',
  },
  'service-not-in-inventory': {
    severity: 'warning',
    message: (f) => `${f.vendor} bills ${f.amount} ${f.currency} on ${f.service}, which is not in the inventory.`,
    hint: 'Import the service with services.csv, or dispute the charge.',
  },
  'sub-account-ambiguous': {
    severity: 'warning',
    message: (f) =>
      `${f.userId} is a user id of ${list(f.accounts)} with different owners from ${f.from} to ${f.to}: what it costs then is unassigned.`,
    hint: 'Give one of the sub-accounts another user id, or the user id a row in services.csv, which wins over both.',
  },
  'ambiguous-pool': {
    severity: 'warning',
    message: (f) =>
      `${f.charges} ${f.usageType} charges of account ${f.account}, ${f.amount} ${f.currency}, find ${f.pools.length === 0 ? 'no pool' : `several pools (${list(f.pools)})`} and stay where they are.`,
    hint: "Name the pool in the charge's pool column, or list the service in one pool of that usage type.",
  },
  'pool-unknown': {
    severity: 'warning',
    message: (f) => `${f.usedBy} names the pool ${f.pool}, which is not defined.`,
    hint: 'Import it with pools.csv, or apply a document of kind Pool.',
  },
  'pool-overlap': {
    severity: 'error',
    message: (f) => `${f.service} is in the pools ${list(f.pools)} for the same usage on ${f.on}.`,
    hint: 'A service is in one pool per usage class and day: end one membership, or narrow one pool to another zone or network.',
  },
  'pool-over-ceiling': {
    severity: 'warning',
    message: (f) => `${f.pool} has ${f.members} members on ${f.on}; ${f.maxMembers} are allowed.`,
    hint: 'Move services to another pool; the charges are shared over all members meanwhile.',
  },
  'pool-without-members': {
    severity: 'warning',
    message: (f) =>
      `${f.amount} ${f.currency} of ${f.pool} cannot be carried: the pool has no members. It stands as "unallocated".`,
    hint: 'List the members in pool_members.csv, or give the pool a rule.',
  },
  'negative-usage': {
    severity: 'warning',
    message: (f) => `${f.service} has a usage of ${f.usage} in ${f.pool}; it is taken as 0.`,
    hint: 'Look for a correction whose original was never imported.',
  },
  'account-not-ours': {
    severity: 'error',
    message: (f) =>
      `${f.services} services of ${f.account || 'no account'} have ${f.product} or another of our products, but there is no such account of ours.`,
    hint: 'Apply a document of kind Account, or correct the account in services.csv; until then their usage is not rated.',
  },
  'plan-inactive': {
    severity: 'warning',
    message: (f) => `${f.account} bought ${f.product} (${f.service}), but the share plan ${f.plan} is not active.`,
    hint: 'Activate the plan and close again; the purchase stands, and usage is not shared until then.',
  },
  unrated: {
    severity: 'error',
    message: (f) =>
      f.bucket === ''
        ? `Nothing prices ${f.quantity} base units of ${f.usageClass} of ${f.service} (${f.account}) out of bucket.`
        : `The tiers of ${f.bucket} have no rate for ${f.quantity} base units of ${f.usageClass} of ${f.service} (${f.account}).`,
    hint: 'Add a line to the rate plan of its product, or a rate to the tier, and close again, a published month after reopening it; it cannot be published before.',
  },
  'usage-not-rated': {
    severity: 'warning',
    message: (f) => `${f.events} usage rows of ${f.service} from ${f.first} on are not rated: ${f.reason}.`,
    hint: 'Correct the days of the service in services.csv, or the rows themselves, or close their month first; then close again.',
  },
  'gl-code-missing': {
    severity: 'warning',
    message: (f) =>
      f.costCentre === ''
        ? `${f.amount} ${f.currency} that no cost centre owns stand in suspense.`
        : `The cost centre ${f.costCentre} and those above it have no GL code: ${f.amount} ${f.currency} stand in suspense.`,
    hint: 'Give the cost centre a gl_code in cost_centres.csv, or its services an owner; then close the period again.',
  },
}

export const PROBLEM_CODES = Object.keys(WORDING) as ReadonlyArray<ProblemCode>

/** Builds a problem from its facts; `severity` only where it differs from the code's own. */
export function problem<C extends ProblemCode>(
  code: C,
  facts: ProblemFacts[C],
  { source, severity }: { source?: SourcePlace; severity?: Severity } = {},
): Problem {
  const wording = WORDING[code] as Wording<C>
  const built = {
    code,
    severity: severity ?? wording.severity,
    message: wording.message(facts),
    hint: wording.hint,
    facts,
    ...(source ? { source } : {}),
  }
  return built as unknown as Problem
}
