// What one bill of a master account costs, with every sub-account a section, without its calls and with every call listed, beside
// one GROUP BY over the same legs: of the user ids, and of the conferences. Same size, same rows, on every machine; every round
// measures all of them, one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Period, parsePeriod } from '@spillway/core'
import { closePeriod, digestSql, initWorkspace, saveConfiguration, type Workspace, withBill } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeBillJson } from '@spillway/formats'
import { LEGS_SIZES, type LegsSize, legsSql, spent, spentOnYardsticks } from './conference-legs.ts'
import { median, runSizes } from './run-sizes.ts'

const ROUNDS = 3
const OCTOBER = parsePeriod('2026-10') as Period
const NUMBER = 'R100-2026-10-01'
const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

const servicesSql = ({ userIds }: LegsSize, tenant: string) => `
  SELECT '${tenant}' AS tenant, 2 AS doc, i::INTEGER AS ordinal, (i + 2)::INTEGER AS line, printf('user%05d', i) AS service,
    'own' AS vendor, 'R100' AS account, 'seat' AS product, '' AS service_type, '' AS person, '' AS cost_centre, '' AS project,
    NULL AS from_on, NULL AS to_on, NULL AS share_ppm, '' AS device_type, '' AS extra FROM range(${userIds}) AS r(i)`

const DOCUMENTS = [
  { kind: 'Account', name: 'R100', id: 'R100', currency: 'USD', 'time-zone': 'America/New_York' },
  {
    kind: 'RatePlan',
    name: 'calls',
    id: 'calls',
    rates: [{ 'usage-type': 'conference', price: '0.035', per: '1 min' }],
  },
  {
    ...{ kind: 'Product', name: 'seat', id: 'seat', 'service-type': 'seat', 'rate-plan': 'calls' },
    recurring: { amount: '9.90', in: 'arrears' },
  },
]

async function build(directory: string, size: LegsSize): Promise<Workspace> {
  const workspace = await initWorkspace(directory, { actor: ACTOR, holder: 'one-bill.bench' })
  const { catalog, tenant, warehouse } = workspace
  const counts = { rows_read: 0, rows_accepted: 0, rows_quarantined: 0, rows_duplicate: 0 }
  const file = { file: 'bench', file_path: 'bench', file_digest: '', file_bytes: 0, importer: 'bench', source: '' }
  const imported = { imported_at: ACTOR.now().toISOString(), imported_by: 'bench' }
  await catalog
    .insertInto('batch')
    .values({ tenant, id: 'bench', state: 'complete', ...file, ...imported, ...counts })
    .execute()
  const names = { vendor: '', account: '', invoice: '', member: '', sheet: '', source: '' }
  for (const [id, table, sql, row_count] of [
    [1, 'usage', legsSql(size, { tenant, from: OCTOBER.startOn, seconds: 31 * 86_400 - 7200 }), size.legs],
    [2, 'service', servicesSql(size, tenant), size.userIds],
  ] as const) {
    await warehouse.run(`INSERT INTO ${table} BY NAME SELECT *, ${digestSql(table)} AS digest FROM (${sql})`)
    const document = { id, tenant, batch: 'bench', part: table, live: 1, superseded_by: null, digest: '0' } as const
    await catalog
      .insertInto('document')
      .values({ ...document, ...names, row_count })
      .execute()
  }
  for (const { kind, name, ...rest } of DOCUMENTS)
    await saveConfiguration(workspace, { kind, name, body: { kind, ...rest } })
  await saveSubAccounts(workspace, size)
  await closePeriod(workspace, { period: OCTOBER })
  return workspace
}

