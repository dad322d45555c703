// What a service that we sell was rated and billed in a period, and what became of its events one by one: which bucket, tier
// or rate took each part. Amounts are those of the run; a formula that does not come to them is a Bug.
import { evaluateFormula, type FlatCharge, invariant, type TracedPart } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import { askTexts, atPlaces, makeNearRows } from '../../stages/allocate/near-rows.ts'
import { factsOf, type PeriodScope, pinned } from '../../stages/allocate/period-scope.ts'
import { instantText } from '../../stages/rate/history-rows.ts'
import { type NearOf, type Replay, withReplay } from '../../stages/rate/replay.ts'
import { type TracedEvent, type TracedService, traceService } from '../../stages/rate/trace-service.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { ratedRowsSql } from '../rated-rows.ts'
import { citeOtherCharges } from './cite-other-charges.ts'
import { type CiteScope, citeRow, shown } from './explain-scope.ts'
import type { RatedExplanation, RatedRowText, TracedEventLine } from './explanation.ts'
import { partText, priceText, RuleNames, rowFormula } from './rating-text.ts'

/** null where the run rated nothing of the service. What is near is there once `placing` is; what is drawn again does not wait for it. */
export async function citeRating(scope: CiteScope, placing: Promise<unknown>): Promise<RatedExplanation | null> {
  const { period, run, service } = scope
  if (inputsOf(run).rating === undefined) return null
  const isWanted = (group: Replay['groups'][number]) => group.services.some((row) => row.service === service)
  let accounts: ReadonlyArray<string> = []
  const near: NearOf = async (_index, own) => {
    accounts = await readAccounts(own, service)
    return { accounts }
  }
  return withReplay(period, { opening: { run: run.id }, columns: 'events', near, isWanted }, async (replay) => {
    const rows = await readRows(scope, accounts)
    await placing
    const charges = await citeOtherCharges(scope, replay)
    const traced = await traceService(replay, service)
    const { events } = traced
    if (rows.length + charges.length + events.length === 0) return null
    return {
      rows: rowTexts(rows, { replay, traced, rules: new RuleNames(period.configuration) }),
      charges,
      eventCount: events.length,
      events: await eventLines(scope, { replay, events: shown(scope, events) }),
    }
  })
}

/** Of the service at any time. */
async function readAccounts(scope: PeriodScope, service: string): Promise<ReadonlyArray<string>> {
  const as = 'row_of_service'
  await atPlaces(scope, async () => {
    const texts = await askTexts(scope, `SELECT ${literal(service)} AS text`)
    await makeNearRows(scope, { table: 'service', column: 'service', only: 'account', as, texts })
  })
  const rows = await scope.warehouse.rows<{ account: string }>(`SELECT DISTINCT account FROM ${scope.scratch}.${as}`)
  return rows.map(({ account }) => account)
}

type RatedRow = Row & {
  account: string
  usage_class: string
  bucket: string
  tier: number
  billed_to: string
  period_start_on: string
  currency: string
  quantity_base: bigint
  amount_minor: bigint
}

/** One row per row of `report usage`. The run sold the service to no other accounts than those of the documents that it read. */
async function readRows({ period, run, service }: CiteScope, accounts: ReadonlyArray<string>): Promise<RatedRow[]> {
  const { warehouse, tenant } = period
  const rated = await ratedRowsSql({ warehouse, tenant }, { view: 'rated', run, of: 'service', accounts })
  return warehouse.rows<RatedRow>(
    `SELECT account, usage_class, bucket, tier, billed_to, period_start_on, currency, quantity_base, amount_minor FROM (${rated})
     ORDER BY ALL`,
    { tenant, run: run.id, service },
  )
}

type Traced = { readonly replay: Replay; readonly traced: TracedService; readonly rules: RuleNames }
type OwnPart = { readonly part: TracedPart; readonly event: TracedEvent }
type RowPlace = Pick<FlatCharge, 'account' | 'usageClass' | 'bucket' | 'tier' | 'billedTo'> & { readonly on: string }

function placeKey({ account, usageClass, bucket, tier, billedTo, on }: RowPlace): string {
  return JSON.stringify([account, usageClass, bucket, tier, billedTo, on])
}

