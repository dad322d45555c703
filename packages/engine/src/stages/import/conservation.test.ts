// Rule 4 on random files: every row read is accepted, quarantined or a duplicate, exactly once; money likewise.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Charge, type LocalDate, problem } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { charge, usage } from '../../../test/import/test-facts.ts'
import { type TestRow, testIntake } from '../../../test/import/test-intake.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { type Actor, initWorkspace, type Workspace } from '../../workspace/workspace.ts'
import { importFiles } from './import-files.ts'

const actor: Actor = { who: 'tester', now: () => new Date(0), codeVersion: 'test' }
const bad: TestRow = { problems: [problem('value-missing', { column: 'amount' })] }

// Few ids and few contents, so that rows repeat and contradict each other.
const chargeRow = fc
  .record({
    invoice: fc.constantFrom('I1', 'I2'),
    line: fc.constantFrom('1', '2', '3'),
    amountMinor: fc.bigInt({ min: -2n, max: 2n }),
  })
  .map((given) => charge(given))
const usageRow = fc
  .record({ id: fc.constantFrom('a', 'b', 'c', 'd'), quantityBase: fc.bigInt({ min: 1n, max: 2n }) })
  .map((given) => usage(given))
const twoFacts = fc
  .tuple(chargeRow, usageRow)
  .map(([one, other]): TestRow => ({ facts: [...(one.facts ?? []), ...(other.facts ?? [])] }))
const row = fc.oneof(chargeRow, usageRow, twoFacts, fc.constant(bad), fc.constant<TestRow>({}))
const files = fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 })

async function withWorkspace(work: (workspace: Workspace) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-conserve-'))
  const workspace = await initWorkspace(directory, { actor, holder: 'test' })
  try {
    await work(workspace)
  } finally {
    await workspace.close()
    await rm(directory, { recursive: true, force: true })
  }
}

const billed = (rows: ReadonlyArray<TestRow>) =>
  rows.flatMap(({ facts = [] }) => facts.flatMap(({ fact }) => (fact.fact === 'charge' ? [fact as Charge] : [])))

describe('conservation', () => {
  it('counts every row of random files once, keeps ids unique, and changes nothing when all come again', async () => {
    await fc.assert(
      fc.asyncProperty(files, (contents) =>
        withWorkspace(async (workspace) => {
          const named = Object.fromEntries(
            contents.map((rows, index) => [`${index}.csv`, { parts: [{ rows }], content: `${index}` }]),
          )
          const options = {
            paths: Object.keys(named),
            intake: testIntake(named),
            source: '',
            asOfOn: '2026-11-05' as LocalDate,
          }
          const report = await importFiles(workspace, options)
          for (const [index, { rows, amounts }] of report.files.entries()) {
            const content = contents[index] as TestRow[]
            expect(rows.read).toBe(content.length)
            expect(rows.accepted + rows.quarantined + rows.duplicates).toBe(rows.read)
            const lines = billed(content)
            const isEachNew = new Set(lines.map(({ invoice, line }) => `${invoice} ${line}`)).size === lines.length
            const unread = content.filter((given) => given === bad).length
            // Where nothing repeats and only unreadable rows are out, the accepted amount is the sum of the lines.
            if (isEachNew && rows.quarantined === unread && lines.length > 0)
              expect(amounts).toEqual([
                {
                  currency: 'USD',
                  acceptedMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n),
                  quarantinedMinor: 0n,
                },
              ])
          }
          const live = liveDocumentsCte(await liveDocuments(workspace))
          const repeated = await workspace.warehouse.rows(
            `WITH ${live} SELECT source, id FROM usage WHERE doc IN (FROM live_document) GROUP BY ALL HAVING count(*) > 1
             UNION ALL SELECT invoice, invoice_line FROM charge WHERE doc IN (FROM live_document) GROUP BY ALL HAVING count(*) > 1`,
          )
          expect(repeated).toEqual([])
          const kept = await workspace.warehouse.row<{ rows: bigint }>('SELECT count(*) AS rows FROM quarantine')
          expect(Number(kept.rows)).toBe(
            report.files
              .filter(({ outcome }) => outcome === 'imported')
              .reduce((sum, { rows }) => sum + rows.quarantined, 0),
          )
          const again = await importFiles(workspace, options)
          expect(again.files.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
        }),
      ),
      { numRuns: 25 },
    )
  })
})
