// Fills a workspace with services, pools, usage and charges of any size, straight into the warehouse: the benchmarks
// measure the close, not the import. Same size, same rows, on every machine.
import { digestSql, type FactTable, initWorkspace, type Workspace } from '@spillway/engine'

export type Size = {
  readonly services: number
  readonly pools: number
  readonly usageRows: number
  readonly chargesPerService: number
  /** Who has the services, and what for; nobody and nothing if left out. */
  readonly directory?: DirectorySize
}

export type DirectorySize = {
  /** Of 20 services 19 are somebody's, so that each has about `services / people`. */
  readonly people: number
  /** One service in ten is for one of them, and makes calls under its number. */
  readonly projects: number
}

type Source = { readonly table: FactTable; readonly part: string; readonly rows: number; readonly select: string }

/** One select list per table for all columns but `tenant` to `line`, `extra` and `digest`; `i` counts from 0. Every service has a 15-digit id. */
function sources({ services, pools, usageRows, chargesPerService, directory }: Size): ReadonlyArray<Source> {
  const of = directory === undefined ? NOBODY : ownersOf(directory)
  const service = (index: string) => `printf('%015d', ${index}) AS service`
  const pool = `printf('P-%06d', i % ${pools}) AS pool`
  return [
    {
      table: 'pool',
      part: 'pools',
      rows: pools,
      select: `${pool}, 'carrier' AS vendor, 'A-1' AS account, 'data-plus' AS model, 'data' AS usage_type, NULL AS allowance_base,
        NULL AS max_members, '' AS zone, '' AS time_band, '' AS network`,
    },
    {
      table: 'pool_member',
      part: 'pool-members',
      rows: services,
      select: `${pool}, ${service('i')}, '2' AS contribution, 'GB' AS unit, NULL AS from_on, NULL AS to_on`,
    },
    {
      table: 'service',
      part: 'services',
      rows: services,
      select: `${service('i')}, 'carrier' AS vendor, 'A-1' AS account, 'data-2gb' AS product, 'cellular' AS service_type, ${of.person} AS person,
        printf('CC-%04d', i % 1000) AS cost_centre, ${of.project} AS project, NULL AS from_on, NULL AS to_on, NULL AS share_ppm, '' AS device_type`,
    },
    {
      table: 'charge',
      part: 'charges',
      rows: services * chargesPerService,
      select: `'carrier' AS vendor, 'A-1' AS account, printf('INV-%04d', i % 200) AS invoice, DATE '2026-11-01' AS issued_on,
        DATE '2026-10-01' AS period_start_on, DATE '2026-11-01' AS period_end_on, 'USD' AS currency, i::VARCHAR AS invoice_line,
        ${service(`i % ${services}`)}, '' AS pool, ['access', 'overage', 'equipment'][1 + (i // ${services}) % 3] AS category,
        ['data', 'data', ''][1 + (i // ${services}) % 3] AS usage_type, 'data-2gb' AS product, '' AS description,
        (1000 + hash(i) % 4000)::BIGINT AS amount_minor, '' AS quantity, '' AS unit, 'days' AS period_by`,
    },
    {
      table: 'usage',
      part: 'usage',
      rows: usageRows,
      select: `'cdr' AS source, i::VARCHAR AS id, 'A-1' AS account, ${service(`hash(i) % ${services}`)}, 'data' AS usage_type,
        TIMESTAMP '2026-10-01 00:00:00' + to_seconds((hash(i + 1) % 2678400)::BIGINT) AS started_at, NULL AS ended_at,
        false AS is_wall_time, (hash(i + 2) % 1000000000)::BIGINT AS quantity_base, '' AS quantity, 'B' AS unit, 'domestic' AS zone,
        'peak' AS time_band, 'off-net' AS network, '' AS account_code, '' AS peer, '' AS app, '' AS pool, NULL AS participants,
        '' AS view, NULL AS cycle_on, '' AS conference, '' AS participant`,
    },
    ...(directory === undefined ? [] : directorySources(directory, services)),
  ]
}

const NOBODY = { person: "''", project: "''" }

/** Of the service `i`. */
const ownersOf = ({ people, projects }: DirectorySize) => ({
  person: `CASE WHEN i % 20 = 0 THEN '' ELSE printf('E-%06d', i % ${people}) END`,
  project: `CASE WHEN i % 10 = 1 THEN printf('PRJ-%04d', (i // 10) % ${projects}) ELSE '' END`,
})

