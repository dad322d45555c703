// `kind: SubAccount` and `kind: Bridge` (spec, accounts): their shapes, and what is wrong with one. A passcode has no key:
// documents are exported, versioned and mailed.
import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { writtenDay, writtenDecimal, writtenText } from '../configuration/written.ts'
import type { LocalDate } from '../time/local-date.ts'
import {
  AT_LIMIT,
  OWNER_KINDS,
  type OwnerKind,
  type OwnerStint,
  type SubAccount,
  type SubAccountOwner,
  subAccountName,
} from './sub-account.ts'

const USER_ID = /^[\p{L}\p{N}._@+-]{1,64}$/u

export const writtenUserId = z
  .string({ error: 'must be text (in quotes where it looks like a number)' })
  .regex(USER_ID, { error: 'must be 1 to 64 letters, digits or . _ @ + -, without blanks' })

const writtenAccount = writtenText.refine((id) => id.trim() === id, { error: 'must not begin or end with a blank' })

const ownerKeys = {
  person: writtenText.optional(),
  'cost-centre': writtenText.optional(),
  project: writtenText.optional(),
  client: writtenText.optional(),
}
type WrittenOwner = { readonly [K in OwnerKind]?: string | undefined }

const ONE_OWNER = 'must name one of person, cost-centre, project or client'

const hasOneOwner = (owner: WrittenOwner) => OWNER_KINDS.filter((kind) => owner[kind] !== undefined).length === 1

const count = z.int({ error: 'must be a whole number' }).positive({ error: 'must be at least 1' })

const limitsDocument = z.strictObject({
  spend: writtenDecimal.optional().describe('Of a billing period, in the currency of the master account.'),
  minutes: count.optional().describe('Of a billing period, of all participants together.'),
  participants: count.optional().describe('At once in one call.'),
  'call-minutes': count.optional().describe('Length of one call.'),
  'at-limit': z.enum(AT_LIMIT).default('alert').describe('Once spend or minutes are used up.'),
})

export const subAccountDocument = z.strictObject({
  kind: z.literal('SubAccount'),
  account: writtenAccount.describe('The master account.'),
  'user-id': writtenUserId.describe('Unique in the master account.'),
  name: z.string().optional(),
  owner: z
    .strictObject(ownerKeys)
    .refine(hasOneOwner, { error: ONE_OWNER })
    .optional()
    .describe('Whose it is, from beginning to end.'),
  owners: z
    .array(
      z
        .strictObject({ ...ownerKeys, from: writtenDay.optional(), until: writtenDay.optional() })
        .refine(hasOneOwner, { error: ONE_OWNER }),
    )
    .min(1)
    .optional()
    .describe('Whose it is, day by day; until is exclusive.'),
  enabled: z.boolean().default(true),
  limits: limitsDocument.optional(),
})
export type SubAccountDocument = z.infer<typeof subAccountDocument>
/** As it is written, with what has a default left out. */
export type WrittenSubAccount = z.input<typeof subAccountDocument>

export const bridgeDocument = z.strictObject({
  kind: z.literal('Bridge'),
  name: writtenText,
  accounts: z
    .array(writtenAccount)
    .min(1)
    .describe('Master accounts whose passcodes are told apart by the code alone.'),
})
export type BridgeDocument = z.infer<typeof bridgeDocument>

const PASSCODE_KEY = /^(pass-?code|pass-?word|pin|code)$/i

/** What is wrong with one document, whatever others say; none where it is right. */
export function issuesOfSubAccountDocument(body: unknown): ReadonlyArray<string> {
  const forbidden = Object.keys(body as object).find((key) => PASSCODE_KEY.test(key))
  // Not a word of its value: what is refused is printed.
  if (forbidden !== undefined)
    return [`${forbidden}: a passcode is never written in a document; give one with \`spillway sub-account rotate\``]
  const reading = subAccountDocument.safeParse(body)
  if (!reading.success) return reading.error.issues.map(formatIssue)
  const { owner, owners } = reading.data
  if (owner !== undefined && owners !== undefined) return ['owners: stands beside owner; name one of the two']
  return issuesOfStints(stintsOf(reading.data))
}

export function issuesOfBridgeDocument(body: unknown): ReadonlyArray<string> {
  const reading = bridgeDocument.safeParse(body)
  if (!reading.success) return reading.error.issues.map(formatIssue)
  const { accounts } = reading.data
  return accounts
    .filter((account, at) => accounts.indexOf(account) !== at)
    .map((account) => `accounts: names ${account} twice`)
}

function issuesOfStints(stints: ReadonlyArray<OwnerStint>): ReadonlyArray<string> {
  const issues = stints.flatMap(({ from, until }) =>
    from !== null && until !== null && until <= from
      ? [`owners: until is ${until}, which is not after from (${from}); until is exclusive`]
      : [],
  )
  if (issues.length > 0) return issues
  return stints.slice(1).flatMap((stint, at) => {
    const before = stints[at] as OwnerStint
    return before.until === null || stint.from === null || stint.from < before.until
      ? [`owners: ${wordOf(before.owner)} and ${wordOf(stint.owner)} have it on the same day; until is exclusive`]
      : []
  })
}

/** `person E100`. */
export function wordOf({ kind, id }: SubAccountOwner): string {
  return `${kind} ${id}`
}

/** What a document is saved under; '' where it does not say. */
export function subAccountDocumentName(body: unknown): string {
  const document = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {}
  const { account, 'user-id': userId } = document
  return typeof account === 'string' && typeof userId === 'string' ? subAccountName({ account, userId }) : ''
}

/** Of a document without issues. */
export function toSubAccount(document: SubAccountDocument): SubAccount {
  const { account, name = '', enabled, limits } = document
  return {
    account,
    userId: document['user-id'],
    name,
    owners: stintsOf(document),
    isEnabled: enabled,
    limits: {
      spend: limits?.spend === undefined ? null : String(limits.spend),
      minutes: limits?.minutes ?? null,
      participants: limits?.participants ?? null,
      callMinutes: limits?.['call-minutes'] ?? null,
      atLimit: limits?.['at-limit'] ?? 'alert',
    },
  }
}

/** Documents in force as sub-accounts, in their order; one that cannot be read is none, and was refused when it was applied. */
export function readSubAccounts(bodies: Iterable<unknown>): ReadonlyArray<SubAccount> {
  const found: SubAccount[] = []
  for (const body of bodies) {
    const reading = subAccountDocument.safeParse(body)
    if (reading.success) found.push(toSubAccount(reading.data))
  }
  return found
}

function stintsOf({ owner, owners }: Pick<SubAccountDocument, 'owner' | 'owners'>): ReadonlyArray<OwnerStint> {
  const written: NonNullable<SubAccountDocument['owners']> = owners ?? (owner === undefined ? [] : [owner])
  return written
    .map((one) => ({ owner: ownerOf(one), from: dayOf(one.from), until: dayOf(one.until) }))
    .sort((a, b) => (beginningOf(a) < beginningOf(b) ? -1 : beginningOf(a) > beginningOf(b) ? 1 : 0))
}

const beginningOf = ({ from }: OwnerStint) => (from === null ? '' : from)
const dayOf = (day: string | undefined) => (day === undefined ? null : (day as LocalDate))

function ownerOf(owner: WrittenOwner): SubAccountOwner {
  const kind = OWNER_KINDS.find((one) => owner[one] !== undefined) as OwnerKind
  return { kind, id: owner[kind] as string }
}
