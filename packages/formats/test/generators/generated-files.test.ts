// Every file that the generators make is opened, recognised and read as a user's would be, and must sum to what it says.
import type { Charge, Fact, InvoiceTotal, ReadRow, Usage } from '@spillway/core'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import yazl from 'yazl'
import {
  fileIntake,
  IMPORTERS,
  importerFromSource,
  openFile,
  recogniseImporter,
  type SourceImporter,
  sampleTable,
} from '../../src/index.ts'
import { withFile } from '../read-file.ts'
import { writeGrid } from '../variants.ts'
import { generateAsteriskCalls } from './asterisk-calls.ts'
import { generateCloudEvents } from './cloud-events.ts'
import {
  type ConferenceOptions,
  type GeneratedConference,
  generateBridgeCalls,
  generateWebexUsage,
  generateZoomReport,
} from './conference-files.ts'
import { generateMappedBill, type MappedBill } from './mapped-bill.ts'
import { generateSeatInvoice, generateUsageReport } from './microsoft-365.ts'
import { generateAccountUsage, generateSuperSimUsage } from './twilio-usage.ts'
import { generateVerizonMonth, type VerizonMonth } from './verizon-month.ts'

type FileRows = { readonly importer: string; readonly rows: ReadonlyArray<ReadRow> }

async function readParts(path: string): Promise<ReadonlyArray<FileRows>> {
  const read: FileRows[] = []
  for (const part of await openFile(path)) {
    const importer = recogniseImporter(await sampleTable(part), IMPORTERS)
    const rows: ReadRow[] = []
    for await (const batch of importer.read(await part.openTable(), {
      fileName: 'bill.zip',
      member: part.member,
      source: '',
    }))
      rows.push(...batch)
    read.push({ importer: importer.name, rows })
  }
  return read
}

async function zipOf(files: VerizonMonth['files']): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const { name, text } of files) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function readMonth(month: VerizonMonth, { isZipped }: { isZipped: boolean }): Promise<ReadonlyArray<FileRows>> {
  if (isZipped) return withFile('month.zip', await zipOf(month.files), readParts)
  const read: FileRows[] = []
  for (const { name, text } of month.files) read.push(...(await withFile(name, text, readParts)))
  return read
}

const rowsOf = (files: ReadonlyArray<FileRows>, name: string) =>
  files.filter(({ importer }) => importer === name).flatMap(({ rows }) => rows)
const factsOf = (rows: ReadonlyArray<ReadRow>): ReadonlyArray<Fact> =>
  rows.flatMap((row) => row.facts.map(({ fact }) => fact))
const isCharge = (fact: Fact): fact is Charge => fact.fact === 'charge'
const isTotal = (fact: Fact): fact is InvoiceTotal => fact.fact === 'invoice'
const isUsage = (fact: Fact): fact is Usage => fact.fact === 'usage'
const sum = (values: ReadonlyArray<bigint>) => values.reduce((total, value) => total + value, 0n)

/** Charges less the vendor's totals, by invoice and by invoice and service; only what differs. */
function differences(files: ReadonlyArray<FileRows>): Record<string, bigint> {
  const found: Record<string, bigint> = {}
  const add = (key: string, minor: bigint) => {
    found[key] = (found[key] ?? 0n) + minor
  }
  for (const charge of factsOf(rowsOf(files, 'verizon-detail')).filter(isCharge)) {
    add(charge.invoice, charge.amountMinor)
    add(`${charge.invoice}/${charge.service}`, charge.amountMinor)
  }
  for (const total of files.flatMap(({ rows }) => factsOf(rows)).filter(isTotal)) {
    add(total.service === null ? total.invoice : `${total.invoice}/${total.service}`, -total.totalMinor)
  }
  return Object.fromEntries(Object.entries(found).filter(([, minor]) => minor !== 0n))
}

function usedBy(
  files: ReadonlyArray<FileRows>,
  { importer, usageType }: { importer: string; usageType: string },
): bigint {
  const used = factsOf(rowsOf(files, importer)).filter(isUsage)
  return sum(used.filter((usage) => usage.usageType === usageType).map(({ quantityBase }) => quantityBase))
}

const seeds = fc.integer({ min: 1, max: 1_000_000_000 })

