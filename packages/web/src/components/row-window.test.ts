import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AT_START,
  atRest,
  DRAWN_HEIGHT_MAX,
  placeAfter,
  placeAt,
  type ScrollPlace,
  type TableExtent,
  windowAt,
} from './row-window.ts'

const SHORT: TableExtent = { rowCount: 5000, rowHeight: 36, viewHeight: 600, around: 8 }
const MILLION: TableExtent = { ...SHORT, rowCount: 1_000_000 }

/** Where a row is seen: pixels beneath the head of the table. */
function seenAt(index: number, place: ScrollPlace, extent: TableExtent): number {
  const { first, before } = windowAt(place, extent)
  return before + (index - first) * extent.rowHeight - place.bar
}

function drawn(place: ScrollPlace, extent: TableExtent): number {
  const { first, end, before, after } = windowAt(place, extent)
  return before + (end - first) * extent.rowHeight + after
}

describe('the rows in the page', () => {
  it.each([
    [0, { first: 0, end: 28, before: 0, after: 178_992 }],
    [36, { first: 0, end: 28, before: 0, after: 178_992 }],
    [18_000, { first: 492, end: 528, before: 17_712, after: 160_992 }],
    [179_400, { first: 4972, end: 5000, before: 178_992, after: 0 }],
  ])('of five thousand with the bar at %d', (bar, shown) => {
    expect(windowAt(placeAt(bar, SHORT), SHORT)).toEqual(shown)
  })

  it('are all of a table that is short, and none of an empty one', () => {
    const { first, end, before, after } = windowAt(AT_START, { ...SHORT, rowCount: 3 })
    expect([first, end, before, after]).toEqual([0, 3, 0, 0])
    expect(windowAt(AT_START, { ...SHORT, rowCount: 0 })).toEqual({ first: 0, end: 0, before: 0, after: 0 })
  })

  it('have the first of a million at the start of the bar and the last at its end', () => {
    expect(windowAt(placeAt(0, MILLION), MILLION).first).toBe(0)
    const end = placeAt(DRAWN_HEIGHT_MAX - MILLION.viewHeight, MILLION)
    expect(windowAt(end, MILLION).end).toBe(1_000_000)
    expect(seenAt(999_999, end, MILLION)).toBeCloseTo(MILLION.viewHeight - MILLION.rowHeight, 3)
    const half = windowAt(placeAt((DRAWN_HEIGHT_MAX - MILLION.viewHeight) / 2, MILLION), MILLION)
    expect(half.first).toBeLessThan(500_000)
    expect(half.end).toBeGreaterThan(500_000)
  })

  it('move by a wheel as far as the wheel, and by the bar as far as the bar says', () => {
    const place = placeAt(2_000_000, MILLION)
    const row = Math.ceil(place.top / MILLION.rowHeight)
    const wheeled = placeAfter(place, place.bar + 100, MILLION)
    expect(seenAt(row, wheeled, MILLION)).toBeCloseTo(seenAt(row, place, MILLION) - 100, 3)
    const dragged = placeAfter(place, place.bar + 100_000, MILLION)
    expect(dragged).toEqual(placeAt(2_100_000, MILLION))
  })

  it('stay where they are while the bar goes back to where they belong', () => {
    let place = placeAt(1_000_000, MILLION)
    for (let turn = 0; turn < 500; turn += 1) place = placeAfter(place, place.bar + 120, MILLION)
    const row = Math.ceil(place.top / MILLION.rowHeight)
    const rested = atRest(place, MILLION)
    expect(rested.bar).toBeLessThan(place.bar - 50_000)
    expect(seenAt(row, rested, MILLION)).toBeCloseTo(seenAt(row, place, MILLION), 3)
    expect(placeAt(rested.bar, MILLION).top).toBeCloseTo(rested.top, 3)
  })

  it('cover what is in sight, with room above and below that is never less than none, however it is scrolled', () => {
    const extent = fc.record({
      rowCount: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000_000 })),
      rowHeight: fc.constantFrom(28, 36),
      viewHeight: fc.integer({ min: 100, max: 1200 }),
      around: fc.constantFrom(0, 1, 8, 100),
    })
    const moves = fc.array(
      fc.oneof(fc.double({ min: -1500, max: 1500, noNaN: true }), fc.integer({ min: -4e6, max: 4e6 })),
    )
    fc.assert(
      fc.property(extent, moves, fc.boolean(), (one, steps, rests) => {
        const height = Math.min(one.rowCount * one.rowHeight, DRAWN_HEIGHT_MAX)
        const barMax = Math.max(0, height - one.viewHeight)
        let place = AT_START
        for (const step of steps) {
          place = placeAfter(place, Math.min(barMax, Math.max(0, place.bar + step)), one)
          if (rests) place = atRest(place, one)
          const { first, end, before, after } = windowAt(place, one)
          expect(before).toBeGreaterThanOrEqual(0)
          expect(after).toBeGreaterThanOrEqual(0)
          expect(drawn(place, one)).toBeGreaterThan(height - 0.001)
          expect(drawn(place, one)).toBeLessThan(height + 2 * one.rowHeight)
          expect(end - first).toBeLessThan((one.viewHeight / one.rowHeight + 2) * 2 + 4 * one.around + 4)
          if (first > 0) expect(seenAt(first, place, one)).toBeLessThanOrEqual(0.001)
          if (end < one.rowCount) expect(seenAt(end, place, one)).toBeGreaterThanOrEqual(one.viewHeight - 0.001)
        }
      }),
    )
  })
})
