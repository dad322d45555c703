// Bills of random worlds: whatever they are broken down by, sections sum to the bill, and every call is on one of them alone.
// Then one of them is taken back, issued again, and all of them taken back with their month.
import {
  BILL_SECTIONS,
  BILLED_CALL_TYPES,
  type Bill,
  type BillSections,
  type Period,
  parsePeriod,
} from '@spillway/core'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { checkWorkspace } from '../../stages/check/check-workspace.ts'
import { closePeriod } from '../../stages/close.ts'
import { publishPeriod, reopenPeriod } from '../../stages/publish/publish-period.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { billsReport } from '../bills-report.ts'
import { journalReport } from '../journal/journal-report.ts'
import { reissueBill, voidBill } from './void-bill.ts'
import { withBill } from './with-bill.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const SERVICES = ['s0', 's1', 's2', 's3', 's4']
const NUMBER = 'R-2026-10-01'

const leg = fc.record({
  service: fc.integer({ min: 0, max: SERVICES.length - 1 }),
  conference: fc.integer({ min: 0, max: 30 }),
  code: fc.constantFrom('-', '-', 'P1', 'P2', '77'),
  zone: fc.constantFrom('domestic', 'international'),
  type: fc.constantFrom('conference', 'conference', 'voice', 'data'),
  day: fc.integer({ min: 1, max: 31 }),
  used: fc.integer({ min: 1, max: 90 }),
})
const world = fc.record({
  legs: fc.array(leg, { minLength: 30, maxLength: 80 }),
  split: fc.integer({ min: 1, max: 999_999 }),
  moves: fc.integer({ min: 2, max: 30 }),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const two = (number: number) => String(number).padStart(2, '0')

async function build({ legs, split, moves }: World): Promise<void> {
  const rates = ['conference', 'voice', 'data'].map((type, at) => ({
    ...{ 'usage-type': type, price: `0.0${at + 3}7`, per: type === 'data' ? '1 MB' : '1 min' },
  }))
  await built.apply({ kind: 'RatePlan', name: 'r', id: 'r', rates })
  const recurring = { amount: '10.01', in: 'arrears' }
  const product = { id: 'seat', 'service-type': 'seat', 'rate-plan': 'r', recurring, minimum: '3.00' }
  await built.apply({ kind: 'Product', name: 'seat', ...product })
  await built.apply({ kind: 'Account', name: 'R', id: 'R', currency: 'USD', minimum: '100.00' })
  await built.apply({ kind: 'Account', name: 'Q', id: 'Q', currency: 'USD', 'usage-invoicer': 'R' })
  const owners = [
    { owner: { project: 'P1' }, until: `2026-10-${two(moves)}` },
    { owner: { 'cost-centre': 'C1' }, from: `2026-10-${two(moves)}` },
  ]
  await built.apply({ kind: 'SubAccount', name: 'moves', account: 'R', 'user-id': 's0', owners })
  await built.apply({ kind: 'SubAccount', name: 'hers', account: 'R', 'user-id': 's3', owner: { person: 'E1' } })
  await built.apply({ kind: 'SubAccount', name: 'other', account: 'Q', 'user-id': 's4', owner: { project: 'P2' } })
  await built.apply({ kind: 'AccountCodes', name: 'R', account: 'R', valid: 'projects' })
  await built.add({
    project: '| project | name |\n| P1 | One |\n| P2 | Two |',
    person: `| employee | name | cost_centre | from_on | to_on |
      | E1 | Ada | C1 | - | 2026-10-${two(32 - moves)} |\n| E1 | Ada | C3 | 2026-10-${two(32 - moves)} | - |`,
    service: `
      | service | account | product | cost_centre | project | share_ppm           | from_on    |
      | s0      | R       | seat    | -           | -       | 1000000             | -          |
      | s1      | R       | seat    | C1          | P1      | ${split}            | -          |
      | s1      | R       | seat    | C2          | P2      | ${1_000_000 - split} | -          |
      | s2      | R       | seat    | C2          | -       | 1000000             | 2026-10-09 |
      | s3      | R       | seat    | -           | -       | 1000000             | -          |
      | s4      | Q       | seat    | C3          | -       | 1000000             | -          |`,
    usage: legs.map(({ service, conference, code, zone, type, day, used }) => ({
      ...{ service: SERVICES[service] as string, account: service === 4 ? 'Q' : 'R', usage_type: type, zone },
      ...{ conference: conference < 6 ? '' : `C${conference}`, account_code: code === '-' ? '' : code },
      ...{
        on: `2026-10-${two(service === 2 ? Math.max(9, day) : day)}T10:00:00`,
        used: `${used} ${type === 'data' ? 'MB' : 'min'}`,
      },
    })),
  })
  await closePeriod(built.workspace, { period: OCTOBER })
}

async function collect(sections: BillSections) {
  return withBill(unscoped(built.workspace), { number: NUMBER, sections }, async (bill: Bill) => {
    const calls: string[] = []
    let [sum, charged, listed] = [0n, 0n, 0n]
    const keys: string[] = []
    for await (const piece of bill.pieces) {
      if (piece.kind === 'calls') {
        for (const one of piece.calls) {
          calls.push([one.account, one.service, one.start, one.call, one.usageClass].join(' '))
          listed += one.amountMinor
        }
        continue
      }
      const { key, usage, lines, partsOfCalls, subtotalMinor } = piece.section
      keys.push(key)
      const parts = [...usage, ...lines].reduce((total, { amountMinor }) => total + amountMinor, 0n)
      expect(parts).toBe(subtotalMinor)
      sum += subtotalMinor
      listed += partsOfCalls.amountMinor
      for (const { usageType, amountMinor } of usage) if (BILLED_CALL_TYPES.includes(usageType)) charged += amountMinor
    }
    expect(new Set(keys).size).toBe(keys.length)
    return { calls: calls.sort(), sum, charged, listed, total: bill.heading.totalMinor }
  })
}

it('sums to the bill by every section, and lists each call once', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      await built.remove()
      built = await buildWorkspace()
      await build(drawn)
      const read: Array<Awaited<ReturnType<typeof collect>>> = []
      for (const sections of BILL_SECTIONS) read.push(await collect(sections))
      for (const { calls, sum, charged, listed, total } of read) {
        expect(sum).toBe(total)
        expect(listed).toBe(charged)
        expect(calls).toEqual(read[0]?.calls)
        expect(new Set(calls).size).toBe(calls.length)
      }
    }),
    { numRuns: 2, endOnFailure: true },
  )
}, 120_000)

