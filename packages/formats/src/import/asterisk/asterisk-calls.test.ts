import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateAsteriskCalls } from '../../../test/generators/asterisk-calls.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { printRows, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { fileIntake } from '../../intake/file-intake.ts'
import { IMPORTERS } from '../index.ts'
import { ASTERISK_COLUMNS, asteriskCalls, asteriskMaster } from './asterisk-calls.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: asteriskCalls,
  samples: [{ path: join(SAMPLES, 'cdr-export.csv'), expectedPath: join(SAMPLES, 'cdr-export.expected.ndjson') }],
  foreignPaths: [
    join(SAMPLES, 'Master.csv'),
    join(import.meta.dirname, '../gamma/samples/calls.csv'),
    join(import.meta.dirname, '../conferencing/samples/client_instant_access.tsv'),
  ],
})

/** As an import reads it: the importer is chosen among all, and the table opened as it asks. */
async function importRows(path: string) {
  const file = await fileIntake(IMPORTERS).open(path, { source: '' })
  const rows = []
  for (const part of file.parts) {
    const context = { fileName: file.fileName, member: part.member, source: '' }
    for await (const batch of part.importer.read(await part.openTable(), context)) rows.push(...batch)
  }
  await file.close()
  return { importers: file.parts.map(({ importer }) => importer.name), rows }
}
const importText = (text: string) => withFile('Master.csv', text, importRows)

const HEADER = ASTERISK_COLUMNS.map(({ name }) => name)
const CALL: Record<string, string> = {
  accountcode: 'SALES',
  src: '1001',
  dst: '442071234567',
  channel: 'SIP/1001-0000002a',
  dstchannel: 'SIP/trunk-0000002b',
  start: '2026-03-02 09:15:00',
  answer: '2026-03-02 09:15:05',
  end: '2026-03-02 09:17:04',
  duration: '124',
  billsec: '119',
  disposition: 'ANSWERED',
  amaflags: 'DOCUMENTATION',
  uniqueid: '1772442900.1',
}
const cellsOf = (cells: Record<string, string>) => HEADER.map((name) => ({ ...CALL, ...cells })[name] ?? '')
const read = (...rows: Record<string, string>[]) => readAll(asteriskCalls, tableOf(HEADER, rows.map(cellsOf)))

describe('Master.csv', () => {
  it('is recognised without a header, and its unanswered call is no use', async () => {
    const { importers, rows } = await importRows(join(SAMPLES, 'Master.csv'))
    expect(importers).toEqual([asteriskMaster.name])
    await expect(printRows(rows)).toMatchFileSnapshot(join(SAMPLES, 'Master.expected.ndjson'))
    expect(rows.map(({ facts }) => facts.length)).toEqual([1, 0])
  })

  const line = (cells: Record<string, string>, columns: number) =>
    `${cellsOf(cells)
      .slice(0, columns)
      .map((cell) => `"${cell}"`)
      .join()}\n`

  it.each([16, 18, 21])('may have %i columns', async (columns) => {
    const { importers, rows } = await importText(
      line({}, columns) + line({ disposition: 'BUSY', billsec: '0' }, columns),
    )
    expect(importers).toEqual(['asterisk-master'])
    expect(factsOf(rows)).toMatchObject([{ quantityBase: 119n, accountCode: 'SALES' }])
  })

  it('is recognised where its first line is damaged', async () => {
    const { rows } = await importText(line({ start: 'soon' }, 18) + line({}, 18))
    expect(rows.map(isRefused)).toEqual([true, false])
  })

  it.each([
    '"a","b","c"\n',
    '"Alice","1001","442071234567","default","2026-03-02 09:15:00","2026-03-02 09:15:05","2026-03-02 09:17:04","124","119","NORMAL_CLEARING","6a1f","6a20","SALES","PCMU","PCMU"\n',
    `${cellsOf({ disposition: 'PERHAPS' }).join()}\n`,
  ])('is not seen in %.40s', async (text) => {
    await expect(importText(text)).rejects.toMatchObject({ kind: 'unrecognised-file' })
  })
})

