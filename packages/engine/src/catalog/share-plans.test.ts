import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, initWorkspace, type Workspace } from '../workspace/workspace.ts'
import { applyConfiguration, exportConfiguration, exportDocument } from './apply-configuration.ts'
import { deleteConfiguration } from './delete-configuration.ts'
import { cloneSharePlan, setSharePlanActive, sharePlansReport } from './share-plans.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
let directory: string
let workspace: Workspace
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-share-plans-'))
  workspace = await initWorkspace(directory, { actor, holder: 'test' })
})
afterEach(async () => {
  await workspace.close()
  await rm(directory, { recursive: true, force: true })
})

const DOCUMENTS = `kind: Account
id: U
currency: USD
---
kind: Product
id: sim-1mb
service-type: cellular
rate-plan: standard
---
kind: Product
id: sim-2mb
service-type: cellular
rate-plan: standard
---
kind: RatePlan
id: standard
rates:
  - { usage-type: data, price: 0.10, per: 1 MB, increment: 1 kB }
---
kind: SharePlan
id: fleet
name: Fleet
active: true
participating: [{ product: sim-1mb }]
buckets:
  - id: fleet-data
    accepts: [{ usage-type: data }]
    type: variable-single-tier
    life: recurring
    contributions: { sim-1mb: 1 MB }
    limits: { sim-1mb: 30 MB }
    tiers:
      - { size: contributions }
      - { rates: { sim-1mb: 0.02 }, per: 1 MB }
---
kind: AccountSharePlan
account: U
plan: fleet
from: 2026-10-15T12:00:00Z
`
const apply = (text: string) => applyConfiguration(workspace, { files: [{ name: 'a.yaml', text }] })
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it was not refused',
    (error: unknown) => (error instanceof Refusal ? `${error.kind}: ${error.message}` : String(error)),
  )
async function rowsOf(filter?: string) {
  const report = await sharePlansReport(workspace, filter)
  const rows: Array<ReadonlyArray<string>> = []
  for await (const batch of report.rows) rows.push(...batch)
  return rows
}

describe('share plans in the catalog', () => {
  it('are saved with all they name, and what is exported applies as unchanged', async () => {
    expect((await apply(DOCUMENTS)).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Account U',
      'Product sim-1mb',
      'Product sim-2mb',
      'RatePlan standard',
      'SharePlan fleet',
      'AccountSharePlan U fleet 2026-10-15T12:00:00Z',
    ])
    const again = await apply(await exportConfiguration(workspace))
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']))
    expect(await rowsOf('FLE')).toEqual([['fleet', 'Fleet', 'yes', 'account', 'fleet-data', 'sim-1mb', 'U', '']])
    expect(await rowsOf('other')).toEqual([])
  })

  it('are refused as a whole where a name leads nowhere, at the document that says it', async () => {
    expect(await messageOf(apply(DOCUMENTS.replace('rate-plan: standard', 'rate-plan: gone')))).toBe(
      'bad-configuration: Nothing was applied. a.yaml, document 2: rate-plan: there is no RatePlan gone',
    )
    expect(await rowsOf()).toEqual([])
  })

  it('are cloned with those who take the place of others, and stay inactive', async () => {
    await apply(DOCUMENTS)
    const options = { plan: 'fleet', as: 'fleet-2', name: 'Fleet two', participants: new Map([['sim-1mb', 'sim-2mb']]) }
    expect(await cloneSharePlan(workspace, options)).toEqual({ plan: 'fleet-2', version: 1, leftOut: [] })
    expect(await rowsOf()).toEqual([
      ['fleet', 'Fleet', 'yes', 'account', 'fleet-data', 'sim-1mb', 'U', ''],
      ['fleet-2', 'Fleet two', 'no', 'account', 'fleet-2-data', 'sim-2mb', '', ''],
    ])
    expect(await exportDocument(workspace, { kind: 'SharePlan', name: 'fleet-2' })).toContain('sim-2mb: 30 MB')
    expect(await messageOf(cloneSharePlan(workspace, options))).toBe(
      'bad-configuration: There is a share plan fleet-2 already.',
    )
    const both = { ...options, as: 'third', participants: new Map([['sim-1mb', 'sim-1mb']]) }
    expect(await messageOf(cloneSharePlan(workspace, both))).toContain(
      'product sim-1mb participates in the share plan fleet already',
    )
  })

  it('that are inactive cannot be added to an account, and stay where they are', async () => {
    await apply(DOCUMENTS)
    await setSharePlanActive(workspace, { plan: 'fleet', isActive: false })
    const second =
      'kind: Account\nid: V\ncurrency: USD\n---\nkind: AccountSharePlan\naccount: V\nplan: fleet\nfrom: 2026-10-01\n'
    expect(await messageOf(apply(second))).toContain(
      'fleet is not active; activate it before it is added to an account',
    )
    expect((await rowsOf())[0]).toEqual(['fleet', 'Fleet', 'no', 'account', 'fleet-data', 'sim-1mb', 'U', ''])
    await setSharePlanActive(workspace, { plan: 'fleet', isActive: true })
    await apply(second)
    expect((await rowsOf())[0]?.[6]).toBe('U, V')
  })

  it('are deleted only when no account has them; what others name is refused with who names it', async () => {
    await apply(DOCUMENTS)
    const plan = { kind: 'SharePlan', name: 'fleet' }
    expect(await messageOf(deleteConfiguration(workspace, plan))).toBe(
      'in-use: SharePlan fleet is still used by AccountSharePlan U fleet 2026-10-15T12:00:00Z.',
    )
    expect(await messageOf(deleteConfiguration(workspace, { kind: 'RatePlan', name: 'standard' }))).toBe(
      'in-use: RatePlan standard is still used by Product sim-1mb, Product sim-2mb.',
    )
    await deleteConfiguration(workspace, { kind: 'AccountSharePlan', name: 'U fleet 2026-10-15T12:00:00Z' })
    await deleteConfiguration(workspace, plan)
    expect(await rowsOf()).toEqual([])
    expect(await messageOf(deleteConfiguration(workspace, plan))).toBe('not-found: There is no SharePlan fleet.')
    expect((await apply(DOCUMENTS)).find(({ kind }) => kind === 'SharePlan')).toMatchObject({
      outcome: 'changed',
      version: 3,
    })
  })
})
