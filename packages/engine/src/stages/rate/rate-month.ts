// Rates one month: of every account that we bill, the billing period that begins in it (spec, share plans; spec, import,
// `close`). Writes `rated`, `bucket_history` and `rated_use` into the scratch database, and answers with what the next run
// takes over. Reads what is pinned alone, so that the same scope and opening give the same rows.

import {
  alertsOf,
  type BucketHistory,
  Calendars,
  formatUsageClass,
  type LocalDate,
  type Problem,
  problem,
  type RatedService,
  type UnratedUsage,
  type UsageClass,
} from '@spillway/core'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { RowWriter } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope } from '../allocate/period-scope.ts'
import { findUsageNotRated } from './find-usage-not-rated.ts'
import { alertName, alertRow, historyRows } from './history-rows.ts'
import { type GroupResult, rateGroups } from './rate-groups.ts'
import { makeRatedTable } from './rated-output.ts'
import { billedPeriods, type RatingGroup, ratingGroups } from './rating-groups.ts'
import type { Checkpoint, RatingState } from './rating-state.ts'
import { readSoldServices, type SoldServices } from './read-sold-services.ts'
import { makeTable, readSoldUsage } from './sold-usage.ts'

export type RatedMonth = {
  readonly sold: SoldServices
  readonly calendars: Calendars
  /** What was billed ahead and what was adjusted is for others to add. */
  readonly closing: Omit<RatingState, 'billedAhead' | 'adjusted'>
  readonly problems: ReadonlyArray<Problem>
}

export async function rateMonth(scope: PeriodScope, opening: RatingState): Promise<RatedMonth> {
  const rated = await makeRatedTable(scope, 'rated')
  const history = await makeRatedTable(scope, 'bucket_history')
  const alert = await makeRatedTable(scope, 'bucket_alert')
  const use = await scope.warehouse.writer('rated_use', await makeTable(scope, 'rated_use', USE), scope.scratch)
  try {
    return await scope.warehouse.withScratch((scratch) =>
      rateInto({ ...scope, scratch }, { opening, rated, history, alert, use }),
    )
  } finally {
    rated.close()
    history.close()
    alert.close()
    use.close()
  }
}

/** What was used, less what stands on bills of other periods: the sum of what `rated` has of a service and class. */
const USE = { account: 'VARCHAR', service: 'VARCHAR', usage_class: 'VARCHAR', base: 'BIGINT' } as const

type Writers = Readonly<Record<'rated' | 'history' | 'alert' | 'use', RowWriter>>
type Into = Writers & { readonly opening: RatingState }

async function rateInto(scope: PeriodScope, { opening, ...writers }: Into): Promise<RatedMonth> {
  await make(scope, 'live_document', `WITH ${liveDocumentsCte(scope.documents)} SELECT doc FROM live_document`)
  const sold = await readSoldServices(scope, opening)
  const calendars = new Calendars()
  const of = { index: sold.index, calendars, month: scope.period, opening }
  const groups = ratingGroups(of, sold.services)
  const none = { checkpoints: new Map<string, Checkpoint>(), balances: [], alerted: new Set<string>() }
  const closing = { ...none, broughtPlans: sold.broughtPlans }
  if (groups.length === 0) return { sold, calendars, closing, problems: sold.problems }
  const usage = await readSoldUsage(scope, { index: sold.index, calendars, groups })
  const written = new Written(billedPeriods(of), opening.alerted)
  await rateGroups(scope, { ...of, groups, usage }, (result) => {
    written.write(result, { ...writers, classes: usage.classes })
  })
  return {
    sold,
    calendars,
    closing: { ...written.closing(), broughtPlans: sold.broughtPlans },
    problems: [...sold.problems, ...written.problems(), ...(await findUsageNotRated(scope, { ...of, groups, usage }))],
  }
}

/** As every report writes a usage class. */
function classText(usageClass: string): string {
  return usageClass.replaceAll(' ', '/')
}

type AlertsOf = { readonly group: RatingGroup; readonly knownUntilMicros: number; readonly writer: RowWriter }

class Written {
  readonly #billed: ReadonlyMap<string, LocalDate>
  readonly #checkpoints = new Map<string, Checkpoint>()
  readonly #alerted: ReadonlySet<string>
  readonly #stillAlerted = new Set<string>()
  readonly #balances: GroupResult['balances'][number][] = []
  readonly #unrated: UnratedUsage[] = []

  constructor(billed: ReadonlyMap<string, LocalDate>, alerted: ReadonlySet<string>) {
    this.#alerted = alerted
    this.#billed = billed
  }

  /** Rows on bills of other periods are of other runs: usage that is due later, or that an earlier run billed. */
  write(
    { group, demands, rated, balances, knownUntilMicros }: GroupResult,
    to: Writers & { classes: ReadonlyArray<UsageClass> },
  ): void {
    for (const { service: row, usageClass, quantityBase } of demands) {
      const { account, service } = group.services[row] as RatedService
      to.use.append([account, service, classText(formatUsageClass(to.classes[usageClass] as UsageClass)), quantityBase])
    }
    for (const row of rated.rows) {
      const usageClass = classText(row.usageClass)
      if (row.periodStartOn === this.#billed.get(row.billedTo))
        to.rated.append([
          ...[row.account, row.service, usageClass, row.bucket, row.tier, row.billedTo],
          ...[row.periodStartOn, row.currency, row.quantityBase, row.amountMinor],
        ])
      else to.use.append([row.account, row.service, usageClass, -row.quantityBase])
    }
    for (const cells of historyRows(group, rated.histories)) to.history.append(cells)
    for (const one of rated.histories) this.#alert(one, { group, knownUntilMicros, writer: to.alert })
    const checkpoint = { atMicros: group.nextFromMicros, untilMicros: group.untilMicros }
    for (const { account } of group.accounts) this.#checkpoints.set(account, checkpoint)
    for (const balance of balances) this.#balances.push(balance)
    for (const unrated of rated.unrated) this.#unrated.push(unrated)
  }

  #alert(history: BucketHistory, { group, knownUntilMicros, writer }: AlertsOf): void {
    if (history.untilMicros <= group.fromMicros) return
    for (const alert of alertsOf(history, { knownUntilMicros })) {
      const name = alertName(alert)
      if (!this.#alerted.has(name)) writer.append(alertRow(alert))
      if (history.untilMicros > group.nextFromMicros) this.#stillAlerted.add(name)
    }
  }

  closing(): Pick<RatingState, 'checkpoints' | 'balances' | 'alerted'> {
    return { alerted: this.#stillAlerted, checkpoints: this.#checkpoints, balances: this.#balances }
  }

  problems(): Problem[] {
    return this.#unrated.map(({ account, service, usageClass, bucket, quantityBase }) =>
      problem('unrated', { account, service, usageClass, bucket, quantity: String(quantityBase) }),
    )
  }
}
