// The lines of bills behind an amount: those of one component, or those of the service that stay where they are.
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { factsOf } from '../../stages/allocate/period-scope.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { citeBill, citeRow, type ExplainScope, limitSql, shown } from './explain-scope.ts'
import type { ChargeLine, CitedCharges, RetainedCharges } from './explanation.ts'

type LineRow = Row & {
  doc: number
  line: number
  service: string
  invoice: string
  category: string
  usage_type: string
  product: string
  description: string
  billed_minor: bigint
  counted_minor: bigint
}

type SummedRow = LineRow & { count: bigint; own_count: bigint; minor: bigint; own_minor: bigint }

/** Which pieces of charges are meant: a condition over `p`, binding what `parameters` holds. */
type Pieces = { readonly where: string; readonly parameters: Readonly<Record<string, string | number>> }

export async function citeComponentCharges(
  scope: ExplainScope,
  { segmentNo, componentNo, currency }: { segmentNo: number; componentNo: number; currency: string },
): Promise<CitedCharges> {
  return citePieces(scope, {
    where: 'p.segment_no = $segment_no AND p.component_no = $component_no AND p.currency = $currency',
    parameters: { segment_no: segmentNo, component_no: componentNo, currency },
  })
}

/** The charges of the service that no component takes, by currency. */
export async function citeRetainedCharges(scope: ExplainScope): Promise<RetainedCharges[]> {
  const { warehouse, scratch } = scope.period
  const currencies = await warehouse.rows<{ currency: string }>(
    `SELECT DISTINCT p.currency FROM ${scratch}.piece AS p WHERE p.segment_no IS NULL AND p.service = $service ORDER BY ALL`,
    { service: scope.service },
  )
  const retained: RetainedCharges[] = []
  for (const { currency } of currencies) {
    const where = 'p.segment_no IS NULL AND p.service = $service AND p.currency = $currency'
    retained.push({ currency, ...(await citePieces(scope, { where, parameters: { currency } })) })
  }
  return retained
}

async function citePieces(scope: ExplainScope, { where, parameters }: Pieces): Promise<CitedCharges> {
  const { warehouse, scratch, tenant } = scope.period
  // Lines of our own bills are in no document.
  const ownLines = scope.period.rating?.areBillsCharges
    ? `UNION ALL SELECT p.doc, 0, p.service, c.number, c.category, c.usage_type, c.product, concat_ws(' ', c.kind, nullif(c.about, '')),
         c.amount_minor, p.amount_minor, p.ordinal
       FROM ${scratch}.piece AS p JOIN ${scratch}.own_line AS c ON p.doc = ${OWN_DOC} AND c.ordinal = p.ordinal WHERE ${where}`
    : ''
  // One row per piece, and one at least: a charge is one row of its document, or one line of our bills. Sums stand in every row.
  const rows = await warehouse.rows<SummedRow>(
    `SELECT * FROM (SELECT count(*) AS count, count(*) FILTER (p.service = $service) AS own_count, coalesce(sum(p.amount_minor), 0) AS minor,
         coalesce(sum(p.amount_minor) FILTER (p.service = $service), 0) AS own_minor
       FROM ${scratch}.piece AS p WHERE ${where})
     LEFT JOIN (SELECT * FROM (SELECT p.doc, c.line, p.service, c.invoice, c.category, c.usage_type, c.product, c.description,
         c.amount_minor AS billed_minor, p.amount_minor AS counted_minor, p.ordinal
       FROM ${scratch}.piece AS p JOIN ${factsOf(scope.period, 'charge')} AS c ON c.tenant = $tenant AND c.doc = p.doc AND c.ordinal = p.ordinal
       WHERE ${where} ${ownLines}) ORDER BY service <> $service, doc, ordinal ${limitSql(scope)}) ON true
     ORDER BY service <> $service, doc, ordinal`,
    { ...parameters, service: scope.service, tenant },
  )
  const [sums] = rows as [SummedRow]
  return {
    count: Number(sums.count),
    amountMinor: BigInt(sums.minor),
    ownCount: Number(sums.own_count),
    ownMinor: BigInt(sums.own_minor),
    lines: sums.count === 0n ? [] : shown(scope, rows).map((row) => toLine(scope, row)),
  }
}

function toLine(scope: ExplainScope, row: LineRow): ChargeLine {
  return {
    at: row.doc === OWN_DOC ? citeBill(row.invoice) : citeRow(scope, row),
    service: row.service,
    isOwn: row.service === scope.service,
    invoice: row.invoice,
    category: row.category,
    usageType: row.usage_type,
    product: row.product,
    description: row.description,
    billedMinor: row.billed_minor,
    countedMinor: row.counted_minor,
  }
}
