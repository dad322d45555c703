import { type CatalogueKind, catalogueDocumentName, type Period, parsePeriod } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { loadConfiguration, saveConfiguration } from '../../catalog/configuration.ts'
import { readProviderCatalogue } from '../../catalog/provider-catalogue.ts'
import { liveDocuments } from '../../warehouse/live-documents.ts'
import { rateMonth } from './rate-month.ts'
import { NO_STATE, type RatingState } from './rating-state.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

async function apply(built: WorkspaceBuilder, yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(built.workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
}

async function rate(built: WorkspaceBuilder, period: Period = OCTOBER, opening: RatingState = NO_STATE) {
  const { workspace } = built
  const documents = (await liveDocuments(workspace)).map(({ doc }) => doc)
  const configuration = await loadConfiguration(workspace)
  const { issues } = await readProviderCatalogue(workspace)
  expect(issues).toEqual([])
  const rateIn = (scratch: string, heldMax?: number) =>
    rateMonth({ ...workspace, period, documents, configuration, scratch }, opening, {
      ...(heldMax === 0 && { heldMax }),
    })
  return workspace.warehouse.withScratch(async (scratch) => {
    const { problems, closing } = await rateIn(scratch)
    const rows = await workspace.warehouse.rows<Record<string, string | bigint | number>>(
      `SELECT account, service, bucket, tier, quantity_base, amount_minor, period_start_on FROM ${scratch}.rated
       ORDER BY account, service, usage_class, bucket, tier`,
    )
    const lines = rows.map(
      (row) =>
        `${row.service} ${row.bucket === '' ? 'out' : `${row.bucket}.${row.tier}`} ${row.quantity_base} ${row.amount_minor}`,
    )
    const sorted = await workspace.warehouse.withScratch(async (other) => {
      await rateIn(other, 0)
      return workspace.warehouse.rows(`FROM ${other}.rated_row EXCEPT ALL FROM ${scratch}.rated_row`)
    })
    // What the database sums and sorts is what is summed and sorted here.
    expect(sorted).toEqual([])
    return { lines, problems, closing: { ...closing, billedAhead: [], adjusted: [] } }
  })
}

const ACCOUNT = `
kind: Account
id: ACC
currency: USD
---
kind: RatePlan
id: standard
rates: [{ usage-type: messaging, price: 0.10, per: 1 count }, { usage-type: voice, price: 0.10, per: 1 min, increment: 60/60 }]
---
kind: Product
id: sim
service-type: cellular
rate-plan: standard
---
kind: Product
id: other
service-type: meter
rate-plan: standard
`
type PlanOf = {
  readonly bucket: string
  readonly on?: string
  readonly level?: string
  readonly from?: string
  readonly billing?: string
}
const plan = ({
  bucket,
  on = 'ACC',
  level = 'account',
  from = '2026-10-01',
  billing = 'every: 1, unit: month',
}: PlanOf) => `---
kind: SharePlan
id: pool
name: Pool
active: true
share-level: ${level}
usage-billing: { ${billing} }
participating: [{ product: sim }, { product: other }]
buckets: [{ id: shared, accepts: [{ usage-type: messaging }], ${bucket} }]
---
kind: AccountSharePlan
account: ${on}
plan: pool
from: ${from}
`
const fixed = (tiers: string, more = 'life: recurring') => `type: fixed, ${more}, tiers: [${tiers}]`

/** `A 2026-10-05T10:00:00 60`: service, start, quantity. */
const usage = (...rows: string[]) =>
  `| service | on | used | usage_type |\n${rows.map((row) => `| ${row.split(' ').join(' | ')} count | messaging |`).join('\n')}`
const services = (...rows: string[]) =>
  `| service | product | account |\n${rows.map((row) => `| ${row.split(' ').join(' | ')} |`).join('\n')}`
const day = (time: string) => `2026-10-05T${time}`

async function rated(given: { yaml: string; services: string; usage: ReadonlyArray<string> }) {
  const built = await buildWorkspace()
  try {
    await apply(built, `${ACCOUNT}${given.yaml}`)
    await built.add({ service: given.services })
    for (const file of given.usage) await built.add({ usage: file })
    return await rate(built)
  } finally {
    await built.remove()
  }
}

type Example = {
  readonly yaml: string
  readonly services?: string
  readonly usage: ReadonlyArray<string>
  readonly expected: ReadonlyArray<string>
}
const TWO = services('A sim ACC', 'B sim ACC')
const TIERS = '{ size: 100 count }, { size: 100 count, flat: 5.00 }, { rate: 0.02, per: 1 count }'
const BANDS =
  '{ size: 100 count, rate: 2.00, per: 1 count }, { size: 100 count, rate: 1.50, per: 1 count }, { rate: 1.00, per: 1 count }'
const INVOICED = ['A', 'B'].map((id) => `---\nkind: Account\nid: ${id}\ncurrency: USD\nusage-invoicer: ACC\n`).join('')

const EXAMPLES: Readonly<Record<string, Example>> = {
  '2, the order': {
    yaml: `---
kind: Account
id: CHILD
parent: ACC
currency: USD
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 100 count, life: recurring }
---
{ kind: Product, id: rich, service-type: cellular, rate-plan: standard, buckets: [own] }
---
{ kind: Bucket, id: account, accepts: [{ usage-type: messaging }], amount: 50 count, life: recurring, on: { account: CHILD } }
---
{ kind: Bucket, id: parent, accepts: [{ usage-type: messaging }], amount: 50 count, life: recurring, on: { account: ACC, shared-to-children: true } }
${plan({ bucket: fixed('{ size: 200 count }'), on: 'CHILD' }).replace('{ product: other }', '{ product: rich }')}`,
    services: services('A rich CHILD'),
    usage: [usage(`A ${day('10:00:00')} 450`)],
    expected: ['A out 50 500', 'A account.1 50 0', 'A own.1 100 0', 'A parent.1 50 0', 'A shared.1 200 0'],
  },
  '3, two services and one pool, in files out of order': {
    yaml: plan({ bucket: fixed('{ size: 100 count }') }),
    usage: [usage(`A ${day('11:00:00')} 10`), usage(`B ${day('10:00:00')} 60`, `A ${day('09:00:00')} 60`)],
    expected: ['A out 10 100', 'A shared.1 60 0', 'B out 20 200', 'B shared.1 40 0'],
  },
  'events of one instant, by source and id': {
    yaml: plan({ bucket: fixed('{ size: 100 count }') }),
    usage: [
      `| service | on | used | usage_type | source | id |
        | A | ${day('10:00:00')} | 60 count | messaging | y | 1 |
        | B | ${day('10:00:00')} | 60 count | messaging | x | 2 |
        | A | ${day('10:00:00')} | 30 count | messaging | x | 1 |`,
    ],
    expected: ['A out 50 500', 'A shared.1 40 0', 'B shared.1 60 0'],
  },
  '4, tiers': {
    yaml: plan({ bucket: fixed(TIERS) }),
    usage: [usage(`A ${day('10:00:00')} 250`)],
    expected: ['A shared.1 100 0', 'A shared.2 100 500', 'A shared.3 50 100'],
  },
  '4, tiers, one unit into the second': {
    yaml: plan({ bucket: fixed(TIERS) }),
    usage: [usage(`A ${day('10:00:00')} 101`)],
    expected: ['A shared.1 100 0', 'A shared.2 1 500'],
  },
  '5, progressive': {
    yaml: plan({ bucket: fixed(BANDS) }),
    usage: [usage(`A ${day('10:00:00')} 250`)],
    expected: ['A shared.1 100 20000', 'A shared.2 100 15000', 'A shared.3 50 5000'],
  },
  '5, bracket': {
    yaml: plan({ bucket: `${fixed(BANDS)}, pricing: bracket` }),
    usage: [usage(`A ${day('10:00:00')} 250`)],
    expected: ['A shared.3 250 25000'],
  },
  '6, limit': {
    yaml: plan({ bucket: `${fixed('{ size: 100 count }')}, limits: { sim: 30 count }` }),
    usage: [usage(`A ${day('10:00:00')} 50`)],
    expected: ['A out 20 200', 'A shared.1 30 0'],
  },
  '7, multi-tier growth': {
    yaml: plan({
      bucket:
        'type: variable-multi-tier, life: recurring, tiers: [{ size: 0 count, growth: 2 count }, { size: 10 count, growth: 1 count }, { rate: 0.50, per: 1 count }]',
    }),
    services: services('A sim ACC', 'B sim ACC', 'C sim ACC', 'D sim ACC'),
    usage: [usage(`A ${day('10:00:00')} 25`)],
    expected: ['A shared.1 8 0', 'A shared.2 14 0', 'A shared.3 3 150'],
  },
  '8, usage invoicer': {
    yaml: `${INVOICED}${plan({ bucket: fixed('{ size: 100 count }'), level: 'usage-invoicer' })}`,
    services: services('A sim A', 'B sim B'),
    usage: [usage(`A ${day('09:00:00')} 60`, `B ${day('10:00:00')} 60`)],
    expected: ['A shared.1 60 0', 'B out 20 200', 'B shared.1 40 0'],
  },
  '8, the same plan at level account': {
    yaml: `${INVOICED}${plan({ bucket: fixed('{ size: 100 count }') })}`,
    services: services('A sim A', 'B sim B'),
    usage: [usage(`A ${day('09:00:00')} 60`, `B ${day('10:00:00')} 60`)],
    expected: ['A out 60 600', 'B out 60 600'],
  },
  '9, effective at once': {
    yaml: plan({ bucket: fixed('{ size: 100 count }'), from: '2026-10-15T12:00:00Z' }),
    usage: [usage('A 2026-10-15T11:59:00 5', 'A 2026-10-15T12:00:00 7')],
    expected: ['A out 5 50', 'A shared.1 7 0'],
  },
  '13, rated pool with rates by product': {
    yaml: plan({
      bucket: fixed(
        '{ size: 100 count }, { size: 400 count, rates: { sim: 0.10, other: 0.08 }, per: 1 count }, { size: 500 count, rates: { sim: 0.08, other: 0.06 }, per: 1 count }',
      ),
    }),
    services: services('A sim ACC', 'B other ACC'),
    usage: [
      usage(
        `A ${day('09:00:00')} 125`,
        `B ${day('10:00:00')} 300`,
        `A ${day('11:00:00')} 200`,
        `B ${day('12:00:00')} 150`,
      ),
    ],
    expected: [
      'A shared.1 100 0',
      'A shared.2 100 1000',
      'A shared.3 125 1000',
      'B shared.2 300 2400',
      'B shared.3 150 900',
    ],
  },
}

describe('a month that is rated', () => {
  it.each(Object.keys(EXAMPLES))('gives example %s', async (name) => {
    const { yaml, services = TWO, usage, expected } = EXAMPLES[name] as Example
    const { lines, problems } = await rated({ yaml, services, usage })
    expect(lines.sort()).toEqual([...expected].sort())
    expect(problems).toEqual([])
  })

  it('replenishes a bucket by contribution, and rolls over what is left where the plan says so (example 1)', async () => {
    for (const [life, left] of [
      ['life: recurring', 10n],
      ['life: recurring-rollover, periods: 1', 16n],
    ] as const) {
      const built = await buildWorkspace()
      try {
        const bucket = `type: variable-single-tier, ${life}, contributions: { sim: 1 count }, tiers: [{ size: contributions }]`
        await apply(built, `${ACCOUNT}${plan({ bucket })}`)
        await built.add({ service: services(...'ABCDEFGHIJ'.split('').map((id) => `${id} sim ACC`)) })
        await built.add({ usage: usage('A 2026-10-05T10:00:00 4', 'A 2026-11-05T10:00:00 20') })
        const october = await rate(built)
        expect(october.lines).toEqual(['A shared.1 4 0'])
        const november = await rate(built, NOVEMBER, october.closing)
        expect(november.lines).toEqual([`A out ${20n - left} ${(20n - left) * 10n}`, `A shared.1 ${left} 0`])
      } finally {
        await built.remove()
      }
    }
  })

  it('covers the dearest first where a bucket says so (example 10)', async () => {
    for (const [order, minor] of [
      ['time', 200n],
      ['highest-rate', 50n],
    ] as const) {
      const yaml = `---
kind: RatePlan
id: bands
rates: [{ usage-type: voice, time-band: peak, price: 0.20, per: 1 min }, { usage-type: voice, price: 0.05, per: 1 min }]
---
{ kind: Product, id: phone, service-type: cellular, rate-plan: bands }
${plan({ bucket: `${fixed('{ size: 10 min }')}, order: ${order}` })
  .replace('{ product: other }', '{ product: phone }')
  .replace('messaging', 'voice')}`
      const calls = `| service | on | used | usage_type | time_band |
        | A | 2026-10-05T10:00:00 | 10 min | voice | peak |
        | A | 2026-10-05T09:00:00 | 10 min | voice | off-peak |`
      const { lines } = await rated({ yaml, services: services('A phone ACC'), usage: [calls] })
      expect(lines.find((line) => line.startsWith('A out'))).toBe(`A out 600 ${minor}`)
    }
  })
})