describe('generated months of the Verizon raw data download', () => {
  it('read without a problem, foot, and show the same use in every view', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.boolean(), async (seed, isZipped) => {
        const month = generateVerizonMonth({ seed })
        const files = await readMonth(month, { isZipped })
        expect(files.map(({ importer }) => importer).sort()).toEqual([
          'verizon-account-summary',
          'verizon-detail',
          'verizon-usage',
          'verizon-wireless-summary',
        ])
        expect(files.flatMap(({ rows }) => rows.flatMap(({ problems }) => problems))).toEqual([])
        expect(differences(files)).toEqual({})
        for (const importer of ['verizon-detail', 'verizon-wireless-summary', 'verizon-usage']) {
          expect(usedBy(files, { importer, usageType: 'voice' })).toBe(BigInt(month.voiceMinutes) * 60n)
        }
        for (const importer of ['verizon-detail', 'verizon-wireless-summary']) {
          expect(usedBy(files, { importer, usageType: 'data' })).toBe(BigInt(month.dataKilobytes) * 1024n)
        }
        const starts = new Set(
          factsOf(rowsOf(files, 'verizon-detail'))
            .filter(isCharge)
            .map(({ periodStartOn }) => periodStartOn),
        )
        expect([...starts]).toEqual([month.periodStartOn])
      }),
      { numRuns: 60 },
    )
  })

  it('give every charge and every use a name of its own', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const facts = (await readMonth(generateVerizonMonth({ seed }), { isZipped: true })).flatMap(({ rows }) =>
          factsOf(rows),
        )
        const names = [
          ...facts.filter(isCharge).map(({ invoice, line }) => `${invoice} ${line}`),
          ...facts.filter(isUsage).map(({ source, id }) => `${source} ${id}`),
        ]
        expect(new Set(names).size).toBe(names.length)
      }),
      { numRuns: 20 },
    )
  })

  it('differ by exactly what was planted, on the number where it was planted', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const month = generateVerizonMonth({ seed, plantDifference: true })
        const { invoice, service, differenceMinor } = month.planted ?? { invoice: '', service: '', differenceMinor: 0 }
        const minor = BigInt(differenceMinor)
        expect(differences(await readMonth(month, { isZipped: false }))).toEqual({
          [invoice]: minor,
          [`${invoice}/${service}`]: minor,
        })
      }),
      { numRuns: 40 },
    )
  })

  it('quarantine exactly the rows that were made unreadable, and lose exactly their money', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 4 }), async (seed, unreadableRows) => {
        const month = generateVerizonMonth({ seed, unreadableRows })
        const files = await readMonth(month, { isZipped: false })
        const detail = rowsOf(files, 'verizon-detail')
        const quarantined = detail.filter(({ problems }) => problems.some(({ severity }) => severity === 'error'))
        expect(quarantined.map(({ line }) => line)).toEqual(
          month.unreadable.map(({ line }) => line).sort((a, b) => a - b),
        )
        expect(quarantined.flatMap(({ facts }) => facts)).toEqual([])
        const lost = sum(
          Object.entries(differences(files))
            .filter(([key]) => !key.includes('/'))
            .map(([, minor]) => minor),
        )
        expect(lost).toBe(-BigInt(month.unreadable.reduce((total, { costMinor }) => total + costMinor, 0)))
      }),
      { numRuns: 40 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateVerizonMonth({ seed: 7 })).toEqual(generateVerizonMonth({ seed: 7 }))
    expect(generateVerizonMonth({ seed: 7 })).not.toEqual(generateVerizonMonth({ seed: 8 }))
  })
})

async function readMapped(path: string, importer: SourceImporter): Promise<ReadonlyArray<ReadRow>> {
  const [part] = await openFile(path)
  if (!part) throw new Error('no part')
  expect(recogniseImporter(await sampleTable(part), [...IMPORTERS, importer])).toBe(importer)
  const rows: ReadRow[] = []
  for await (const batch of importer.read(await part.openTable(), { fileName: 'bill', member: '', source: '' }))
    rows.push(...batch)
  return rows
}

async function readBill(bill: MappedBill, { isWorkbook }: { isWorkbook: boolean }): Promise<ReadonlyArray<ReadRow>> {
  const importer = importerFromSource(bill.source)
  if (!isWorkbook) {
    return withFile('bill.csv', writeGrid(bill, { delimiter: bill.delimiter }), (path) => readMapped(path, importer))
  }
  const workbook = new ExcelJS.Workbook()
  workbook.addWorksheet('Bill').addRows([[...bill.header], ...bill.rows.map((row) => [...row])])
  return withFile('bill.xlsx', Buffer.from(await workbook.xlsx.writeBuffer()), (path) => readMapped(path, importer))
}

