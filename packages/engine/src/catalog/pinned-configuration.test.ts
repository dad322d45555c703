// What two runs read alike is one list, or one body, so that what follows from it is made once; a version that another run read
// is never taken for its own.
import type { Period } from '@spillway/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { applyDocuments } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { currentRun, periodNamed } from '../queries/current-run.ts'
import { pinnedScope } from '../queries/pinned-scope.ts'
import { closePeriod } from '../stages/close.ts'
import { pinnedCatalogue } from '../stages/rate/pinned-catalogue.ts'
import { pinnedConfiguration } from './pinned-configuration.ts'
import type { RunTable } from './tables.ts'

const [SEPTEMBER, NOVEMBER] = [periodNamed('2026-09'), periodNamed('2026-11')]

const CONFIGURATION = `
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
---
{ kind: Account, id: U, currency: USD }
`
const DEARER = '{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.20, per: 1 count }] }'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  await built.add({
    service: `| service | product | account |
      | A | sim | U |`,
  })
})
afterEach(() => built.remove())

async function close(period: Period): Promise<RunTable> {
  await closePeriod(built.workspace, { period })
  return currentRun(built.workspace, period)
}

async function catalogueOfRun(run: RunTable) {
  return pinnedCatalogue(await pinnedScope(built.workspace, { run, scratch: '' }))
}

it('is the same list for runs that read the same versions, and another once one has changed', async () => {
  const [september, october] = [await close(SEPTEMBER), await close(OCTOBER)]
  await applyDocuments(built.workspace, DEARER)
  const november = await close(NOVEMBER)

  const read = [september, october, november].map((run) => pinnedConfiguration(built.workspace, run))
  const [first, second, third] = await Promise.all(read)

  expect(second).toBe(first)
  expect(third).not.toBe(first)
  const named = (documents = first, name = 'standard') => documents?.find((one) => one.name === name)
  expect(named(third)?.body).not.toBe(named(first)?.body)
  expect([named(first)?.version, named(third)?.version]).toEqual([1, 2])
  expect(named(third)?.body).toMatchObject({ rates: [{ price: 0.2 }] })
  // What did not change was read once.
  expect(named(third, 'sim')?.body).toBe(named(first, 'sim')?.body)
  // And whoever asks for less than all kinds has no more than that.
  const products = await pinnedConfiguration(built.workspace, november, (kind) => kind === 'Product')
  expect(products.map(({ name }) => name)).toEqual(['sim'])
})

it('makes one catalogue for runs of the same versions and accounts, and another for other accounts', async () => {
  const september = await close(SEPTEMBER)
  await built.add({
    usage: `| id | service | on | used | usage_type |
      | 1 | A | 2026-10-02T00:00:00 | 1 count | messaging |`,
  })
  const october = await close(OCTOBER)
  await built.add({
    account: `| account | currency |
      | V | USD |`,
  })
  const november = await close(NOVEMBER)

  const [first, second, third] = [
    await catalogueOfRun(september),
    await catalogueOfRun(october),
    await catalogueOfRun(november),
  ]

  expect(second).toBe(first)
  expect([...first.catalogue.accounts.keys()]).toEqual(['U'])
  expect([...third.catalogue.accounts.keys()].sort()).toEqual(['U', 'V'])
  expect(third.catalogue.products).toEqual(first.catalogue.products)
})
