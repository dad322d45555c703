// Names for the keys of reports, from the directory as the run saw it.
import { inputsOf } from '../catalog/run-record.ts'
import { liveDocumentsCte } from '../warehouse/live-documents.ts'

/** `live_document AS (...)` of the documents that a run pinned. */
export function namesCte(run: { readonly inputs: string }): string {
  return liveDocumentsCte(inputsOf(run).documents)
}

const LIVE = 'tenant = $tenant AND doc IN (FROM live_document)'
/** One row per key: the key itself, where the id is the best name there is. */
const UNNAMED = `SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS name WHERE false`

/** For each dimension a query of one row per key: `key, name`. They need `live_document` and $tenant. */
export const NAME_SQL = {
  // A service is named after the people it was assigned to in the run.
  service: `SELECT service AS key, string_agg(DISTINCT named.name, ', ' ORDER BY named.name) AS name
    FROM carried JOIN (SELECT employee, arg_max(name, coalesce(from_on, DATE '0001-01-01')) AS name FROM person WHERE ${LIVE} GROUP BY employee) AS named
      ON carried.person = named.employee
    WHERE tenant = $tenant AND run = $run GROUP BY service`,
  person: `SELECT employee AS key, arg_max(name, coalesce(from_on, DATE '0001-01-01')) AS name FROM person WHERE ${LIVE} GROUP BY employee`,
  'cost-centre': `SELECT cost_centre AS key, min(name) AS name FROM cost_centre WHERE ${LIVE} GROUP BY cost_centre`,
  project: `SELECT project AS key, arg_max(name, coalesce(from_on, DATE '0001-01-01')) AS name FROM project WHERE ${LIVE} GROUP BY project`,
  account: `SELECT account AS key, min(name) AS name FROM account WHERE ${LIVE} GROUP BY account`,
  pool: `SELECT pool AS key, min(model) AS name FROM pool WHERE ${LIVE} GROUP BY pool`,
  vendor: UNNAMED,
  category: UNNAMED,
  'usage-type': UNNAMED,
} as const

/** The column of `carried` and `used` behind each dimension. */
export const DIMENSION_COLUMN = {
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
  project: 'project',
  vendor: 'vendor',
  account: 'account',
  pool: 'pool',
  category: 'category',
  'usage-type': 'usage_type',
} as const satisfies Record<keyof typeof NAME_SQL, string>

/** What an empty key is called: money that nobody owns, that no pool has, or that stands on the account itself. */
export const NAME_OF_EMPTY: Readonly<Record<keyof typeof DIMENSION_COLUMN, string>> = {
  service: 'no service',
  person: 'unassigned',
  'cost-centre': 'unassigned',
  project: 'unassigned',
  vendor: '',
  account: '',
  pool: 'not pooled',
  category: '',
  'usage-type': 'no usage type',
}
