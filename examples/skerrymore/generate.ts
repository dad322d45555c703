// Writes the whole example: `npx tsx examples/skerrymore/generate.ts [DIR]`. The same bytes on every run and machine: no
// clock, no randomness. Removes what an earlier run wrote and this one does not; touches no hand-written file.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inventory, SERVICES, type SoldService } from './generator/services.ts'
import { backupUses, gatewayUses, meterUses, type Season, trackerUses, type Use } from './generator/usage.ts'
import { gatewaysFile, metersFile, superSimFile, trackersFile } from './generator/usage-files.ts'
import type { WrittenFile } from './generator/written-file.ts'
import { PROVIDER } from './provider.ts'

/** The folders that are generated from end to end. */
export const GENERATED_FOLDERS = ['inventory', 'usage'] as const

type Seasons = Readonly<Record<'meters' | 'trackers' | 'gateways', Season>>

const SEASONS: Readonly<Record<string, Seasons>> = {
  '2026-08': seasons('2026-08', { meters: 100, trackers: 100, gateways: 100 }),
  '2026-09': seasons('2026-09', { meters: 136, trackers: 225, gateways: 117 }),
  '2026-10': seasons('2026-10', { meters: 136, trackers: 143, gateways: 158 }),
}

/** The trackers' account is billed from the 15th to the 15th. */
function seasons(month: string, percent: Readonly<Record<keyof Seasons, number>>): Seasons {
  const next = `2026-${String(Number(month.slice(5)) + 1).padStart(2, '0')}`
  const calendar = { month, startOn: `${month}-01`, endOn: `${next}-01` }
  return {
    meters: { ...calendar, percent: percent.meters },
    gateways: { ...calendar, percent: percent.gateways },
    trackers: { month, startOn: `${month}-15`, endOn: `${next}-15`, percent: percent.trackers },
  }
}

const sold = (prefix: string): ReadonlyArray<SoldService> =>
  SERVICES.filter(({ service }) => service.startsWith(prefix))

/** The concentrator of five meters was off for four days of September, two gateways were for an evening. */
const isLateMeter = ({ service, id }: Use) => /^MTR-100[1-5]$/.test(service) && /-091[6-9]$/.test(id)
const isLateGateway = ({ service, id }: Use) => /^GW-0[67]$/.test(service) && id.endsWith('-0929')

/** Every generated file, with its path in the example's folder. */
export function generateFiles(): WrittenFile[] {
  const files: WrittenFile[] = []
  const late = { meters: [] as Use[], gateways: [] as Use[] }
  for (const { period: month, closedOn } of PROVIDER.months) {
    const { meters, trackers, gateways } = SEASONS[month] as Seasons
    const ofMeters = sold('MTR-').flatMap((service) => meterUses(service, meters))
    const ofGateways = sold('GW-').flatMap((service) => gatewayUses(service, gateways))
    late.meters.push(...ofMeters.filter(isLateMeter))
    late.gateways.push(...ofGateways.filter(isLateGateway))
    files.push(
      inventory({ month, exportedOn: closedOn }),
      metersFile(
        `usage/${month}/meters.csv`,
        ofMeters.filter((one) => !isLateMeter(one)),
      ),
      trackersFile(
        `usage/${month}/trackers.csv`,
        sold('TRK-').flatMap((service) => trackerUses(service, trackers)),
      ),
      gatewaysFile(
        `usage/${month}/gateways.ndjson`,
        ofGateways.filter((one) => !isLateGateway(one)),
      ),
      superSimFile(
        `usage/${month}/super-sim.json`,
        sold('HS').flatMap((service) => backupUses(service, gateways)),
      ),
    )
    if (month === PROVIDER.lastPeriod) {
      const again = ofMeters.filter(({ id }) => id === 'MTR-1004-1002').map((one) => ({ ...one, quantity: 9_812_000 }))
      files.push(
        metersFile('usage/2026-10/resent-meters.csv', [...late.meters, ...again]),
        gatewaysFile('usage/2026-10/resent-gateways.ndjson', late.gateways),
      )
    }
  }
  // The program reads the manifest as data: it imports no code of an example.
  return [...files, { path: 'provider.json', content: `${JSON.stringify(PROVIDER, null, 2)}\n` }]
}

export async function generate(folder: string): Promise<number> {
  const files = generateFiles()
  for (const name of GENERATED_FOLDERS) await rm(join(folder, name), { recursive: true, force: true })
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return files.length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url))
  const count = await generate(folder)
  process.stdout.write(`${count} files written to ${folder}\n`)
}
