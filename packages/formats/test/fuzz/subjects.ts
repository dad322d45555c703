// An honest file for every importer, from its generator where it has one and from its samples where it has none: what the
// fuzzer then damages. A new importer with a sample is among them without being named here.
import { readFile } from 'node:fs/promises'
import { type Importer, invariant, Refusal } from '@spillway/core'
import { fileIntake, IMPORTERS, importerFromSource } from '../../src/index.ts'
import { generateAsteriskCalls } from '../generators/asterisk-calls.ts'
import { generatePremierReport } from '../generators/att-premier-report.ts'
import { generateCloudEvents } from '../generators/cloud-events.ts'
import { generateBridgeCalls, generateWebexUsage, generateZoomReport } from '../generators/conference-files.ts'
import { generateMappedBill } from '../generators/mapped-bill.ts'
import { generateSeatInvoice, generateUsageReport } from '../generators/microsoft-365.ts'
import type { Random } from '../generators/random.ts'
import { generateAccountUsage, generateSuperSimUsage } from '../generators/twilio-usage.ts'
import { generateBtBill, generateGammaCalls } from '../generators/uk-calls.ts'
import { generateVerizonMonth } from '../generators/verizon-month.ts'
import { generateInterchange } from '../generators/x12-interchange.ts'
import { gridOf, readWith, tableOptionsOf, withFile } from '../read-file.ts'
import { samplePaths } from '../sample-paths.ts'
import { type Grid, writeGrid } from '../variants.ts'

export type HonestFile =
  | { readonly kind: 'table'; readonly grid: Grid; readonly delimiter: string; readonly hasHeader: boolean }
  | { readonly kind: 'interchange'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string }

export type Subject = {
  readonly name: string
  /** Whatever may claim the file: those that need no configuration, and a mapping's own. */
  make(random: Random): Promise<{ readonly file: HonestFile; readonly importers: ReadonlyArray<Importer> }>
}

type Made = { readonly bytes: Buffer | string; readonly importer?: Importer }
type Maker = (random: Random, name: string) => Made | null

const bytesOf = (grid: Grid & { readonly delimiter?: string }): Made => ({
  bytes: writeGrid(grid, grid.delimiter === undefined ? {} : { delimiter: grid.delimiter }),
})
const seedOf = (random: Random) => random.integer(1, 2 ** 30)
/** Some generated files have rows that cannot be read, before the fuzzer comes to them. */
const options = (random: Random) => ({ seed: seedOf(random), unreadableRows: random.pick([0, 0, 1, 2]) })

/** By the importer's name, or by the beginning of it. */
const GENERATORS: ReadonlyArray<readonly [names: RegExp, make: Maker]> = [
  [/^verizon-/, (random, name) => verizonFile(random, name)],
  [/^att-premier-/, (random) => bytesOf(generatePremierReport(options(random)))],
  [/^x12-811$/, (random) => ({ bytes: generateInterchange(options(random)).text })],
  [/^gamma-calls$/, (random) => bytesOf(generateGammaCalls(options(random)))],
  [/^bt-itemised$/, (random) => bytesOf(generateBtBill(options(random)))],
  [/^conferenc/, (random) => generateBridgeCalls(options(random))],
  [/^zoom-/, (random) => generateZoomReport(options(random))],
  [/^webex-/, (random) => generateWebexUsage(options(random))],
  [/^microsoft-365-(?!invoice|seat)/, (random, name) => usageReport(random, name)],
  [/^microsoft-365-(invoice|seat)/, (random) => bytesOf(generateSeatInvoice(options(random)))],
  [/^asterisk-master$/, (random) => ({ bytes: generateAsteriskCalls(options(random)).text })],
  [/^twilio-usage-/, (random) => ({ bytes: generateAccountUsage(options(random)).text })],
  [/^twilio-super-sim$/, (random) => ({ bytes: generateSuperSimUsage(options(random)).text })],
  [/^cloudevents$/, (random) => ({ bytes: generateCloudEvents(options(random)).text })],
]

const VERIZON_FILES: Readonly<Record<string, RegExp>> = {
  'verizon-detail': /^Acct & Wireless/,
  'verizon-wireless-summary': /^Account & Wireless/,
  'verizon-account-summary': /^AccountSummary/,
  'verizon-usage': /^Wireless Usage/,
}

