import { join } from 'node:path'
import { closePeriod, periodNamed } from '@spillway/engine'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { amountsPrinted } from './command-line.ts'
import { amountsOf, axeFindings, describeScreens, OWNER, type Served, serveScreens, settled } from './harness.ts'

const HEAD = { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'QH-124' } as const
const OCTOBER = ['-p', '2026-10']
const told = (...args: ReadonlyArray<string>) =>
  amountsPrinted(join(inject('screens'), 'company'), ['report', ...args, ...OCTOBER])

/** Two members of an allowance of 10 GB; a total of a bill has no day. */
const pooled = (usage: ReadonlyArray<string>) => ({
  'pools.csv': 'pool,vendor,account,model,usage_type,allowance,unit\nSITE,v,A-1,bulk,data,10,GB\n',
  'pool_members.csv': 'pool,service,contribution,unit,from,to\nSITE,S-1,,,2025-01-01,\nSITE,S-2,,,2025-01-01,\n',
  'invoices.csv':
    'vendor,account,invoice,issued_on,period_start,period_end,currency,total\nv,A-1,I-1,2026-11-03,2026-10-01,2026-11-01,USD,100.00\n',
  'charges.csv':
    'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,category,usage_type,product,description,amount\nv,A-1,I-1,2026-11-03,2026-10-01,2026-11-01,USD,1,S-1,bulk,data,LUMP,Shared data,100.00\n',
  'usage.csv': ['source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone', ...usage, ''].join('\n'),
})

describeScreens('pools', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('company')
  })
  afterAll(() => served?.stop())

  it('lead from all of them to one, its members, what each drew and how it was divided, in the figures of the reports', async () => {
    const page = await served.open('/pools?period=2026-10')
    await page.getByRole('cell', { name: '161.7 GB over' }).waitFor()
    const listed = await amountsOf(page, 'main')
    expect(listed.length).toBeGreaterThan(20)
    expect([...(await told('pools'))]).toEqual(expect.arrayContaining([...listed]))
    await page.getByRole('link', { name: 'T-FIELD' }).click()
    await page.getByText('Nothing: 161.7 GB over').waitFor()
    const members = page.getByRole('region', { name: 'Who pays of T-FIELD' })
    await members.getByRole('button', { name: /^Explain .*948\.22 of SIM-30007/ }).click()
    await page.getByRole('dialog').getByText('policy field-data, version 1').first().waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: 'Who drew what' }).click()
    await page.getByText('Its 92.0 GB were used up; on which day nobody can say').waitFor()
    await page.getByText('All 253.7 GB came as totals of bills').waitFor()
    await page.getByRole('region', { name: 'What each drew from T-FIELD' }).getByText('200.0 GB').waitFor()
    await page.getByRole('tab', { name: 'How it was divided' }).click()
    await page.getByRole('region', { name: 'How T-FIELD was divided' }).waitFor()
    await settled(page)
    const [divided, allocation] = [await amountsOf(page, 'main'), await told('allocation', '--where', 'pool=T-FIELD')]
    expect(divided.filter((amount) => !allocation.has(amount))).toEqual([])
    await page.goBack()
    await page.getByRole('link', { name: 'Pools', exact: true }).last().click()
    await page.getByRole('heading', { level: 1, name: 'Pools' }).waitFor()
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('say what unused capacity costs, and what a member carried month by month', async () => {
    const page = await served.open('/pools/T-DEPOT?period=2026-10&tab=months')
    await page.getByText('139.0 GB unused').waitFor()
    await page.getByText('is capacity that nobody used').waitFor()
    expect(await amountsOf(page, 'main')).toContain('155.77 USD')
    await settled(page)
    await page.getByRole('combobox', { name: 'Member' }).click()
    await page.getByRole('option', { name: 'SIM-40005' }).click()
    const months = page.getByRole('figure', { name: 'Cost of SIM-40005 in T-DEPOT in USD, by month' })
    await months.getByText('The same as a table').click()
    await months.getByRole('row', { name: /^Oct 26/ }).waitFor()
    const october = await months.getByRole('row', { name: /^Oct 26/ }).textContent()
    expect(october).toContain('36.11')
    const where = ['--where', 'pool=T-DEPOT', '--by', 'service', '--key', 'SIM-40005']
    expect(await told('trend', ...where)).toContain('36.11 USD')
    await page.context().close()
  })

  it('show the head of a cost centre its own members alone, and no day or share of the whole', async () => {
    const page = await served.open('/pools/T-FIELD?period=2026-10', { as: HEAD })
    await page.getByRole('region', { name: 'Who pays of T-FIELD' }).getByText('SIM-30007').waitFor()
    expect(await page.getByText('SIM-30011').count()).toBe(0)
    await page.getByText('Seen by who sees the whole pool').waitFor()
    await page.getByRole('tab', { name: 'Who drew what' }).click()
    await page.getByText('is seen by who sees the whole company').waitFor()
    await page.goto('/pools/NO-SUCH-POOL?period=2026-10')
    await page.getByRole('heading', { name: 'No pool NO-SUCH-POOL in October 2026' }).waitFor()
    await page.context().close()
  })
})

describeScreens('a pool whose usage has days', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('empty')
  })
  afterAll(() => served?.stop())

  it('has nothing to show before a month is closed, then the day on which its allowance will be used up', async () => {
    const page = await served.open('/pools')
    await page.getByRole('heading', { name: 'No month is closed yet' }).waitFor()
    // 3 GB in 4 days: 10 GB in 13.3 days.
    const rows = [
      'v,u1,A-1,S-1,data,2026-10-01T12:00:00Z,,1,GB,domestic',
      'v,u2,A-1,S-2,data,2026-10-04T12:00:00Z,,2,GB,domestic',
    ]
    await importFiles(served, pooled(rows))
    await closePeriod(served.workspace, { period: periodNamed('2026-10') })
    await page.goto('/pools/SITE?period=2026-10&tab=usage')
    await page.getByText(/will be used up on .*14 Oct 2026/).waitFor()
    const chart = page.getByRole('figure', { name: 'Used of SITE so far, by day, against its 10.0 GB' })
    await chart.getByText('The same as a table').click()
    await chart.getByText('3.0 GB (2.0 GB on the day, 7.0 GB left)').waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })
})

async function importFiles(served: Served, files: Readonly<Record<string, string>>): Promise<void> {
  const form = new FormData()
  for (const [name, text] of Object.entries(files)) form.append('file', new Blob([text], { type: 'text/csv' }), name)
  const headers = { cookie: await served.cookieOf(OWNER), origin: served.url }
  const started = await fetch(`${served.url}/v1/imports`, { method: 'POST', headers, body: form })
  expect(started.status, await started.clone().text()).toBe(202)
  const { id } = (await started.json()) as { id: string }
  await expect
    .poll(
      async () => ((await (await fetch(`${served.url}/v1/jobs/${id}`, { headers })).json()) as { state: string }).state,
      {
        timeout: 20_000,
      },
    )
    .toBe('done')
}