function rowTexts(rows: ReadonlyArray<RatedRow>, { replay, traced, rules }: Traced): RatedRowText[] {
  const owned = traced.events.flatMap((event) => event.parts.map((part): OwnPart => ({ part, event })))
  const partsOf = byPlace(owned, ({ part, event: { account, usageClass } }) =>
    placeKey({ account, usageClass, ...part, on: part.billedOn }),
  )
  const flatsOf = byPlace(traced.flats, (flat) =>
    placeKey({ ...flat, usageClass: flat.usageClass.replaceAll(' ', '/'), on: flat.periodStartOn }),
  )
  return rows.map((row) => {
    const { account, usage_class: usageClass, bucket, tier, billed_to: billedTo, currency } = row
    const place = { account, usageClass, bucket, tier, billedTo }
    const key = placeKey({ ...place, on: row.period_start_on })
    const own = partsOf.get(key) ?? []
    const parts = own.map(({ part }) => part)
    const flats = flatsOf.get(key) ?? []
    const formula = rowFormula(parts, { flats, currency })
    proveRow(row, { parts, formula })
    return {
      ...place,
      bill: `${billedTo}-${row.period_start_on}`,
      plan: planShown(parts, replay),
      currency,
      quantityBase: row.quantity_base,
      amountMinor: row.amount_minor,
      rules: rulesOf(own, { replay, rules }),
      prices: [...new Set(parts.map(priceText))].filter((text) => text !== ''),
      flats: flats.map(({ amountMinor, reachedAtMicros }) => ({
        amountMinor,
        reachedAt: instantText(reachedAtMicros),
      })),
      eventCount: own.length,
      formula,
    }
  })
}

function planShown([first]: ReadonlyArray<TracedPart>, { index }: Replay): string {
  const holder = first?.holder
  if (holder?.on !== 'share-plan') return ''
  return index.catalogue.sharePlans.get(holder.plan)?.isShownOnBills === true ? holder.plan : ''
}

function byPlace<T>(items: ReadonlyArray<T>, placeOf: (item: T) => string): ReadonlyMap<string, ReadonlyArray<T>> {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const place = placeOf(item)
    const list = found.get(place)
    if (list) list.push(item)
    else found.set(place, [item])
  }
  return found
}

function rulesOf(own: ReadonlyArray<OwnPart>, { replay, rules }: Omit<Traced, 'traced'>): string[] {
  const texts = own.map(
    ({ part, event }) => partText(part, { index: replay.index, rules, product: event.product }).rule,
  )
  return [...new Set(texts)].filter((text) => text !== '')
}

/** What is drawn again is what was stored, to the unit and to the cent. */
function proveRow(
  { quantity_base, amount_minor, currency, bucket, tier }: RatedRow,
  { parts, formula }: { readonly parts: ReadonlyArray<TracedPart>; readonly formula: string },
): void {
  const drawn = parts.reduce((sum, { quantityBase }) => sum + quantityBase, 0n)
  invariant(drawn === quantity_base, 'the parts of the events of a row are what the row says', {
    ...{ bucket, tier, drawn, stored: quantity_base },
  })
  const amount = formula === '' ? 0n : evaluateFormula(formula, currency)
  invariant(amount === amount_minor, 'the formula of a row comes to its amount', { formula, amount_minor })
}

type EventsOf = { readonly replay: Replay; readonly events: ReadonlyArray<TracedEvent> }

async function eventLines(scope: CiteScope, { replay, events }: EventsOf): Promise<TracedEventLine[]> {
  const places = await placesOf(scope)
  const rules = new RuleNames(scope.period.configuration)
  return events.map(({ source, id, startMicros, product, usageClass, billedBase, parts }) => {
    const place = places.get(JSON.stringify([source, id]))
    return {
      at: place ? citeRow(scope, place) : null,
      startedAt: place?.started_at ?? instantText(startMicros),
      source,
      id,
      usageClass,
      quantityBase: place?.quantity_base ?? billedBase,
      billedBase,
      parts: parts.map((part) => partText(part, { index: replay.index, rules, product })),
    }
  })
}

type PlaceRow = Row & {
  doc: number
  line: number
  source: string
  id: string
  started_at: string
  quantity_base: bigint
}

/** One entry per event of the service, by source and id. */
async function placesOf({ period, service }: CiteScope): Promise<ReadonlyMap<string, PlaceRow>> {
  const rows = await period.warehouse.rows<PlaceRow>(
    `SELECT u.doc, u.line, u.source, u.id, strftime(u.started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, u.quantity_base
     FROM ${factsOf(period, 'usage')} AS u WHERE ${pinned(period, 'u')} AND u.service = $service`,
    { tenant: period.tenant, service },
  )
  return new Map(rows.map((row) => [JSON.stringify([row.source, row.id]), row]))
}
