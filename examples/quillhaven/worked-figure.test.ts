// Works the README's figure out from the files alone, with integers and nothing of the product.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

type Row = Readonly<Record<string, string>>

async function rowsOf(path: string): Promise<Row[]> {
  const text = await readFile(join(import.meta.dirname, path), 'utf8')
  const [header = [], ...rows] = text.trim().split('\n').map(cellsOf)
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])))
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((match) => match[1] ?? match[2] ?? '')
}

/** `12.50` is 1250n cents, `200.000` GB is 200000n MB. */
const withoutPoint = (text: string | undefined) => BigInt((text ?? '').replace('.', ''))
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n)

/** Largest remainder; ties to the smaller id. */
function divide(total: bigint, weights: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const whole = sum(weights.values())
  const parts = [...weights].map(([id, weight]) => ({
    id,
    floor: (total * weight) / whole,
    rest: (total * weight) % whole,
  }))
  let left = total - sum(parts.map(({ floor }) => floor))
  parts.sort((a, b) => (a.rest === b.rest ? (a.id < b.id ? -1 : 1) : a.rest > b.rest ? -1 : 1))
  return new Map(parts.map(({ id, floor }) => [id, left-- > 0n ? floor + 1n : floor]))
}

describe('the figure that the README works out by hand', () => {
  it('follows from the bill, the usage and the members', async () => {
    const members = (await rowsOf('directory/pool_members.csv'))
      .filter(
        ({ pool, from = '', to = '' }) => pool === 'T-FIELD' && from < '2026-11-15' && (to === '' || to > '2026-10-15'),
      )
      .map(({ service = '' }) => service)
    const used = new Map(members.map((service) => [service, 0n]))
    for (const { service = '', zone, quantity } of await rowsOf('bills/2026-10/tessaline/usage.csv')) {
      const before = used.get(service)
      if (before !== undefined && zone === 'domestic') used.set(service, before + withoutPoint(quantity))
    }
    const charges = (await rowsOf('bills/2026-10/tessaline/charges.csv')).filter(
      ({ service = '', pool, usage_type }) =>
        usage_type === 'data' && (pool === 'T-FIELD' || (pool === '' && used.has(service))),
    )
    const billed = (category: string) =>
      sum(charges.filter((charge) => charge.category === category).map(({ amount }) => withoutPoint(amount)))
    const over = new Map([...used].map(([service, megabytes]) => [service, megabytes > 2000n ? megabytes - 2000n : 0n]))
    const floor = 1200n
    const access = divide(billed('access') - floor * BigInt(members.length), used)
    const overage = divide(billed('overage'), over)
    const credit = divide(-billed('credit'), used)

    expect([members.length, sum(used.values()), sum(over.values())]).toEqual([46, 252_916n, 201_097n])
    expect([billed('access'), billed('overage'), billed('credit')]).toEqual([138_000n, 32_200n, -4_500n])
    const [onAccess, onOverage, onCredit] = [access, overage, credit].map((shares) => shares.get('SIM-30007') ?? -1n)
    expect([floor + (onAccess ?? 0n), onOverage, onCredit]).toEqual([66_676n, 31_704n, 3_558n])
    const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8')
    expect(readme).toContain('Adjusted 666.76 + 317.04 − 35.58 = **948.22**')
  })
})
