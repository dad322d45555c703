// A bill in its four formats says the same figures; a paper and a workbook are read back by other programs than ours.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import {
  addAmounts,
  assembleSection,
  type Bill,
  type BillCall,
  type BillPiece,
  type BillSection,
  formatAmount,
  type LocalDate,
  NO_AMOUNTS,
  sumOf,
} from '@spillway/core'
import fc from 'fast-check'
import readWorkbook from 'read-excel-file/node'
import { expect, it } from 'vitest'
import { PAPER_LIMITS } from '../pdf/bill-ledger.ts'
import { encodeBillPdf } from '../pdf/encode-bill.ts'
import { encodeBillCsv } from './encode-bill-csv.ts'
import { encodeBillJson } from './encode-bill-json.ts'
import { encodeBillXlsx } from './encode-bill-xlsx.ts'
import { SheetNames } from './sheet-names.ts'

const PDFTOTEXT_MISSING = 'poppler-utils is not installed'
const run = promisify(execFile)

type Drawn = { readonly key: string; readonly feeMinor: bigint; readonly callsMinor: ReadonlyArray<bigint> }

/** A bill of sections with a fee and calls each; the amounts are as drawn. */
function billOf(drawn: ReadonlyArray<Drawn>, more: Partial<Bill['heading']> = {}): Bill {
  const parts = drawn.map(({ key, feeMinor, callsMinor }) => {
    const usage = callsMinor.reduce((sum, one) => sum + one, 0n)
    const amounts = { ...NO_AMOUNTS, recurring: feeMinor, usage }
    const total = { key, name: `Name of ${key}`, amounts, subtotalMinor: sumOf(amounts) }
    const line = { account: 'R100', service: key, quantityBase: null }
    const section = assembleSection(total, {
      lines: [
        { ...line, kind: 'recurring', about: 'seat', amountMinor: feeMinor },
        ...(callsMinor.length === 0
          ? []
          : [
              {
                ...line,
                ...{ kind: 'usage' as const, about: 'conference/domestic', amountMinor: usage },
                quantityBase: 60n * BigInt(callsMinor.length),
              },
            ]),
      ],
      partsOfCalls: { calls: 0, amountMinor: 0n },
    })
    return { section, calls: callsMinor.map((amountMinor, at): BillCall => callOf(key, at, amountMinor)) }
  })
  const amounts = parts.reduce((sum, { section }) => addAmounts(sum, section.amounts), NO_AMOUNTS)
  return {
    heading: {
      ...{ number: 'R100-2026-10-01', state: 'issued', replaces: '', replacedBy: '', voidReason: '' },
      ...{ issuedAt: '2026-11-02T00:00:00Z', provider: 'Harbour Bridge', account: 'R100', name: 'Quill & Haven' },
      ...{
        address: ['12 Harbour Street'],
        logo: '',
        from: '2026-10-01' as LocalDate,
        until: '2026-11-01' as LocalDate,
      },
      ...{ timeZone: 'UTC', currency: 'USD', totalMinor: sumOf(amounts), sections: 'user-id', hasCalls: true },
      ...{ run: '2026-10.1', closedAt: '2026-11-01T00:00:00Z' },
      ...more,
    },
    amounts,
    sections: parts.map(({ section }) => section),
    pieces: piecesOf(parts),
  }
}

function callOf(service: string, at: number, amountMinor: bigint): BillCall {
  const start = `2026-10-05T09:${String(at % 60).padStart(2, '0')}:00Z`
  return {
    ...{ account: 'R100', service, start, seconds: 61, participants: 2, accountCode: '4711', call: `C${at}` },
    ...{ usageClass: 'conference/domestic', quantityBase: 60n, amountMinor },
  }
}

async function* piecesOf(
  parts: ReadonlyArray<{ readonly section: BillSection; readonly calls: ReadonlyArray<BillCall> }>,
): AsyncGenerator<BillPiece> {
  for (const { section, calls } of parts) {
    yield { kind: 'section', section }
    for (let at = 0; at < calls.length; at += 50) yield { kind: 'calls', calls: calls.slice(at, at + 50) }
  }
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) parts.push(piece)
  return Buffer.concat(parts)
}