/** As `apply` saves them, in one transaction: ten thousand one by one are ten thousand commits. */
async function saveSubAccounts({ catalog, tenant }: Workspace, { userIds }: LegsSize): Promise<void> {
  const saved = { tenant, kind: 'SubAccount', version: 1, digest: '', deleted: 0, saved_by: 'bench' } as const
  await catalog.transaction().execute(async (transaction) => {
    for (let user = 0; user < userIds; user += 1) {
      const userId = `user${String(user).padStart(5, '0')}`
      const owner = { project: String(4000 + (user % 50)) }
      const body = JSON.stringify({
        kind: 'SubAccount',
        name: `User ${user}`,
        account: 'R100',
        'user-id': userId,
        owner,
      })
      const row = { ...saved, name: `R100 ${userId}`, body, saved_at: ACTOR.now().toISOString() }
      await transaction.insertInto('configuration').values(row).execute()
    }
  })
}

/** Every piece of the bill and every figure and text of each call, as whoever writes the file does. */
async function readBill(workspace: Workspace, hasCalls: boolean) {
  return withBill(unscoped(workspace), { number: NUMBER, sections: 'user-id', hasCalls }, async (bill) => {
    let [calls, seconds, characters, amountMinor, quantityBase] = [0, 0, 0, 0n, 0n]
    for await (const piece of bill.pieces) {
      if (piece.kind !== 'calls') continue
      calls += piece.calls.length
      for (const call of piece.calls) {
        seconds += call.seconds + call.participants
        characters += call.account.length + call.service.length + call.start.length
        characters += call.accountCode.length + call.usageClass.length + call.call.length
        amountMinor += call.amountMinor
        quantityBase += call.quantityBase
      }
    }
    const read = { seconds, characters, amountMinor: String(amountMinor), quantityBase: String(quantityBase) }
    return { sections: bill.sections.length, calls, ...(hasCalls ? read : {}) }
  })
}

/** The bill as a file of JSON, its bytes counted and let go. */
async function writeBill(workspace: Workspace) {
  return withBill(unscoped(workspace), { number: NUMBER, sections: 'user-id', hasCalls: true }, async (bill) => {
    let bytes = 0
    for await (const text of encodeBillJson(bill)) bytes += Buffer.byteLength(text)
    return bytes
  })
}

async function measure(size: LegsSize) {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-one-bill-'))
  try {
    const workspace = await build(directory, size)
    const rounds = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const yardsticks = await spentOnYardsticks(workspace)
      const withoutCalls = await spent(() => readBill(workspace, false))
      const withCalls = await spent(() => readBill(workspace, true))
      const json = await spent(() => writeBill(workspace))
      rounds.push({ yardsticks, withoutCalls, withCalls, json })
    }
    await workspace.close()
    return { ...size, rounds, residentBytes: process.resourceUsage().maxRSS * 1024, load: loadavg()[0] as number }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

function summaryOf({ rounds, residentBytes, load }: Measured) {
  const of = (figure: (round: Measured['rounds'][number]) => number) => Number(median(rounds.map(figure)).toFixed(2))
  type Part = 'withoutCalls' | 'withCalls' | 'json'
  const parts = ['withoutCalls', 'withCalls', 'json'] as const satisfies ReadonlyArray<Part>
  const ratios = (yardstick: 'byUserId' | 'byConference') =>
    Object.fromEntries(
      parts.map((part) => [
        part,
        {
          elapsed: of((round) => round[part].ms / round.yardsticks[yardstick].ms),
          processor: of((round) => round[part].cpuMs / round.yardsticks[yardstick].cpuMs),
        },
      ]),
    )
  return {
    ...rounds[0]?.withCalls.result,
    jsonBytes: rounds[0]?.json.result,
    groupByUserIdMs: of(({ yardsticks }) => yardsticks.byUserId.ms),
    groupByConferenceMs: of(({ yardsticks }) => yardsticks.byConference.ms),
    withoutCallsMs: of(({ withoutCalls }) => withoutCalls.ms),
    withCallsMs: of(({ withCalls }) => withCalls.ms),
    jsonMs: of(({ json }) => json.ms),
    toGroupByUserId: ratios('byUserId'),
    toGroupByConference: ratios('byConference'),
    residentMiB: Number((residentBytes / 2 ** 20).toFixed(0)),
    load: Number(load.toFixed(1)),
  }
}

await runSizes({ sizes: LEGS_SIZES, measure, summaryOf, script: import.meta.url, resultFile: 'one-bill.json' })
