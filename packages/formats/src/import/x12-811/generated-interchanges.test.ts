import type { ReadRow } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differences, factsOf, isCharge, isRefused, isTotal, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateInterchange } from '../../../test/generators/x12-interchange.ts'
import { readInterchange } from '../../../test/x12.ts'

const seeds = fc.integer({ min: 1, max: 1_000_000_000 })

describe('generated interchanges', () => {
  it('read without an error, foot, and lose no segment', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const bill = generateInterchange({ seed })
        const rows = await readInterchange(bill.text)
        expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: bill.segments }, (_, at) => at + 1))
        expect(problemsOf(rows).filter(({ code }) => code !== 'date-order')).toEqual([])
        expect(differences(rows)).toEqual({})
        const facts = factsOf(rows)
        expect(new Map(facts.filter(isTotal).map(({ invoice, totalMinor }) => [invoice, Number(totalMinor)]))).toEqual(
          bill.totals,
        )
        const voice = facts.filter(isUsage).filter(({ usageType }) => usageType === 'voice')
        expect(sum(voice.map(({ quantityBase }) => quantityBase))).toBe(BigInt(bill.voiceSeconds))
        const names = [
          ...facts.filter(isCharge).map(({ invoice, line }) => `${invoice} ${line}`),
          ...facts.filter(isUsage).map(({ id }) => id),
        ]
        expect(new Set(names).size).toBe(names.length)
        expect(new Set(facts.filter(isCharge).map(({ periodStartOn }) => periodStartOn))).toEqual(
          new Set(['2026-03-01']),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('differ by exactly what was planted', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const bill = generateInterchange({ seed, plantDifference: true })
        const { invoice, differenceMinor } = bill.planted ?? { invoice: '', differenceMinor: 0 }
        expect(differences(await readInterchange(bill.text))).toEqual({ [invoice]: BigInt(differenceMinor) })
      }),
      { numRuns: 40 },
    )
  })

  it('quarantine exactly the segments that were made unreadable, and lose exactly their money', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 4 }), async (seed, unreadableRows) => {
        const bill = generateInterchange({ seed, unreadableRows })
        const rows = await readInterchange(bill.text)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(bill.unreadable.map(({ segment }) => segment))
        const lost = bill.unreadable.reduce((total, { minor }) => total + minor, 0)
        expect(sum(Object.values(differences(rows)))).toBe(BigInt(-lost))
      }),
      { numRuns: 40 },
    )
  })

  it('are refused or read wherever they are cut off', async () => {
    const bill = generateInterchange({ seed: 811 })
    for (let end = 0; end < bill.text.length; end += 101) {
      const rows = await readInterchange(bill.text.slice(0, end)).catch((error: unknown) => error)
      if (Array.isArray(rows)) expect(rows.map(({ line }: ReadRow) => line)).toEqual(rows.map((_, at) => at + 1))
      else expect(rows).toMatchObject({ kind: 'unrecognised-file' })
    }
  })
})
