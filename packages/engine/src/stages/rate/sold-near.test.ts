// Accounts that are rated alone, where one of their services was on another account before that is not among them.
import { expect, it } from 'vitest'
import { applyDocuments } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { currentRun } from '../../queries/current-run.ts'
import { KeptSums } from '../../queries/kept-sums.ts'
import { placesOfMonth } from '../../queries/note-places.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { storeDocuments } from '../allocate/period-scope.ts'
import { closePeriod } from '../close.ts'
import { ratePeriod } from './rate-period.ts'
import type { RatingInputs } from './rating-inputs.ts'
import { nearAccounts } from './sold-near.ts'

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: USD }
---
{ kind: Account, id: W, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count, connection: 0.01 }] }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 5 count, life: recurring }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
`

const WAYS: ReadonlyArray<[string, { readonly placesMax?: number; readonly isNoted?: boolean }]> = [
  ['kept', {}],
  ['read where its rows are known to stand', { isNoted: true }],
  ['read when it is asked for, as where there is very much of it', { placesMax: 1 }],
]

it.each(WAYS)(
  'leaves out what a service used on an account that is not among them; usage is %s',
  async (_, { isNoted = false, ...options }) => {
    const built = await buildWorkspace()
    try {
      const { workspace } = built
      await applyDocuments(workspace, CONFIGURATION)
      await built.add({
        service: `| service | product | account | from_on | to_on |\n| A | sim | U | 2026-10-01 | |\n| M | sim | V | 2026-10-01 | 2026-10-14 |
        | M | sim | W | 2026-10-15 | |\n| Z | sim | W | 2026-10-01 | |`,
        usage: `| service | on | used | usage_type |\n| A | 2026-10-03T10:00:00 | 8 count | messaging |\n| M | 2026-10-03T10:00:00 | 9 count | messaging |
        | M | 2026-10-20T10:00:00 | 11 count | messaging |\n| Z | 2026-10-20T10:00:00 | 7 count | messaging |`,
      })
      await closePeriod(workspace, { period: OCTOBER })
      const run = await currentRun(workspace, OCTOBER)
      const lines = async (rows: string) =>
        (
          await workspace.warehouse.rows<{ line: string }>(
            `SELECT concat_ws(' ', account, service, bucket, tier, quantity_base, amount_minor) AS line FROM ${rows} ORDER BY line`,
          )
        ).map(({ line }) => line)
      const alone = await workspace.warehouse.withScratch(async (scratch) => {
        const sums = new KeptSums(workspace)
        if (isNoted) for (const note of placesOfMonth(OCTOBER)) await note(unscoped({ ...workspace, sums }))
        const pinned = await pinnedScope({ ...workspace, sums }, { run, scratch })
        await storeDocuments(pinned)
        await ratePeriod(await nearAccounts(pinned, new Set(['W']), options), pinned.rating as RatingInputs)
        return lines(`${scratch}.rated`)
      })
      // Of the 11 and the 7 each has 5 in its own bucket; the rest is 0.10 each and 0.01 for the connection.
      expect(alone).toEqual(['W M  0 6 61', 'W M own 1 5 0', 'W Z  0 2 21', 'W Z own 1 5 0'])
      expect(await lines(`rated WHERE run = '${run.id}' AND account = 'W'`)).toEqual(alone)
    } finally {
      await built.remove()
    }
  },
)
