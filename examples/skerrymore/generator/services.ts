// What Skerrymore has sold to whom, and the inventory as it is exported each month: an export knows nothing of what is sold
// after it, or ends after it.
import type { WrittenFile } from './written-file.ts'

export type SoldService = {
  readonly service: string
  readonly account: string
  readonly product: string
  /** '' : since before the first month. */
  readonly from: string
  /** The day after the last one; '' while it goes on. */
  readonly to: string
}

type Row = Omit<SoldService, 'service' | 'from' | 'to'> & { readonly from?: string; readonly to?: string }

function numbered(count: number, first: { readonly prefix: string; readonly number: number }, row: Row): SoldService[] {
  return Array.from({ length: count }, (_, at) => ({
    from: '',
    to: '',
    ...row,
    service: `${first.prefix}${String(first.number + at).padStart(first.prefix === 'GW-' ? 2 : 4, '0')}`,
  }))
}

const METER = { account: 'NORTHWAY-EAST', product: 'meter-sim' }
const TRACKER = { account: 'ALDERHOLM', product: 'tracker-eu' }
const GATEWAY = { account: 'CALLOWAY', product: 'gateway-basic' }

export const SERVICES: ReadonlyArray<SoldService> = [
  ...numbered(8, { prefix: 'MTR-', number: 1 }, { account: 'NORTHWAY', product: 'meter-sim-plus' }),
  ...numbered(20, { prefix: 'MTR-', number: 1001 }, METER),
  ...numbered(4, { prefix: 'MTR-', number: 1021 }, { ...METER, from: '2026-09-11' }),
  ...numbered(20, { prefix: 'MTR-', number: 2001 }, { ...METER, account: 'NORTHWAY-WEST' }),
  ...numbered(13, { prefix: 'TRK-', number: 1 }, TRACKER),
  ...numbered(1, { prefix: 'TRK-', number: 14 }, { ...TRACKER, to: '2026-10-05' }),
  ...numbered(2, { prefix: 'TRK-', number: 15 }, { ...TRACKER, from: '2026-09-28' }),
  ...numbered(1, { prefix: 'TRK-', number: 17 }, { ...TRACKER, from: '2026-10-26' }),
  ...numbered(6, { prefix: 'TRK-', number: 51 }, { ...TRACKER, product: 'tracker-lite' }),
  ...numbered(4, { prefix: 'GW-', number: 1 }, { ...GATEWAY, product: 'gateway-pro' }),
  ...numbered(6, { prefix: 'GW-', number: 5 }, GATEWAY),
  ...numbered(2, { prefix: 'GW-', number: 11 }, { ...GATEWAY, from: '2026-10-12' }),
  ...numbered(4, { prefix: 'HS', number: 1 }, { account: 'CALLOWAY', product: 'backup-sim' }),
  { service: 'BUNDLE-1', account: 'CALLOWAY', product: 'store-bundle', from: '2026-08-10', to: '' },
]

/** The export of a month, made on the day after its last billing period ends. */
export function inventory({ month, exportedOn }: { month: string; exportedOn: string }): WrittenFile {
  const known = SERVICES.filter(({ from }) => from < exportedOn)
  const rows = known.map(({ service, account, product, from, to }) =>
    [service, account, product, from, to < exportedOn ? to : ''].join(','),
  )
  return { path: `inventory/services-${month}.csv`, content: `service,account,product,from,to\n${rows.join('\n')}\n` }
}