/** Every piece of the bill; of calls each with its section, in their order. */
const piecesOf = (sections: BillSections, hasCalls: boolean) =>
  withBill(unscoped(built.workspace), { number: NUMBER, sections, hasCalls }, async ({ amounts, sections, pieces }) => {
    const found: unknown[] = [amounts, sections]
    for await (const piece of pieces)
      if (piece.kind === 'section') found.push(piece)
      else
        for (const { account, service, call, start, amountMinor } of piece.calls)
          found.push([account, service, call, start, amountMinor])
    return found
  })

it('is divided by days and calls alike whether each is looked at by itself, for a rule, or those that nothing tells apart', async () => {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      await built.remove()
      built = await buildWorkspace()
      await build(drawn)
      const divisions = (['cost-centre', 'project'] as const).flatMap((by) =>
        [true, false].map((hasCalls) => [by, hasCalls] as const),
      )
      const together: unknown[] = []
      for (const [by, hasCalls] of divisions) together.push(await piecesOf(by, hasCalls))
      // Once a rule could decide, calls are read with who was in them, and days are asked about one by one; this one never does.
      await built.apply({
        kind: 'ProjectRule',
        name: 'none',
        when: { 'participant-contains': ['nobody'] },
        project: 'P1',
      })
      const one: unknown[] = []
      for (const [by, hasCalls] of divisions) one.push(await piecesOf(by, hasCalls))
      expect(together).toEqual(one)
      const listed = (pieces: unknown) =>
        (pieces as unknown[]).filter((piece) => Array.isArray(piece) && typeof piece[0] === 'string')
      expect(listed(one[0]).length).toBeGreaterThan(0)
      expect(listed(one[1])).toEqual([])
    }),
    { numRuns: 3, endOnFailure: true },
  )
}, 120_000)

const NOVEMBER = parsePeriod('2026-11') as Period

async function listed(period: Period): Promise<string[]> {
  const { columns, rows } = await billsReport(unscoped(built.workspace), { period })
  const at = ['bill', 'state', 'total', 'void', 'replaces'].map((key) => columns.findIndex((one) => one.key === key))
  const found: string[] = []
  for await (const batch of rows) found.push(...batch.map((row) => at.map((index) => row[index] || '-').join(' ')))
  return found
}

