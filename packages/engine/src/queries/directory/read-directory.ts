// The directory as the imports have it now, row by row: people, services, cost centres, projects, accounts, pools and their
// members. What documents of configuration add is read as configuration.
import { invariant, Refusal } from '@spillway/core'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

type Listing = {
  readonly table: FactTable
  /** By which it is ordered and found. */
  readonly key: string
  readonly columns: ReadonlyArray<string>
  /** Searched by `text`, with the key. */
  readonly named: string
  /** True where each row holds from a day until a day; else a later row of a key replaces the earlier one. */
  readonly isDated: boolean
}

const LISTINGS = {
  people: {
    ...{ table: 'person', key: 'employee', named: 'name', isDated: true },
    columns: ['employee', 'name', 'email', 'cost_centre', 'manager', 'from_on', 'to_on'],
  },
  services: {
    ...{ table: 'service', key: 'service', named: 'product', isDated: true },
    columns: [
      ...['service', 'vendor', 'account', 'product', 'service_type', 'device_type', 'person', 'cost_centre', 'project'],
      ...['from_on', 'to_on', 'share_ppm'],
    ],
  },
  'cost-centres': {
    ...{ table: 'cost_centre', key: 'cost_centre', named: 'name', isDated: false },
    columns: ['cost_centre', 'parent', 'name', 'gl_code', 'budget'],
  },
  projects: {
    ...{ table: 'project', key: 'project', named: 'name', isDated: true },
    columns: ['project', 'client', 'name', 'rate', 'increment_minutes', 'from_on', 'to_on'],
  },
  accounts: {
    ...{ table: 'account', key: 'account', named: 'name', isDated: false },
    columns: ['account', 'parent', 'usage_invoicer', 'name', 'currency', 'time_zone', 'cycle_day'],
  },
  pools: {
    ...{ table: 'pool', key: 'pool', named: 'vendor', isDated: false },
    columns: ['pool', 'vendor', 'account', 'model', 'usage_type', 'allowance_base', 'max_members'],
  },
  'pool-members': {
    ...{ table: 'pool_member', key: 'pool', named: 'service', isDated: true },
    columns: ['pool', 'service', 'contribution', 'unit', 'from_on', 'to_on'],
  },
} as const satisfies Readonly<Record<string, Listing>>
export type DirectoryListing = keyof typeof LISTINGS
export const DIRECTORY_LISTINGS = Object.keys(LISTINGS) as ReadonlyArray<DirectoryListing>

/** Where a page ended: the key, and the row among those of the key. */
export type DirectoryPlace = { readonly key: string; readonly doc: number; readonly ordinal: number }

export type DirectoryRequest = {
  readonly listing: DirectoryListing
  /** Only rows of this key. */
  readonly key?: string | undefined
  /** Only rows with this in the key or the name, whatever the case. */
  readonly text?: string | undefined
  readonly after?: DirectoryPlace | undefined
  readonly limit: number
}

export type DirectoryPage = {
  /** Columns by name; '' where nothing is given, null where there is no number or day. */
  readonly rows: ReadonlyArray<Readonly<Record<string, string | null>>>
  /** null at the end. */
  readonly next: DirectoryPlace | null
}

const PLACE_COLUMNS = ['doc', 'ordinal']

/** In the order of keys; rows of a key in the order of their files. @throws Refusal `bad-command` for a place that cannot be. */
export async function readDirectory(workspace: ScopedWorkspace, request: DirectoryRequest): Promise<DirectoryPage> {
  const { table, key, columns, named, isDated }: Listing = LISTINGS[request.listing]
  const { limit, after } = request
  if (after && !(Number.isSafeInteger(after.doc) && Number.isSafeInteger(after.ordinal)))
    throw new Refusal('bad-command', 'This is no place in the directory.', { hint: 'Begin at its first page.' })
  const conditions = [
    ...(request.key === undefined ? [] : [`${key} = $key`]),
    ...(request.text === undefined ? [] : [`contains(lower(${key} || ' ' || ${named}), lower($text))`]),
    ...(after === undefined ? [] : [`(${key} > $after OR (${key} = $after AND (doc, ordinal) > ($doc, $ordinal)))`]),
  ]
  const newest = isDated ? '' : `QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY doc DESC, ordinal DESC) = 1`
  // One row per row of the directory that holds.
  const rows = await workspace.warehouse.rows<Row>(
    `WITH ${liveDocumentsCte(await liveDocuments(workspace))}, held AS (
       SELECT ${[...columns, ...PLACE_COLUMNS].join(', ')} FROM ${table}
       WHERE tenant = $tenant AND doc IN (FROM live_document) ${newest})
     SELECT * FROM held WHERE ${['true', ...conditions].join(' AND ')} ORDER BY ${key}, doc, ordinal LIMIT ${limit + 1}`,
    {
      tenant: workspace.tenant,
      ...(request.key === undefined ? {} : { key: request.key }),
      ...(request.text === undefined ? {} : { text: request.text }),
      ...(after === undefined ? {} : { after: after.key, doc: after.doc, ordinal: after.ordinal }),
    },
  )
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  invariant(rows.length <= limit || last !== undefined, 'a page that goes on has a last row')
  return {
    rows: shown.map((row) => Object.fromEntries(columns.map((column) => [column, cellOf(row[column])]))),
    next: last ? { key: String(last[key]), doc: Number(last.doc), ordinal: Number(last.ordinal) } : null,
  }
}

function cellOf(cell: Row[string] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}
