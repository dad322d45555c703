// Lines of our own bills among the lines of a month: a service that changed hands, and one name under two accounts of one bill.
import { type CatalogueKind, catalogueDocumentName, type Report, type ReportRow } from '@spillway/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { oneBatch } from '../amount-cells.ts'
import { type Arrangement, arrangeReport, pageOfRows } from '../arranged-report.ts'
import { currentRun } from '../current-run.ts'
import { KeptSums } from '../kept-sums.ts'
import { buildReport } from '../report-names.ts'
import { ownLines } from './own-lines.ts'

const CATALOGUE = `
{ kind: Provider, id: harbour, name: Harbour Sensors }
---
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: USD, usage-invoicer: U }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }, { usage-type: data, price: 0.01, per: 1 MB }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: 2.01, in: arrears } }
`

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  for (const document of parseAllDocuments(CATALOGUE)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
})
afterEach(() => built.remove())

/** B and D go from CC-1 to CC-2 in the middle of the month; C is of V, whose usage U pays. */
async function close(): Promise<void> {
  await built.add({
    service: `| service | product | account | cost_centre | from_on | to_on |
      | A | sim | U | CC-1 | 2026-09-01 | |
      | B | sim | U | CC-1 | 2026-09-01 | 2026-10-11 |
      | B | sim | U | CC-2 | 2026-10-11 | |
      | C | sim | V | CC-2 | 2026-09-01 | |
      | D | sim | U | CC-1 | 2026-09-01 | 2026-10-11 |
      | D | sim | U | CC-2 | 2026-10-11 | |`,
    usage: `| service | on | used | usage_type | account |
      | A | 2026-10-05T10:00:00 | 3 count | messaging | U |
      | A | 2026-10-05T10:00:00 | 70 MB | data | U |
      | B | 2026-10-06T10:00:00 | 5 count | messaging | U |
      | B | 2026-10-06T11:00:00 | 33 MB | data | U |
      | C | 2026-10-07T10:00:00 | 9 count | messaging | V |`,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
}

async function all(report: Report): Promise<ReportRow[]> {
  const rows: ReportRow[] = []
  for await (const batch of report.rows) rows.push(...batch)
  return rows
}

const SHOWN = ['account', 'service', 'cost_centre', 'description', 'actual', 'division']
const ARRANGEMENTS: ReadonlyArray<Arrangement> = [{}, { sort: '-actual' }, { search: 'messaging' }]
const WHERE = [[], ['service=B'], ['account=U', 'invoice=U-2026-10-01']]

const RECURRING = 'U | A | CC-1 | recurring sim | 2.01 | '
const DATA = 'U | A | CC-1 | usage data/domestic | 0.70 | '
const MESSAGING = 'U | A | CC-1 | usage messaging/domestic | 0.30 | '
const OTHERS = [
  'U | B | CC-1 | recurring sim | 0.65 | divided',
  'U | B | CC-2 | recurring sim | 1.36 | divided',
  'U | B | CC-1 | usage data/domestic | 0.11 | divided',
  'U | B | CC-2 | usage data/domestic | 0.22 | divided',
  'U | B | CC-1 | usage messaging/domestic | 0.16 | divided',
  'U | B | CC-2 | usage messaging/domestic | 0.34 | divided',
  'U | C | CC-2 | usage messaging/domestic | 0.90 | ',
  'U | D | CC-1 | recurring sim | 0.65 | divided',
  'U | D | CC-2 | recurring sim | 1.36 | divided',
  'V | C | CC-2 | recurring sim | 2.01 | ',
]

it.each([
  ['one account', true, [RECURRING, DATA, MESSAGING]],
  // Lines of an account stand together.
  ['several accounts', false, [RECURRING, MESSAGING, DATA]],
])(
  'are divided, ordered and paged alike where a service is on a bill under %s',
  async (_, areOnce, ofA) => {
    await close()
    if (!areOnce)
      await built.workspace.warehouse.run(
        `UPDATE customer_bill_line SET account = 'V' WHERE service = 'A' AND about = 'data/domestic'`,
      )
    const whole = unscoped(built.workspace)
    expect((await ownLines(whole, await currentRun(whole, OCTOBER))).areOnce).toBe(areOnce)
    const sums = new KeptSums({ ...built.workspace, fewerTimes: 0 })
    const ask = (where: ReadonlyArray<string>, kept?: KeptSums) =>
      buildReport(unscoped({ ...built.workspace, sums: kept }), {
        ...{ name: 'charges', by: 'line', period: OCTOBER.name, where },
      })
    const { columns } = await ask([])
    const rows = await all(await ask([]))
    const at = (key: string) => columns.findIndex((column) => column.key === key)
    expect(rows.map((row) => SHOWN.map((key) => row[at(key)]).join(' | '))).toEqual([...ofA, ...OTHERS])
    for (const where of WHERE)
      for (const arrangement of ARRANGEMENTS)
        for (const offset of [0, 4]) {
          const { name, title, hasTotals = false, rows: every } = await ask(where)
          const made = oneBatch(await all({ name, title, columns, rows: every }))
          const inMemory = arrangeReport({ name, title, columns, hasTotals, rows: made }, arrangement)
          const place = { offset, limit: 3 }
          const expected = [where, arrangement, place, await pageOfRows(inMemory, place)]
          for (const kept of [undefined, sums]) {
            const page = await pageOfRows(arrangeReport(await ask(where, kept), arrangement), place)
            expect([where, arrangement, place, page]).toEqual(expected)
          }
        }
  },
  60_000,
)