describe('generated bills of carriers that only a mapping knows', () => {
  it.each([
    { isWorkbook: false, numRuns: 60 },
    { isWorkbook: true, numRuns: 20 },
  ])('sum to their totals, unreadable rows apart: %j', async ({ isWorkbook, numRuns }) => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 0, max: 3 }), async (seed, unreadableRows) => {
        const bill = generateMappedBill({ seed, unreadableRows })
        const rows = await readBill(bill, { isWorkbook })
        expect(rows).toHaveLength(bill.rows.length)
        expect(rows.filter(({ problems }) => problems.length > 0).map(({ line }) => line)).toEqual(bill.unreadableLines)
        const silent = rows.filter(({ facts, problems }) => facts.length === 0 && problems.length === 0)
        expect(silent.map(({ line }) => line)).toEqual(bill.ignoredLines)
        const charges = factsOf(rows).filter(isCharge)
        expect(sum(charges.map(({ amountMinor }) => amountMinor))).toBe(BigInt(bill.readableMinor))
        expect(new Set(charges.map(({ periodStartOn, periodEndOn }) => `${periodStartOn} ${periodEndOn}`))).toEqual(
          new Set(['2026-10-01 2026-10-29']),
        )
        expect(new Set(charges.map(({ line }) => line)).size).toBe(charges.length)
      }),
      { numRuns },
    )
  })
})

/** As an import reads it: chosen among all importers, the table opened as the importer asks. */
async function importRows(path: string): Promise<FileRows> {
  const file = await fileIntake(IMPORTERS).open(path, { source: '' })
  const rows: ReadRow[] = []
  for (const part of file.parts)
    for await (const batch of part.importer.read(await part.openTable(), { fileName: 'f', member: '', source: '' }))
      rows.push(...batch)
  await file.close()
  return { importer: file.parts.map(({ importer }) => importer.name).join(), rows }
}

const linesWith = (rows: ReadonlyArray<ReadRow>, isWanted: (problem: ReadRow['problems'][number]) => boolean) =>
  rows.filter(({ problems }) => problems.some(isWanted)).map(({ line }) => line)

const asJson = (value: unknown) =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one))

describe('generated files of conference services', () => {
  it.each<[name: string, generate: (options: ConferenceOptions) => GeneratedConference]>([
    ['conferencing-calls', generateBridgeCalls],
    ['zoom-participants', generateZoomReport],
    ['webex-meetings', generateWebexUsage],
  ])('%s yield exactly what was used, and report exactly what was planted', async (name, generate) => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.nat({ max: 3 }), fc.nat({ max: 2 }), async (seed, unreadableRows, disagreements) => {
        const made = generate({ seed, unreadableRows, disagreements })
        const { importer, rows } = await withFile('report.csv', made.bytes, importRows)
        expect(importer).toBe(name)
        expect(linesWith(rows, ({ severity }) => severity === 'error')).toEqual(made.unreadableLines)
        const disagreeing = linesWith(rows, ({ code }) => code === 'control-mismatch')
        expect(disagreeing.filter((line) => !made.unreadableLines.includes(line))).toEqual(made.disagreeingLines)
        const uses = factsOf(rows).filter(isUsage)
        expect(uses).toHaveLength(made.facts)
        expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
        const used: Record<string, number> = Object.fromEntries(Object.keys(made.seconds).map((kind) => [kind, 0]))
        for (const { extra, quantityBase } of uses) {
          const kind = extra['Kind of minutes'] ?? 'leg'
          used[kind] = (used[kind] as number) + Number(quantityBase)
        }
        expect(used).toEqual(made.seconds)
        const text = asJson(rows)
        expect(made.codes.filter((code) => text.includes(code))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it.each([generateBridgeCalls, generateZoomReport, generateWebexUsage])(
    'are the same for the same seed',
    (generate) => {
      expect(generate({ seed: 7 })).toEqual(generate({ seed: 7 }))
      expect(generate({ seed: 7 })).not.toEqual(generate({ seed: 8 }))
    },
  )
})

describe('generated files of Microsoft 365', () => {
  it('are recognised, whatever year their columns are of and however they are written', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const invoice = { ...generateSeatInvoice({ seed }), importer: 'microsoft-365-invoice' }
        for (const file of [generateUsageReport({ seed }), invoice]) {
          const text = writeGrid(file, { delimiter: file.delimiter })
          const [read] = await withFile('file.csv', text, readParts)
          expect(read?.importer).toBe(file.importer)
          expect(read?.rows).toHaveLength(file.rows.length)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('generated files of metering', () => {
  it.each([
    ['asterisk-master', generateAsteriskCalls],
    ['twilio-usage-records', generateAccountUsage],
    ['twilio-super-sim', generateSuperSimUsage],
    ['cloudevents', generateCloudEvents],
  ])('%s are recognised, and no row of theirs is refused', async (name, generate) => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { importer, rows } = await withFile('f', generate({ seed }).text, importRows)
        expect(importer).toBe(name)
        expect(linesWith(rows, ({ severity }) => severity === 'error')).toEqual([])
      }),
      { numRuns: 20 },
    )
  })
})
