// Makes a bucket group ready to draw from: every bucket that its services can reach, each service's own chain of them, and
// what each class costs out of bucket. Decides nothing that a document or the directory does not say.

import type { BucketLine } from './bucket-line.ts'
import { ALWAYS, type InForce, type Series } from './bucket-shape.ts'
import type { RatedService } from './catalogue.ts'
import type { Chain } from './chain.ts'
import { type CompiledClasses, compiledClasses } from './compiled-classes.ts'
import type { OutPrice } from './exact-price.ts'
import {
  type GroupInput,
  type KindOfService,
  kindAt,
  OpeningBalances,
  rowCountOf,
  type ServiceRows,
} from './group-input.ts'
import { accountLines, type KindRows, type LineContext, ownLines, planLines } from './lines-of-group.ts'
import { type GroupRow, RowKind } from './row-kind.ts'

export type BucketGroup = {
  readonly input: GroupInput
  readonly compiled: CompiledClasses
  readonly rows: ReadonlyArray<GroupRow>
  readonly lines: ReadonlyArray<BucketLine>
  readonly classCount: number
  readonly serviceCount: number
  /** What a class costs a row out of bucket; null: no line of its rate plan prices it. */
  readonly outPrice: (row: number, usageClass: number) => OutPrice | null
  /** By row and class: chains that hold for the whole run, where `needsOrder` found them. */
  readonly steady: Array<Chain | undefined>
}

/** What the services of a group share: kinds of rows, and the buckets that are not on one service alone. */
export type SharedGroup = {
  readonly context: LineContext
  /** On accounts, then in plans. */
  readonly lines: ReadonlyArray<BucketLine>
  /** By kind of row. */
  readonly kinds: ReadonlyArray<RowKind>
}

/** @throws Bug where a row names an account or a rate plan that the catalogue does not have. */
export function compileShared(input: GroupInput): SharedGroup {
  const { index, calendars } = input
  const compiled = compiledClasses(index, input.classes)
  const { numbers, ...run } = numberServices(input)
  const context: LineContext = {
    input,
    compiled,
    run: { windowFromMicros: input.fromMicros, ...run },
    numbers,
    spans: spansOf(input),
    ...kindsOf(input),
    balances: new OpeningBalances(input.opening, input.ownOpening),
  }
  const accounts = accountLines(context)
  const plans = planLines(context)
  const kinds = context.kinds.map((rows, number): RowKind => {
    const { account, product } = rows.service
    const billedTo = index.billedTo(account)
    return new RowKind({
      compiled,
      product,
      participation: rows.participant?.participation ?? null,
      lines: [...(accounts.byAccount.get(account) ?? []), ...(plans.byKind[number] ?? [])],
      billedTo,
      billing: calendars.billing(billedTo),
      planPeriods: plans.seriesByKind[number] ?? ([] as ReadonlyArray<Series>),
    })
  })
  return { context, lines: [...accounts.lines, ...plans.lines], kinds }
}

/** Numbers services in the order in which each first stands: those that ascend without a look at any other. */
function numberServices(input: GroupInput) {
  const count = rowCountOf(input)
  if (input.serviceRows?.areInOrder === true) {
    const numberOfService = numbersByName(() => numberByName(input.services, new Int32Array(count)))
    return { numbers: firstNumbers(count), serviceCount: count, numberOfService }
  }
  const { services } = input
  const numbers = new Int32Array(count)
  let isAscending = true
  for (let row = 0; row < count; row += 1) {
    numbers[row] = row
    isAscending &&= row === 0 || (services[row - 1] as RatedService).service < (services[row] as RatedService).service
  }
  if (isAscending) {
    const numberOfService = numbersByName(() => numberByName(services, numbers))
    return { numbers, serviceCount: count, numberOfService }
  }
  const known = numberByName(services, numbers)
  return { numbers, serviceCount: known.size, numberOfService: (service: string) => known.get(service) }
}

/** Names are looked at when somebody asks for one. */
function numbersByName(make: () => Map<string, number>): (service: string) => number | undefined {
  let known: Map<string, number> | null = null
  return (service) => {
    known ??= make()
    return known.get(service)
  }
}

let ascending = Int32Array.from({ length: 1024 }, (_, number) => number)

/** 0, 1, 2 and so on; the same memory for everybody, to be read only. */
function firstNumbers(count: number): Int32Array {
  if (ascending.length < count) ascending = Int32Array.from({ length: 2 * count }, (_, number) => number)
  return ascending.subarray(0, count)
}

