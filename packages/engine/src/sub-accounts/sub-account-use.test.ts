// Who was in a conference at once, beside a count of every moment; and what is kept of an account until other usage counts.
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildWorkspace, type TableRow, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { periodOfMonth, useOfAccount } from './sub-account-use.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const MASTER = { currency: 'USD', timeZone: 'UTC', cycleDay: 1 }
const OF = { account: 'R100', currency: 'USD', period: periodOfMonth(MASTER, 2026 * 12 + 9) }

type Leg = { readonly conference: string; readonly from: number; readonly minutes: number }
const leg = fc.record({
  conference: fc.constantFrom('C1', 'C2', 'C3'),
  from: fc.integer({ min: 0, max: 12 }),
  minutes: fc.integer({ min: 0, max: 8 }),
})
const at = (minute: number) => new Date(Date.UTC(2026, 9, 5, 9, minute)).toISOString().slice(0, 19)
const rowOf = ({ conference, from, minutes }: Leg, index: number): TableRow => ({
  ...{ account: 'R100', service: 'ada', id: `e${index}`, usage_type: 'conference', conference, is_wall_time: 'false' },
  ...{ on: at(from), until: at(from + minutes), used: `${minutes} min` },
})

/** Whoever leaves as another comes has left before; a leg that took no time left as it came. */
function mostAtOnce(legs: ReadonlyArray<Leg>): number {
  const steps = legs.flatMap(({ conference, from, minutes }) => [
    { conference, moment: from, change: 1 },
    { conference, moment: from + minutes, change: -1 },
  ])
  const most = ['C1', 'C2', 'C3'].map((name) => {
    const own = steps.filter(({ conference }) => conference === name)
    own.sort((a, b) => a.moment - b.moment || a.change - b.change)
    let [present, highest] = [0, Number.NEGATIVE_INFINITY]
    for (const { change } of own) {
      present += change
      highest = Math.max(highest, present)
    }
    return highest
  })
  return Math.max(...most)
}

it('counts who was there at once as a walk through every moment does, whether all were or some came as others left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(leg, { minLength: 1, maxLength: 8 }), async (legs) => {
      await built.remove()
      built = await buildWorkspace()
      await built.add({ usage: legs.map(rowOf) })
      const use = (await useOfAccount(built.workspace, OF)).get('ada')
      expect(use?.participantsMost).toBe(mostAtOnce(legs))
      const spans = ['C1', 'C2', 'C3'].flatMap((name) => {
        const own = legs.filter(({ conference }) => conference === name)
        const ends = own.map(({ from, minutes }) => from + minutes)
        return own.length === 0 ? [] : [Math.max(...ends) - Math.min(...own.map(({ from }) => from))]
      })
      expect(use?.longestCallSeconds).toBe(BigInt(60 * Math.max(...spans)))
      expect(use?.usedSeconds).toBe(BigInt(60 * legs.reduce((sum, { minutes }) => sum + minutes, 0)))
    }),
    { numRuns: 12 },
  )
}, 120_000)

it('is the same for as long as nothing else counts, and knows of usage that came', async () => {
  await built.add({ usage: [rowOf({ conference: 'C1', from: 0, minutes: 5 }, 1)] })
  const before = await useOfAccount(built.workspace, OF)
  expect(await useOfAccount(built.workspace, OF)).toBe(before)
  await built.add({ usage: [rowOf({ conference: 'C1', from: 2, minutes: 9 }, 2)] })
  expect((await useOfAccount(built.workspace, OF)).get('ada')).toMatchObject({ participantsMost: 2, usedSeconds: 840n })
  expect(before.get('ada')).toMatchObject({ participantsMost: 1, usedSeconds: 300n })
})
