import { describe, expect, it } from 'vitest'
import { buildWorkspace } from '../../test/workspace-builder.ts'
import type { Row } from '../warehouse/warehouse.ts'
import { billDatesSql, keptBillDates } from './bill-period.ts'

/** Between cells and rows of what is kept as one text. */
const [CELL_END, ROW_END] = [String.fromCharCode(31), String.fromCharCode(30)]

describe('dates of bills that are kept', () => {
  it.each([
    ['of no bill', []],
    ['of bills with dates and without', ['I-1', "I'2", '', 'I;3']],
    ['of a bill with the end of a cell in its number', [`I${CELL_END}4`, 'I-5']],
    ['of a bill with the end of a row in its number', ['I-6', `I${ROW_END}7`]],
  ])('are those that are read: %s', async (_, invoices) => {
    const built = await buildWorkspace()
    try {
      const days = { period_start_on: '2026-10-01', period_end_on: '2026-11-01' }
      const documents = await built.add({
        charge: invoices.flatMap((invoice, at) => [
          { ...days, invoice, service: 'phone-1', amount: '1.00', issued_on: at % 2 === 0 ? '2026-11-02' : '' },
          { ...days, invoice, service: 'phone-2', amount: '2.00', issued_on: '2026-11-03' },
        ]),
      })
      const { warehouse, tenant } = built.workspace
      const rows = (relation: string) => warehouse.rows<Row>(`FROM (${relation}) ORDER BY ALL`, {})
      const read = `tenant = '${tenant}' AND doc IN (${documents.join(', ') || 'NULL'})`
      const kept = await keptBillDates(built.workspace, documents)
      const found = await rows(kept ?? '')
      expect(found).toEqual(await rows(billDatesSql(read)))
      expect(new Set(found.map(({ invoice }) => invoice)).size).toBe(new Set(invoices).size)
    } finally {
      await built.remove()
    }
  })
})
