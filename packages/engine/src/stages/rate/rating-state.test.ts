import { ownBalanceAt } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { type DatedBalance, KeptBalances } from './rating-state.ts'

const AT = 1_790_812_800_000_000
const own = (service: string, rest: Partial<DatedBalance> = {}): DatedBalance => ({
  holder: { on: 'service', account: 'A', service },
  ...{ bucket: 'b', startMicros: 5, atMicros: AT, rolledIn: [], drawnBase: 7n, drawnByService: new Map() },
  ranOutAt: [null],
  ...rest,
})
const layer = (startMicros: number, leftBase: bigint) => ({ startMicros, leftBase })

const PLAIN = [
  own('s1'),
  own('s2', { rolledIn: [layer(3, 30n)], drawnBase: 0n }),
  own('s3', { rolledIn: [layer(1, 10n), layer(3, 20n)] }),
  own('s4', { bucket: 'c' }),
]
const OTHERS = [
  own('s5', { ranOutAt: [9] }),
  own('s6', { ranOutAt: [null, null] }),
  own('s7', { drawnBase: 2n ** 60n }),
  own('s8', { rolledIn: [layer(1, 2n ** 60n)] }),
  own('s9', { drawnByService: new Map([['s9', 4n]]) }),
  own('', { holder: { on: 'account', account: 'A' } }),
  own('', { holder: { on: 'share-plan', account: 'A', plan: 'p' } }),
]

/** As they are when they are stored and read again. */
function storedAndRead(kept: KeptBalances): KeptBalances {
  const read = new KeptBalances()
  for (const [kind, account, , body] of kept.rows())
    if (kind === 'balance') read.addLines(account, body)
    else read.addColumns(account, JSON.parse(body))
  return read
}

function keptOf(balances: ReadonlyArray<DatedBalance>, areAllLines: boolean): KeptBalances {
  const kept = new KeptBalances({ areAllLines })
  for (const balance of balances) kept.add(balance, balance.atMicros)
  return kept
}

const allOf = (kept: KeptBalances, account: string): DatedBalance[] => {
  const own = kept
    .ownOf(account)
    .flatMap((one) => one.services.map((_, place) => ({ ...ownBalanceAt(one, place), atMicros: one.atMicros })))
  return [...own, ...kept.othersOf(account)]
}

const byHolder = (balances: ReadonlyArray<DatedBalance>) =>
  [...balances].sort((a, b) => (JSON.stringify([a.holder, a.bucket]) < JSON.stringify([b.holder, b.bucket]) ? -1 : 1))

describe('what a run keeps of balances', () => {
  it.each([true, false])('is what it was given, once stored and read again; each a text: %s', (areAllLines) => {
    const all = [...PLAIN, ...OTHERS]
    const read = storedAndRead(keptOf(all, areAllLines))
    expect(byHolder(allOf(read, 'A'))).toEqual(byHolder(all))
    expect(allOf(read, 'B')).toEqual([])
    expect([...storedAndRead(read).rows()]).toEqual([...read.rows()])
  })

  it('is columns for buckets of services that have one period and did not run out, a text for each of the others', () => {
    const kinds = [...keptOf([...PLAIN, ...OTHERS], false).rows()].map(([kind, , name]) => `${kind} ${name}`)
    expect(kinds.filter((kind) => kind.startsWith('own-balances'))).toEqual([
      `own-balances ["b",5,${AT}]`,
      `own-balances ["c",5,${AT}]`,
    ])
    expect(kinds.filter((kind) => kind.startsWith('balance'))).toHaveLength(OTHERS.length)
  })
})