/** Who has the services, what they are for, and a call of each service that is for a project. */
function directorySources({ people, projects }: DirectorySize, services: number): ReadonlyArray<Source> {
  return [
    {
      table: 'person',
      part: 'people',
      rows: people,
      select: `printf('E-%06d', i) AS employee, ['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gus'][1 + (hash(i) % 7)::INTEGER]
        || ' ' || ['Quill', 'Haven', 'Byron', 'Yates', 'Oakes', 'Rainey'][1 + (hash(i + 1) % 6)::INTEGER] AS name,
        printf('e%06d@bench.example', i) AS email, '' AS aliases, printf('CC-%04d', i % 1000) AS cost_centre, '' AS manager,
        NULL AS from_on, NULL AS to_on`,
    },
    {
      table: 'cost_centre',
      part: 'cost-centres',
      rows: 1000,
      select: `printf('CC-%04d', i) AS cost_centre, CASE WHEN i < 10 THEN '' ELSE printf('CC-%04d', i % 10) END AS parent,
        printf('Department %d', i) AS name, printf('6%04d', i) AS gl_code, '100000.00' AS budget`,
    },
    {
      table: 'account',
      part: 'accounts',
      rows: 1,
      select: `'A-1' AS account, '' AS parent, '' AS usage_invoicer, 'The company' AS name, 'USD' AS currency, 'UTC' AS time_zone,
        NULL AS cycle_day`,
    },
    {
      table: 'project',
      part: 'projects',
      rows: projects,
      select: `printf('PRJ-%04d', i) AS project, printf('Client %d', i % 97) AS client, printf('Matter %d', i) AS name,
        '120.00' AS rate, 6 AS increment_minutes, NULL AS from_on, NULL AS to_on`,
    },
    {
      table: 'usage',
      part: 'usage',
      rows: services / 10,
      select: `'cdr' AS source, 'call ' || i AS id, 'A-1' AS account, printf('%015d', i * 10 + 1) AS service, 'voice' AS usage_type,
        TIMESTAMP '2026-10-01 00:00:00' + to_seconds((hash(i) % 2678000)::BIGINT) AS started_at, NULL AS ended_at,
        false AS is_wall_time, (hash(i + 3) % 3600)::BIGINT AS quantity_base, '' AS quantity, 's' AS unit, 'domestic' AS zone,
        'peak' AS time_band, 'off-net' AS network, printf('PRJ-%04d', i % ${projects}) AS account_code, '' AS peer, '' AS app,
        '' AS pool, NULL AS participants, '' AS view, NULL AS cycle_on, '' AS conference, '' AS participant`,
    },
  ]
}

/** Makes the workspace in an empty folder; the caller closes it. */
export async function buildBenchmarkWorkspace(directory: string, size: Size): Promise<Workspace> {
  const actor = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }
  const workspace = await initWorkspace(directory, { actor, holder: 'npm run bench' })
  const { catalog, warehouse, tenant } = workspace
  await catalog
    .insertInto('batch')
    .values({
      tenant,
      id: 'bench',
      state: 'complete',
      file: 'bench',
      file_path: 'bench',
      file_digest: '',
      file_bytes: 0,
      importer: 'bench',
      source: '',
      imported_at: '2026-11-02T00:00:00Z',
      imported_by: 'bench',
      rows_read: 0,
      rows_accepted: 0,
      rows_quarantined: 0,
      rows_duplicate: 0,
    })
    .execute()
  let doc = 0
  for (const { table, part, rows, select } of sources(size)) {
    doc += 1
    // One row per i: a fact.
    await warehouse.run(`INSERT INTO "${table}" BY NAME SELECT *, ${digestSql(table)} AS digest FROM (
      SELECT '${tenant}' AS tenant, ${doc}::INTEGER AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, ${select}, '' AS extra
      FROM range(${rows}) AS r(i))`)
    const { digest } = await warehouse.row<{ digest: string }>(
      `SELECT sum(digest)::VARCHAR AS digest FROM "${table}" WHERE doc = ${doc}`,
    )
    await catalog
      .insertInto('document')
      .values({
        id: doc,
        tenant,
        batch: 'bench',
        member: '',
        sheet: '',
        part,
        source: part === 'usage' || part === 'charges' ? '' : part,
        vendor: '',
        account: '',
        invoice: '',
        live: 1,
        superseded_by: null,
        row_count: rows,
        digest,
      })
      .execute()
  }
  return workspace
}
