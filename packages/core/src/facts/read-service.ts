// A row of services.csv: what a vendor's service is and whose it is (spec, import, "Facts"; spec, accounts, "People").
import type { Service } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const SERVICE_COLUMNS = [
  'service',
  'vendor',
  'account',
  'product',
  'service_type',
  'person',
  'cost_centre',
  'project',
  'from',
  'to',
  'share',
  'device_type',
] as const
export type ServiceColumn = (typeof SERVICE_COLUMNS)[number]
export const SERVICE_REQUIRED = ['service'] as const satisfies ReadonlyArray<ServiceColumn>

export function readService(cell: CellOf<ServiceColumn>, context: RowContext<ServiceColumn>): FactReading<Service> {
  const row = new RowCells(cell, context)
  const service = row.requiredId('service')
  const vendor = row.id('vendor')
  const account = row.id('account')
  const person = row.id('person')
  const costCentre = row.id('cost_centre')
  const project = row.id('project')
  const { from, to } = row.openRange('from', 'to')
  const sharePpm = readShare(row)
  if (row.hasProblems || service === null || vendor === null || account === null) return row.refused()
  if (person === null || costCentre === null || project === null) return row.refused()
  const fact: Service = {
    fact: 'service',
    service,
    vendor,
    account,
    product: row.text('product'),
    serviceType: row.text('service_type'),
    person,
    costCentre,
    project,
    from,
    to,
    sharePpm,
    deviceType: row.text('device_type'),
    extra: row.extra,
  }
  return { fact }
}

/** `50`, `33.3333` and `50%` are percentages with up to four places: `33.3333` is 333,333 parts in a million. */
function readShare(row: RowCells<ServiceColumn>): number | null {
  const text = row.text('share')
  if (text === '') return null
  const match = /^(\d{1,3})(?:\.(\d{1,30}))?\s?%?$/.exec(text)
  const places = match?.[2] ?? ''
  if (!match || /[1-9]/.test(places.slice(4))) return row.reportNumber('share', text)
  const ppm = Number(match[1]) * 10_000 + Number(places.slice(0, 4).padEnd(4, '0'))
  return ppm <= 1_000_000 ? ppm : row.reportNumber('share', text)
}