/** Sets the number of each row. */
function numberByName(services: ReadonlyArray<RatedService>, numbers: Int32Array): Map<string, number> {
  const known = new Map<string, number>()
  for (let row = 0; row < services.length; row += 1) {
    const { service } = services[row] as RatedService
    const number = known.get(service) ?? known.size
    if (number === known.size) known.set(service, number)
    numbers[row] = number
  }
  return known
}

/** Ready to be drawn from; of `shared` nothing may have been drawn before. */
export function compileGroup(input: GroupInput, shared: SharedGroup = compileShared(input)): BucketGroup {
  const { context, kinds, lines } = shared
  const own = ownLines(context)
  const rows = input.services.map(
    (service, row): GroupRow => ({
      service,
      serviceNumber: context.numbers[row] as number,
      inForce: context.spans[row] as InForce,
      own: own.byRow[row] as ReadonlyArray<BucketLine>,
      kind: kinds[context.kindOfRow[row] as number] as RowKind,
    }),
  )
  return {
    input,
    compiled: context.compiled,
    rows,
    lines: [...own.lines, ...lines],
    classCount: input.classes.length,
    serviceCount: context.run.serviceCount,
    outPrice: (row, usageClass) => (rows[row] as GroupRow).kind.outPrice(usageClass),
    steady: [],
  }
}

/** By row, the instants between which it is in force. */
function spansOf(input: GroupInput): ReadonlyArray<InForce> {
  const { serviceRows } = input
  if (serviceRows === undefined) return input.services.map((service) => spanOf(service, service.account, input))
  const { count } = serviceRows
  const spans = new Array<InForce>(count)
  for (let row = 0; row < count; row += 1)
    spans[row] = serviceRows.hasDays(row)
      ? spanOf(serviceRows.daysAt(row), serviceRows.kindAt(row).account, input)
      : ALWAYS
  return spans
}

type Days = Pick<RatedService, 'from' | 'until'>

/** The instants between which a row of a service is in force. */
function spanOf({ from, until }: Days, account: string, { index, calendars }: GroupInput): InForce {
  if (from === null && until === null) return ALWAYS
  const { timeZone } = index.account(account)
  return {
    fromMicros: from === null ? Number.NEGATIVE_INFINITY : calendars.startOfDay(from, timeZone),
    untilMicros: until === null ? Number.POSITIVE_INFINITY : calendars.startOfDay(until, timeZone),
  }
}

type KindsOfRows = Pick<LineContext, 'kinds' | 'kindOfRow'>

let rowsOfOne: ReadonlyArray<number> = []
let kindOfOne = new Int32Array(0)

/** Where all rows are of one kind; the same memory for groups of one size, to be read only. */
function oneKindOf({ index }: GroupInput, serviceRows: ServiceRows): KindsOfRows {
  const { count } = serviceRows
  if (rowsOfOne.length !== count) {
    rowsOfOne = Array.from({ length: count }, (_, row) => row)
    kindOfOne = new Int32Array(count)
  }
  const service = serviceRows.kindAt(0)
  return { kinds: [{ service, participant: index.participantOf(service), rows: rowsOfOne }], kindOfRow: kindOfOne }
}

function areOfOneKind(rows: ServiceRows): boolean {
  for (let row = 1; row < rows.count; row += 1) if (!rows.isSameKind(row, row - 1)) return false
  return rows.count > 0
}

/** Rows by account, product and service type, in the order in which each first stands. */
function kindsOf(input: GroupInput): KindsOfRows {
  const { serviceRows, index } = input
  if (serviceRows !== undefined && areOfOneKind(serviceRows)) return oneKindOf(input, serviceRows)
  const count = rowCountOf(input)
  const kinds: Array<KindRows & { readonly rows: number[] }> = []
  const numbers = new Map<string, number[]>()
  const kindOfRow = new Int32Array(count)
  let last = -1
  for (let row = 0; row < count; row += 1) {
    const isSame = serviceRows !== undefined && row > 0 && serviceRows.isSameKind(row, row - 1)
    if (!isSame) {
      const service = kindAt(input, row)
      if (last === -1 || !isOfKind(kinds[last] as KindRows, service)) {
        const ofAccount = numbers.get(service.account) ?? []
        if (ofAccount.length === 0) numbers.set(service.account, ofAccount)
        last = ofAccount.find((number) => isOfKind(kinds[number] as KindRows, service)) ?? kinds.length
        if (last === kinds.length) {
          kinds.push({ service, participant: index.participantOf(service), rows: [] })
          ofAccount.push(last)
        }
      }
    }
    kinds[last]?.rows.push(row)
    kindOfRow[row] = last
  }
  return { kinds, kindOfRow }
}

function isOfKind({ service }: KindRows, { account, product, serviceType }: KindOfService): boolean {
  return service.product === product && service.account === account && service.serviceType === serviceType
}