async function paperText(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bill-'))
  try {
    const file = join(folder, 'bill.pdf')
    await writeFile(file, bytes)
    const { stdout } = await run('pdftotext', ['-layout', file, '-'], { maxBuffer: 2 ** 26 })
    return stdout
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new Error(PDFTOTEXT_MISSING) : error
  } finally {
    await rm(folder, { recursive: true })
  }
}

const money = (minor: bigint) => formatAmount(minor, 'USD')
const grouped = (minor: bigint) => money(minor).replace(/\B(?=(\d{3})+\.)/g, ',')

const THREE: ReadonlyArray<Drawn> = [
  { key: '', feeMinor: 310n, callsMinor: [] },
  { key: 'ada', feeMinor: 990n, callsMinor: Array.from({ length: 130 }, (_, at) => BigInt(at)) },
  { key: '=1+1', feeMinor: 0n, callsMinor: [123_456n] },
]

it('says the same figures in CSV and JSON, whatever is on the bill', async () => {
  const drawnSection = fc.record({
    key: fc.string({ maxLength: 8 }),
    feeMinor: fc.bigInt({ min: -999_999n, max: 999_999n }),
    callsMinor: fc.array(fc.bigInt({ min: 0n, max: 99_999n }), { maxLength: 60 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(drawnSection, { selector: ({ key }) => key, maxLength: 6 }), async (drawn) => {
      const bill = JSON.parse(await textOf(encodeBillJson(billOf(drawn)))) as {
        total: string
        by_section: Array<{ subtotal: string; calls: Array<{ amount: string }>; usage: Array<{ amount: string }> }>
      }
      expect(bill.by_section.map(({ calls }) => calls.map(({ amount }) => amount))).toEqual(
        drawn.map(({ callsMinor }) => callsMinor.map(money)),
      )
      const minor = (text: string) => BigInt(text.replace('.', ''))
      const sum = (texts: ReadonlyArray<string>) => texts.reduce((total, text) => total + minor(text), 0n)
      expect(sum(bill.by_section.map(({ subtotal }) => subtotal))).toBe(minor(bill.total))
      const lines = (await textOf(encodeBillCsv(billOf(drawn)))).trimEnd().split('\n').slice(1)
      const amounts = lines.map((line) => line.split(',').at(-1) as string).filter((cell) => /^-?\d+\.\d\d$/.test(cell))
      expect(sum(amounts)).toBe(minor(bill.total))
    }),
    { numRuns: 40 },
  )
})

it('prints every section, subtotal and call, and carries sums over pages that are numbered', async () => {
  const bill = billOf(THREE)
  const { bytes, missingCharacters } = await encodeBillPdf(bill, { paper: 'a4', logo: png(40, 20) })
  expect(missingCharacters).toEqual([])
  const text = await paperText(bytes)
  for (const { key, subtotalMinor } of bill.sections)
    expect(text).toMatch(
      new RegExp(`Subtotal ${(key || 'unassigned').replace(/[=+]/g, '\\$&')}.*${grouped(subtotalMinor)}`),
    )
  expect(text.match(/2026-10-05 09:\d\d:00/g)).toHaveLength(131)
  expect(text.match(/Total USD +1,331\.41/g)).toHaveLength(3)
  expect([...text.matchAll(/Page (\d+) of (\d+)/g)].map(([, page, pages]) => `${page}/${pages}`)).toEqual([
    ...['1/4', '2/4', '3/4', '4/4'],
  ])
  const carried = (word: string) => [...text.matchAll(new RegExp(`${word} +([\\d,.]+)`, 'g'))].map(([, sum]) => sum)
  expect(carried('Carried forward')).toHaveLength(3)
  expect(carried('Brought forward')).toEqual(carried('Carried forward'))
  expect(
    Buffer.from((await encodeBillPdf(billOf(THREE), { paper: 'a4', logo: png(40, 20) })).bytes).equals(bytes),
  ).toBe(true)
})

it('lists the calls of a section all or not at all, and says where they are', async () => {
  const limits = { ...PAPER_LIMITS, calls: 100 }
  const text = await paperText((await encodeBillPdf(billOf(THREE), { paper: 'letter', limits })).bytes)
  expect(text).toContain('Its 130 calls are more than this paper lists: the CSV and XLSX of this bill have them.')
  expect(text.match(/2026-10-05 09:\d\d:00/g)).toHaveLength(1)
  const few = await paperText(
    (await encodeBillPdf(billOf(THREE), { paper: 'a4', limits: { calls: 9, sections: 1 } })).bytes,
  )
  expect(few).toMatch(/2 further sections: the CSV and XLSX of this bill have them +1,328\.31/)
})

it('prints that a bill is void, why, and which one stands in its place', async () => {
  const taken = { state: 'void', voidReason: 'The address was wrong', replacedBy: 'R100-2026-10-01-R2' } as const
  const text = await paperText((await encodeBillPdf(billOf(THREE, taken), { paper: 'a4' })).bytes)
  for (const said of ['VOID', 'The address was wrong', 'Replaced by', 'R100-2026-10-01-R2'])
    expect(text).toContain(said)
})

it('is a workbook with a sheet for each section, and further ones below each other', async () => {
  const workbook = await readSheets(await bytesOf(encodeBillXlsx(billOf(THREE))))
  expect(workbook.map(({ sheet }) => sheet)).toEqual(['Summary', 'unassigned', 'ada', '=1+1'])
  expect(workbook[0]?.data.find(([first]) => first === 'Total USD')?.[6]).toBe(1331.41)
  const ada = workbook[2]?.data ?? []
  expect(ada).toHaveLength(1 + 2 + 130 + 1)
  expect(ada.at(-1)?.at(-1)).toBe(93.75)
  const few = await readSheets(await bytesOf(encodeBillXlsx(billOf(THREE), { sheetsMax: 1, linesMax: 100 })))
  expect(few.map(({ sheet }) => sheet)).toEqual(['Summary', 'unassigned', 'Further sections', 'Further sections (2)'])
  expect(few.flatMap(({ data }) => data).filter(([, , charge]) => charge === 'call')).toHaveLength(131)
})

async function readSheets(bytes: Buffer): Promise<Array<{ sheet: string; data: unknown[][] }>> {
  return (await readWorkbook(bytes)) as unknown as Array<{ sheet: string; data: unknown[][] }>
}

it('names sheets as spreadsheets allow, each once', () => {
  const names = new SheetNames()
  const long = 'a'.repeat(40)
  expect(['a/b', 'A?B', long, long, 'History', ''].map((title) => names.of(title))).toEqual([
    ...['a-b', 'A-B (2)', 'a'.repeat(31), `${'a'.repeat(27)} (2)`, 'History (2)', '-'],
  ])
})

it.each([
  ['no picture', Buffer.from('%PDF-1.4 something else that is long enough'), 'is no PNG and no JPEG'],
  ['a cut PNG', png(40, 20).subarray(0, 60), 'is a damaged PNG'],
  ['a bomb', png(4000, 4000, 100), 'by 4000 pixels'],
  ['rows that are missing', png(40, 20, 19), 'is a damaged PNG'],
  ['too many bytes', Buffer.alloc(300_000), 'has 300000 bytes'],
  ['a cut JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0, 0, 0, 0]), 'is a damaged JPEG'],
])('refuses %s as a logo', async (_, logo, said) => {
  const made = encodeBillPdf(billOf(THREE), { paper: 'a4', logo })
  await expect(made).rejects.toMatchObject({ kind: 'bad-configuration', message: expect.stringContaining(said) })
})

/** A grey PNG of as many rows of pixels as `rows` says. */
function png(width: number, height: number, rows = height): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(Buffer.alloc(rows * (width + 1), 0))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}