describe('a call', () => {
  it('is the billed seconds of who called, at the wall time of its start', async () => {
    expect(factsOf(await read({}))).toMatchObject([
      {
        id: '1772442900.1:SIP/trunk-0000002b',
        service: '1001',
        usageType: 'voice',
        quantity: '119',
        unit: 's',
        peer: '442071234567',
        startedAt: Date.parse('2026-03-02T09:15:00Z') * 1000,
        endedAt: Date.parse('2026-03-02T09:17:04Z') * 1000,
        isWallTime: true,
        extra: { duration: '124', disposition: 'ANSWERED' },
      },
    ])
  })

  it.each<[cells: Record<string, string>, expected: object]>([
    [{ src: '' }, { service: '1001' }],
    [{ src: '', channel: 'PJSIP/line-2-0000002a' }, { service: 'line-2' }],
    [{ src: '', channel: 'Local/s@default-00000001;2' }, { service: 's@default' }],
    [{ src: '', channel: 'odd' }, { service: 'odd' }],
    [{ dstchannel: '' }, { id: '1772442900.1' }],
    [{ end: '', answer: '' }, { endedAt: null }],
    [{ billsec: '0' }, { quantityBase: 0n }],
    [{ disposition: 'Answered' }, { quantityBase: 119n }],
  ])('with %j', async (cells, expected) => {
    expect(factsOf(await read(cells))).toMatchObject([expected])
  })

  it.each(['NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION', 'CANCEL'])(
    'that ended in %s is no use',
    async (disposition) => {
      const rows = await read({ disposition, billsec: '0', answer: '', dstchannel: '' })
      expect([factsOf(rows), problemsOf(rows)]).toEqual([[], []])
    },
  )

  it('that is passed on is a use for each channel it spoke to', async () => {
    const ids = factsOf(await read({}, { dstchannel: 'SIP/1003-0000002c', start: '2026-03-02 09:17:04' }))
    expect(new Set(ids.map((fact) => (fact.fact === 'usage' ? fact.id : ''))).size).toBe(2)
  })

  it.each<[cells: Record<string, string>, facts: number]>([
    [{ disposition: 'FAILED' }, 0],
    [{ billsec: '125' }, 1],
  ])('whose seconds do not agree is told of: %j', async (cells, facts) => {
    const rows = await read(cells)
    expect(problemsOf(rows)).toEqual([{ line: 2, code: 'control-mismatch', severity: 'warning', at: 'billsec' }])
    expect(factsOf(rows)).toHaveLength(facts)
  })

  it.each([
    ['start', '', 'value-missing', 'start'],
    ['start', '2026-02-30 09:15:00', 'date-unreadable', 'start'],
    ['start', '2026-03-02T09:15:00Z', 'date-unreadable', 'start'],
    ['answer', 'never', 'date-unreadable', 'answer'],
    ['end', '2026-03-02 09:14:59', 'date-order', 'end'],
    ['duration', '', 'value-missing', 'duration'],
    ['billsec', '2:04', 'number-unreadable', 'billsec'],
    ['billsec', '', 'value-missing', 'billsec'],
    ['disposition', '', 'value-missing', 'disposition'],
    ['disposition', 'PERHAPS', 'value-unknown', 'disposition'],
    ['channel', '', 'value-missing', 'channel'],
  ])('whose %s is "%s" is quarantined', async (column, value, code, at) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at }])
    expect(factsOf(rows)).toEqual([])
  })
})

describe('generated calls', () => {
  it('yield exactly what was answered, with exactly the planted rows in quarantine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), fc.nat({ max: 3 }), async (seed, unreadableRows) => {
        const made = generateAsteriskCalls({ seed, unreadableRows })
        const { importers, rows } = await importText(made.text)
        expect(importers).toEqual([asteriskMaster.name])
        expect(rows).toHaveLength(made.calls)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(made.unreadableLines)
        const uses = factsOf(rows).filter(isUsage)
        expect(uses).toHaveLength(made.answered)
        expect(sum(uses.map(({ quantityBase }) => quantityBase))).toBe(BigInt(made.seconds))
        expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
      }),
      { numRuns: 40 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateAsteriskCalls({ seed: 7 })).toEqual(generateAsteriskCalls({ seed: 7 }))
    expect(generateAsteriskCalls({ seed: 7 })).not.toEqual(generateAsteriskCalls({ seed: 8 }))
  })
})
