// The catalog's tables as Kysely sees them: configuration and its versions, which batches and documents are live, runs,
// accepted differences, audit. No fact and no amount that is computed lives here. `*_at` are ISO instants (UTC).
import type { Generated } from 'kysely'
import type { ServerTables } from './server-tables.ts'

export type TenantTable = { id: string; name: string; created_at: string }

/** Every saved version of a document of configuration; the newest that is not deleted is in force. */
export type ConfigurationTable = {
  tenant: string
  kind: string
  name: string
  version: number
  /** Canonical JSON of the document. */
  body: string
  digest: string
  deleted: 0 | 1
  saved_at: string
  saved_by: string
}

/** One imported file. `id` is made of its content, importer and source: the same file again is the same batch. */
export type BatchTable = {
  tenant: string
  id: string
  /** `writing` until the facts are in the warehouse and named here in one transaction; then `complete`. */
  state: 'writing' | 'complete'
  file: string
  file_path: string
  file_digest: string
  file_bytes: number
  importer: string
  source: string
  imported_at: string
  imported_by: string
  rows_read: number
  rows_accepted: number
  rows_quarantined: number
  rows_duplicate: number
}

/** Files that were uploaded to be looked at, and are not imported yet. */
export type ImportDraftTable = {
  tenant: string
  id: string
  /** JSON: the files, and how they are to be imported. */
  request: string
  /** JSON of what the last look said; '' before it ended. */
  looked: string
  look_job: string
  commit_job: string | null
  created_at: string
  created_by: string
}

/** A batch that counts no more, because somebody took it back. */
export type BatchTakenBackTable = {
  tenant: string
  batch: string
  reason: string
  taken_back_at: string
  taken_back_by: string
}

/** How the quarantined rows of one table of a batch are split into cells again. */
export type BatchTableTable = {
  tenant: string
  batch: string
  member: string
  sheet: string
  /** JSON: the titles. */
  header: string
  /** '' where a row is no delimited text. */
  delimiter: string
}

/** A batch of rows that another one refused, mended: it adds to what that one says. */
export type BatchSupplementTable = { tenant: string; batch: string; supplements: string }

/** Where the rows of a batch of mended rows were refused. */
export type MendedRowsTable = {
  tenant: string
  batch: string
  /** File, member and sheet, as they are shown. */
  place: string
  /** JSON: first and last line of each run. */
  lines: string
}

/** A part of a batch that lives and is superseded as a whole; fact rows carry its id. */
export type DocumentTable = {
  id: Generated<number>
  tenant: string
  batch: string
  member: string
  sheet: string
  part: string
  source: string
  vendor: string
  account: string
  invoice: string
  live: 0 | 1
  superseded_by: number | null
  row_count: number
  /** Sum of the rows' digests, as decimal text. */
  digest: string
}

/** The difference of an invoice that somebody accepted; void when the difference is another one. */
export type AcceptedDifferenceTable = {
  tenant: string
  vendor: string
  account: string
  invoice: string
  currency: string
  difference_minor: string
  reason: string
  accepted_at: string
  accepted_by: string
}

export type RunState = 'writing' | 'closed' | 'published' | 'reopened' | 'replaced'

/** One close of one period. `inputs` and `outputs` are JSON; see run-record.ts. */
export type RunTable = {
  tenant: string
  id: string
  period: string
  state: RunState
  code_version: string
  inputs: string
  outputs: string
  closed_at: string
  closed_by: string
  published_at: string | null
  published_by: string | null
  reopened_at: string | null
  reopened_by: string | null
  reopen_reason: string | null
}

/** By what a tenant's key is known again; the key itself is in no database. */
export type PasscodeKeyTable = { tenant: string; key_check: string; made_at: string; made_by: string }

/** A passcode as what is left of it under the key; `ended_at` where it was replaced or its sub-account deleted. */
export type PasscodeTable = {
  tenant: string
  account: string
  user_id: string
  code_hmac: string
  set_at: string
  set_by: string
  ended_at: string | null
}

/** Wrong passcodes of one user id or one caller, which `subject` does not tell. */
export type WrongTryTable = {
  tenant: string
  subject: string
  count: number
  last_at: string
  locked_until: string | null
}

export type RequestState = 'open' | 'approved' | 'refused'

/** A sub-account that somebody asked for. `body` is the document that an approval saves. */
export type SubAccountRequestTable = {
  id: Generated<number>
  tenant: string
  account: string
  user_id: string
  body: string
  because: string
  asked_at: string
  asked_by: string
  state: RequestState
  decided_at: string | null
  decided_by: string | null
  reason: string | null
}

/** A bill of ours that was taken back or issued again; others are what their run says. */
export type BillIssueTable = {
  tenant: string
  number: string
  run: string
  /** The number that the run gave it: `number`, but for a bill that was issued again. */
  bill: string
  /** The void bill in whose place it was issued; '' for the first. */
  replaces: string
  issued_at: string
  issued_by: string
  voided_at: string | null
  voided_by: string | null
  void_reason: string | null
}

export type AuditTable = {
  id: Generated<number>
  tenant: string
  at: string
  who: string
  action: string
  subject: string
  details: string
  /** JSON; '' where nothing was. */
  before_value: string
  after_value: string
  /** Over this entry and the hash of the tenant's entry before it; see audit.ts, which alone writes entries. */
  hash: string
}

export type CatalogTables = ServerTables & {
  tenant: TenantTable
  configuration: ConfigurationTable
  batch: BatchTable
  batch_taken_back: BatchTakenBackTable
  batch_table: BatchTableTable
  batch_supplement: BatchSupplementTable
  mended_rows: MendedRowsTable
  import_draft: ImportDraftTable
  document: DocumentTable
  accepted_difference: AcceptedDifferenceTable
  run: RunTable
  passcode_key: PasscodeKeyTable
  passcode: PasscodeTable
  wrong_try: WrongTryTable
  sub_account_request: SubAccountRequestTable
  bill_issue: BillIssueTable
  audit: AuditTable
}