function verizonFile(random: Random, name: string): Made | null {
  const { files } = generateVerizonMonth(options(random))
  const file = files.find((file) => VERIZON_FILES[name]?.test(file.name))
  return file ? { bytes: file.text } : null
}

/** The generator draws the report by itself; where it draws another one often, a sample will do. */
function usageReport(random: Random, name: string): Made | null {
  for (let tries = 0; tries < 12; tries += 1) {
    const report = generateUsageReport(options(random))
    if (report.importer === name) return bytesOf(report)
  }
  return null
}

/**
 * Importers of whose honest rows some say nothing: envelopes, headings of sections, totals, calls that nobody answered. Of
 * every other importer each row must become something.
 */
export async function quietImporters(): Promise<ReadonlySet<string>> {
  // A meeting that nobody joined is in no sample of Webex.
  const quiet = new Set(['webex-meetings'])
  for (const [name, paths] of await samplesByImporter()) {
    const importer = IMPORTERS.find((importer) => importer.name === name)
    for (const path of importer ? paths : []) {
      const rows = await readWith(importer as Importer, path)
      if (rows.some(({ facts, problems }) => facts.length === 0 && problems.length === 0)) quiet.add(name)
    }
  }
  return quiet
}

export const MAPPED = 'a mapping'

/** The samples of every importer that needs no configuration, by its name. */
async function samplesByImporter(): Promise<ReadonlyMap<string, ReadonlyArray<string>>> {
  const samples = new Map<string, string[]>()
  for (const path of await samplePaths()) {
    const file = await fileIntake(IMPORTERS)
      .open(path, { source: '' })
      .catch((error: unknown) => {
        // A sample that nobody claims fails the tests of the samples.
        if (error instanceof Refusal) return null
        throw error
      })
    if (!file) continue
    await file.close()
    for (const { importer } of file.parts) samples.set(importer.name, [...(samples.get(importer.name) ?? []), path])
  }
  return samples
}

/** One for every importer that has a generator or a sample, and one for a mapping. */
export async function fuzzSubjects(): Promise<ReadonlyArray<Subject>> {
  const samples = await samplesByImporter()
  const subjects: Subject[] = []
  for (const importer of IMPORTERS) {
    const { name } = importer
    const paths = samples.get(name) ?? []
    const generator = GENERATORS.find(([names]) => names.test(name))?.[1]
    if (paths.length === 0 && !generator) continue
    const make = async (random: Random) => {
      const made = (paths.length > 0 && random.chance(0.25) ? null : generator?.(random, name)) ?? null
      const path = random.pick(paths.length > 0 ? paths : [''])
      invariant(made || path !== '', 'the generator of an importer without samples makes its files', { name })
      const bytes = made ? made.bytes : await readFile(path)
      return { file: await fileOf(bytes, importer), importers: IMPORTERS }
    }
    subjects.push({ name, make })
  }
  return [...subjects, { name: MAPPED, make: makeMapped }]
}

async function makeMapped(random: Random) {
  const bill = generateMappedBill(options(random))
  const importer = importerFromSource(bill.source)
  return { file: await fileOf(bytesOf(bill).bytes, importer), importers: [...IMPORTERS, importer] }
}

async function fileOf(bytes: Buffer | string, importer: Importer): Promise<HonestFile> {
  if (/^\ufeff?\s*ISA/.test(bytes.toString('utf8').slice(0, 20)))
    return { kind: 'interchange', text: bytes.toString('utf8') }
  if (/^\ufeff?\s*[[{]/.test(bytes.toString('utf8').slice(0, 20))) return { kind: 'json', text: bytes.toString('utf8') }
  const options = tableOptionsOf(importer)
  const { header, rows } = await withFile('honest.csv', bytes, (path) => gridOf(path, options))
  const delimiter = options.delimiter ?? delimiterOf(bytes.toString('utf8'))
  return { kind: 'table', grid: { header, rows }, delimiter, hasHeader: options.header === undefined }
}

function delimiterOf(text: string): string {
  const [line = ''] = text.split('\n', 1)
  const counted = [',', '\t', ';', '|'].map((mark) => [line.split(mark).length, mark] as const)
  return counted.sort(([one], [other]) => other - one)[0]?.[1] ?? ','
}