/** What each journal adds to the receivables, in minor units; the debits of each equal its credits. */
async function booked(reversal = false): Promise<string[]> {
  const { report } = await journalReport(unscoped(built.workspace), { period: OCTOBER, reversal })
  const keys = ['journal', 'gl_code', 'debit', 'credit', 'reverses']
  const at = keys.map((key) => report.columns.findIndex((one) => one.key === key))
  const sums = new Map<string, { owed: bigint; all: bigint; reverses: string }>()
  const minor = (text: string) => BigInt(text === '' ? '0' : text.replace('.', ''))
  for await (const batch of report.rows)
    for (const row of batch) {
      const [journal, code, debit, credit, reverses] = at.map((index) => row[index] as string) as [string, ...string[]]
      const sum = sums.get(journal) ?? { owed: 0n, all: 0n, reverses: reverses as string }
      const signed = minor(debit as string) - minor(credit as string)
      sums.set(journal, { ...sum, owed: sum.owed + (code === 'RECEIVABLE' ? signed : 0n), all: sum.all + signed })
    }
  expect([...sums.values()].every(({ all }) => all === 0n)).toBe(true)
  return [...sums].map(([journal, { owed, reverses }]) =>
    [journal, String(owed), ...(reverses === '' ? [] : [`reverses ${reverses}`])].join(' '),
  )
}

it('takes a bill back and issues it again, one by one and with its month, and never uses a number twice', async () => {
  const { workspace } = built
  await build({ legs: [], split: 1, moves: 2 })
  const at = { number: NUMBER, reason: 'The address was wrong' }
  await expect(voidBill(workspace, at)).rejects.toMatchObject({ kind: 'period-not-published' })
  await publishPeriod(workspace, OCTOBER)
  await expect(voidBill(workspace, { number: NUMBER, reason: ' ' })).rejects.toMatchObject({ kind: 'bad-command' })
  await expect(reissueBill(workspace, NUMBER)).rejects.toMatchObject({ kind: 'bad-command' })
  await voidBill(workspace, at)
  await expect(voidBill(workspace, at)).rejects.toMatchObject({ kind: 'bad-command' })
  const run = '2026-10.1-adjusted-COMPANY-USD'
  // The minimum of 100.00 of R, and a seat of 10.01 on the bill of Q.
  const [sale, owed] = [`${run} 11001`, 10000]
  expect(await booked()).toEqual([sale, `${run}-void-${NUMBER} -${owed} reverses ${run}`])
  expect(await reissueBill(workspace, NUMBER)).toEqual({ number: `${NUMBER}-R2` })
  await expect(reissueBill(workspace, NUMBER)).rejects.toMatchObject({ hint: expect.stringContaining(`${NUMBER}-R2`) })
  expect(await booked()).toEqual([
    sale,
    `${run}-void-${NUMBER} -${owed} reverses ${run}`,
    `${run}-issue-${NUMBER}-R2 ${owed}`,
  ])
  const [total] = (await listed(OCTOBER)).flatMap((line) => /-R2 issued (\S+)/.exec(line)?.[1] ?? [])
  expect(await listed(OCTOBER)).toEqual(
    expect.arrayContaining([`${NUMBER} void - ${total} -`, `${NUMBER}-R2 issued ${total} - ${NUMBER}`]),
  )
  const heading = (number: string) =>
    withBill(unscoped(workspace), { number, hasCalls: false }, async (bill) => bill.heading)
  expect(await heading(NUMBER)).toMatchObject({ state: 'void', replacedBy: `${NUMBER}-R2`, voidReason: at.reason })
  expect(await heading(`${NUMBER}-R2`)).toMatchObject({ state: 'issued', replaces: NUMBER })
  await reopenPeriod(workspace, { period: OCTOBER, reason: 'late bill' })
  expect(await booked(true)).toEqual([
    `${run}-reversal -11001 reverses ${run}`,
    `${run}-void-${NUMBER}-reversal ${owed} reverses ${run}-void-${NUMBER}`,
    `${run}-issue-${NUMBER}-R2-reversal -${owed} reverses ${run}-issue-${NUMBER}-R2`,
  ])
  await closePeriod(workspace, { period: OCTOBER })
  await publishPeriod(workspace, OCTOBER)
  expect(await listed(OCTOBER)).toEqual(expect.arrayContaining([`${NUMBER}-R3 issued ${total} - -`]))
  expect(await heading(`${NUMBER}-R2`)).toMatchObject({
    state: 'void',
    replacedBy: `${NUMBER}-R3`,
    voidReason: 'late bill',
  })
  expect(await heading(`${NUMBER}-R3`)).toMatchObject({ state: 'issued', replaces: `${NUMBER}-R2` })
  expect((await checkWorkspace(workspace)).failures).toEqual([])
  await closePeriod(workspace, { period: NOVEMBER })
  expect(await listed(NOVEMBER)).toEqual(expect.arrayContaining([expect.stringContaining('R-2026-11-01 draft')]))
}, 60_000)
