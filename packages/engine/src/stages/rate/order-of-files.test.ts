// The order of files never changes a bill (spec, share plans): the same usage, dealt to files in any way and imported in any
// order, some of it in several files, gives the same rows, histories, alerts, balances and bills to the byte.
import { type LocalDate, type Period, parsePeriod, type Usage, type UsageType } from '@spillway/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { usage } from '../../../test/import/test-facts.ts'
import { testIntake } from '../../../test/import/test-intake.ts'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { outputsOf } from '../../catalog/run-record.ts'
import { currentRun } from '../../queries/current-run.ts'
import { closePeriod } from '../close.ts'
import { importFiles } from '../import/import-files.ts'

const NOVEMBER = parsePeriod('2026-11') as Period
const FILES = 3
const HOUR = 3_600_000_000

/** Ties in time, across services and sources, and some of November. */
const EVENTS = Array.from({ length: 60 }, (_, at): Partial<Usage> => {
  const usageType: UsageType = at % 5 === 0 ? 'voice' : 'data'
  return {
    source: at % 2 === 0 ? 'core' : 'edge',
    id: `e${(at * 37) % 60}`,
    account: 'U',
    service: 'ABM'[at % 3] as string,
    usageType,
    startedAt: Date.UTC(2026, 9, 2) * 1000 + Math.floor(at / 4) * 60 * HOUR,
    quantityBase: usageType === 'voice' ? BigInt(30 + at * 7) : BigInt(500_000 + at * 137_000),
    ...(usageType === 'voice' ? { quantity: '', unit: '' } : {}),
  }
})

/** For each event the files that have it, and by what its place in them is decided; and the order of the files. */
const dealing = fc.record({
  places: fc.array(
    fc.record({ files: fc.uniqueArray(fc.nat(FILES - 1), { minLength: 1, maxLength: 2 }), shuffle: fc.nat() }),
    { minLength: EVENTS.length, maxLength: EVENTS.length },
  ),
  order: fc.shuffledSubarray([0, 1, 2], { minLength: FILES, maxLength: FILES }),
  isTogether: fc.boolean(),
})
type Dealing = typeof dealing extends fc.Arbitrary<infer T> ? T : never

async function outputs({ places, order, isTogether }: Dealing): Promise<unknown> {
  const built = await buildWorkspace()
  try {
    const { workspace } = built
    await applyDocuments(workspace, MIXED_PROVIDER)
    await built.add({ service: MIXED_SERVICES })
    const dealt = EVENTS.map((event, at) => ({ event, ...(places[at] as Dealing['places'][number]) }))
    dealt.sort((a, b) => a.shuffle - b.shuffle)
    const files = order.map((file) => {
      const rows = dealt.filter((one) => one.files.includes(file)).map(({ event }) => usage(event))
      return [`${file}.csv`, { parts: [{ rows }] }] as const
    })
    for (const batch of isTogether ? [files] : files.map((one) => [one]))
      await importFiles(workspace, {
        paths: batch.map(([path]) => path),
        intake: testIntake(Object.fromEntries(batch)),
        source: '',
        asOfOn: '2026-12-01' as LocalDate,
      })
    const told: unknown[] = []
    for (const period of [OCTOBER, NOVEMBER]) {
      const { problems } = await closePeriod(workspace, { period })
      const { rated, totals } = outputsOf(await currentRun(workspace, period))
      told.push({ rated, totals, problems: problems.map(({ message }) => message) })
    }
    return told
  } finally {
    await built.remove()
  }
}

it('gives the same bytes however usage is dealt to files', async () => {
  const inOrder = { files: [0], shuffle: 0 }
  const plain = await outputs({ places: EVENTS.map(() => inOrder), order: [0, 1, 2], isTogether: true })
  expect(plain).toMatchObject([
    { rated: expect.arrayContaining([expect.objectContaining({ table: 'customer_bill_line' })]) },
    {},
  ])
  await fc.assert(
    fc.asyncProperty(dealing, async (dealt) => {
      expect(await outputs(dealt)).toEqual(plain)
    }),
    { numRuns: 2, endOnFailure: true },
  )
})
