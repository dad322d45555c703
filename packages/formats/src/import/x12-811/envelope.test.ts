import type { Table, TableRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { differences, factsOf, problemsOf } from '../../../test/facts.ts'
import { withFile } from '../../../test/read-file.ts'
import { HEADING, ISA, interchangeOf, readInterchange } from '../../../test/x12.ts'
import { openFile } from '../../intake/open-file.ts'
import { ELEMENT_SEPARATOR } from '../../intake/x12/interchange-scanner.ts'
import { x12ConsolidatedInvoice } from './x12-811.ts'

describe('the envelope', () => {
  const whole = interchangeOf([...HEADING, 'SAC*C*X***600', 'TDS*600', 'CTT*0'])

  it.each([
    ['SE*9', 'SE*8', { line: 11, at: 'SE01' }],
    ['SE*9*0001', 'SE*9*0002', { line: 11, at: 'SE02' }],
    ['GE*1*1', 'GE*2*1', { line: 12, at: 'GE01' }],
    ['IEA*1*000000001', 'IEA*1*000000002', { line: 13, at: 'IEA02' }],
    ['CTT*0', 'CTT*4', { line: 10, at: 'CTT01' }],
    ['SE*9*0001~\n', '', { line: 11, at: 'SE' }],
    ['GE*1*1~\n', '', { line: 12, at: 'GE' }],
    ['IEA*1*000000001~', '', { line: 12, at: 'IEA' }],
  ])('reports where %s is %s, and reads on', async (from, to, expected) => {
    expect(whole).toContain(from)
    const rows = await readInterchange(whole.replace(from, to))
    expect(problemsOf(rows)).toContainEqual({ ...expected, code: 'control-mismatch', severity: 'warning' })
    expect(differences(rows)).toEqual({})
    expect(factsOf(rows)).toHaveLength(2)
  })

  it('reports every trailer that a cut-off file lacks, on its last segment', async () => {
    const rows = await readInterchange(whole.slice(0, whole.indexOf('TDS')))
    expect(problemsOf(rows).map(({ at }) => at)).toEqual(['SE', 'GE', 'IEA'])
    expect(new Set(problemsOf(rows).map(({ line }) => line))).toEqual(new Set([8]))
  })

  it('holds back a segment that the end of the file cuts in two', async () => {
    const rows = await readInterchange(whole.slice(0, whole.indexOf('TDS*600') + 6))
    expect(rows.at(-1)?.facts).toEqual([])
    expect(problemsOf(rows)[0]).toMatchObject({ line: 9, code: 'row-unreadable', severity: 'error' })
  })

  it('warns of another functional group', async () => {
    const rows = await readInterchange(interchangeOf([...HEADING, 'TDS*0'], { gs: 'BL' }))
    expect(problemsOf(rows)).toEqual([{ line: 2, code: 'value-unknown', severity: 'warning', at: 'GS01' }])
  })

  it.each([
    ['810', 'an invoice'],
    ['997', 'an acknowledgement'],
    ['999', ''],
  ])('is refused by name where it holds an %s', async (set, what) => {
    const failure = await readInterchange(interchangeOf(HEADING, { set })).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'unrecognised-file' })
    expect(String(failure)).toContain(`X12 transaction ${set}${what ? ` (${what})` : ''}`)
  })

  it('does not take a segment outside of a set', async () => {
    const rows = await readInterchange(whole.replace('GE*1*1', 'SAC*C*X***600~\nGE*1*1'))
    expect(problemsOf(rows)).toMatchObject([{ line: 12, code: 'row-unreadable' }])
  })
})

describe('the size of an interchange', () => {
  const text = interchangeOf([...HEADING, ...Array.from({ length: 100 }, () => 'SAC*C*X***600')])
  const openWith = (limits: Record<string, number>) =>
    withFile('bill.edi', text, async (path) => {
      const [part] = await openFile(path, { limits })
      const table = await part?.openTable()
      let count = 0
      for await (const batch of table?.rows ?? []) count += batch.length
      return count
    })

  it.each([
    [{ segmentsMax: 50 }, 'more than 50 segments'],
    [{ interchangeBytesMax: 500 }, '500 are read at most'],
    [{ recordLengthMax: 100 }, 'a segment of more than 100 characters'],
  ])('is bounded: %o', async (limits, message) => {
    const failure = await openWith(limits).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'hostile-file' })
    expect(String(failure)).toContain(message)
  })

  it('within the bounds is read to its end', async () => expect(await openWith({ segmentsMax: 110 })).toBe(110))

  it('does not decide how much is held: rows leave as they come', async () => {
    const [before, rowsIn, batchRows] = ['ISA GS ST BIG REF DTM'.split(' '), 60_000, 500]
    let taken = 0
    const rowOf = (line: number): TableRow => {
      const [id = 'SAC', elements = 'C*X***600'] =
        line <= before.length
          ? [before[line - 1] as string, ['', '', '811', '20260401*INV-1', '9V*A', '151*20260331'][line - 1] as string]
          : []
      return { line, raw: id, cells: [id, elements.replaceAll('*', ELEMENT_SEPARATOR)] }
    }
    async function* endless() {
      for (let line = 1; line <= rowsIn; line += batchRows) {
        taken += batchRows
        yield Array.from({ length: batchRows }, (_, at) => rowOf(line + at))
      }
    }
    const table: Table = { header: ['segment', 'elements'], headerLine: 0, sheet: '', problems: [], rows: endless() }
    let given = 0
    for await (const rows of x12ConsolidatedInvoice.read(table, { fileName: 'f', member: '', source: '' })) {
      given += rows.length
      expect(taken - given).toBeLessThanOrEqual(10_000 + batchRows)
    }
    expect(given).toBe(rowsIn)
  })
})

describe('what is no interchange', () => {
  it.each(['ISA', 'ISA*00*', 'ISA*00*  *~', `${ISA.replaceAll('*', 'A')}~`, `${ISA}*`])(
    '%s is refused',
    async (text) => {
      await expect(readInterchange(text)).rejects.toMatchObject({ kind: 'unrecognised-file' })
    },
  )

  it('a table whose first column is called ISA is a table', async () => {
    const header = await withFile(
      't.csv',
      'ISA,x\n1,2\n',
      async (path) => (await (await openFile(path))[0]?.openTable())?.header,
    )
    expect(header).toEqual(['ISA', 'x'])
  })
})
