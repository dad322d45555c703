import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { previewFile } from './preview-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-preview-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function previewOf(content: string | Buffer, request: Partial<Parameters<typeof previewFile>[1]> = {}) {
  const path = join(folder, 'table.csv')
  await writeFile(path, content)
  return previewFile(path, { rows: 3, ...request })
}
const example = (name: string) => fileURLToPath(new URL(`../../../../examples/kestrel/${name}`, import.meta.url))

describe('a preview', () => {
  it('of a bill under a title finds header, dates, numbers and what the columns mean', async () => {
    const found = await previewFile(example('bill.csv'), { rows: 1 })
    expect(found).toMatchObject({
      ...{ settings: { encoding: 'utf-8', delimiter: ';', headerRow: 2 }, isWhole: true, dateFormat: 'DD/MM/YYYY' },
      numbers: { decimal: '.', thousands: ',', negative: ['parentheses'], currencySigns: ['£'] },
      suggestion: {
        ...{ kind: 'Source', name: 'bill', file: { 'header-row': 2 }, dates: { format: 'DD/MM/YYYY' } },
        fields: { account: 'Customer', invoice: 'Bill no.', currency: { value: 'GBP' } },
        emit: [{ fact: 'charge', fields: { service: 'Number', amount: 'Charge', description: 'Item' } }],
      },
    })
    expect(found.rawRows).toEqual([expect.arrayContaining(['K-8841', 'C-77', '£60.00'])])
  })

  it('of a workbook reads its sheet; a telephone number is text', async () => {
    const found = await previewFile(example('usage.xlsx'), { rows: 1 })
    expect(found.part).toEqual({ member: '', sheet: 'Usage' })
    expect(found.columns.map(({ kind, meaning }) => [kind, meaning])).toEqual([
      ...[
        ['text', 'service'],
        ['date', null],
        ['number', 'quantity'],
        ['number', null],
      ],
    ])
  })

  it.each([
    [
      'tabs in UTF-16',
      Buffer.from('\ufeffNumber\tAmount\n1\t2,50\n3\t1.004,00\n', 'utf16le'),
      ['utf-16le', 'tab', 1],
      [',', '.'],
    ],
    ['Windows-1252', Buffer.from('Stra\xdfe,Betrag\nA,-1.50\n', 'latin1'), ['windows-1252', ',', 1], ['.', '']],
    [
      'pipes under two titles',
      'Report\nof October\nAccount|Cost|Date\nA|1.00|2026-10-01\nB|2.00|2026-10-02\n',
      ['utf-8', '|', 3],
      ['.', ''],
    ],
    ['no header', 'A-1,2026-10-01,5.00\nA-2,2026-10-02,6.00\n', ['utf-8', ',', null], ['.', '']],
  ])('finds %s', async (_, content, [encoding, delimiter, headerRow], [decimal, thousands]) => {
    const { settings, numbers } = await previewOf(content)
    expect(settings).toEqual({ encoding, delimiter, headerRow })
    expect([numbers.decimal, numbers.thousands]).toEqual([decimal, thousands])
  })

  it('takes what it is told over what it finds, and lets one date column decide for another', async () => {
    const text = 'a;b;c\n03/04/2026;25/12/2026;1\n04/05/2026;26/12/2026;2\n'
    const found = await previewOf(text)
    expect(found.columns.map(({ format }) => format)).toEqual(['DD/MM/YYYY', 'DD/MM/YYYY', null])
    const told = await previewOf(text, { delimiter: ',', headerRow: 2 })
    expect(told.settings).toMatchObject({ delimiter: ',', headerRow: 2 })
    expect(told.columns).toHaveLength(1)
  })

  it('of a large file reads its beginning', async () => {
    const { isWhole, columns, settings } = await previewOf(`Number,Amount\n${'12,3.50\n'.repeat(400_000)}`)
    expect([isWhole, settings.headerRow, columns.map(({ filled }) => filled)]).toEqual([false, 1, [2000, 2000]])
  })

  it('shows no passcode, as a sample, a raw row or a mapped one', async () => {
    const mapping = {
      ...{ kind: 'Source', name: 'calls' },
      emit: [
        {
          fact: 'usage',
          fields: {
            ...{ account: { value: 'A' }, service: 'Number', usage_type: { value: 'voice' }, started_at: 'Date' },
            ...{ quantity: 'Minutes', unit: { value: 'min' } },
          },
        },
      ],
    }
    const text = 'Number,Passcode,Date,Minutes\n1,97531864,2026-10-01,5\n2,97531864,never,5\n'
    const found = await previewOf(text, { mapping })
    expect(found.mapped?.counts).toEqual({ read: 2, accepted: 1, quarantined: 1, ignored: 0 })
    expect(JSON.stringify(found)).not.toContain('97531864')
  })

  it('of a mapping that is not finished lists what it lacks', async () => {
    const text = 'Number,Amount\n1,2.00\n'
    const wrong = await previewOf(text, { mapping: { kind: 'Source', name: 'Bad Name', emit: [] } })
    expect(wrong.mapped?.issues.map(({ path }) => path)).toEqual(['name', 'emit'])
    const mapping = { kind: 'Source', name: 'x', emit: [{ fact: 'cost-centre', fields: { cost_centre: 'Nummer' } }] }
    const lacking = await previewOf(text, { mapping })
    expect(lacking.mapped?.issues).toMatchObject([{ message: expect.stringContaining('Nummer') }])
  })
})
