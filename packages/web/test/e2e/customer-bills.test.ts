import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { printed } from './command-line.ts'
import { amountsOf, axeFindings, describeScreens, type Page, type Served, serveScreens, settled } from './harness.ts'

const NUMBER = 'WT7000-2026-10-01'
const ANALYST = { role: 'analyst' } as const

type Exported = {
  readonly total: string
  readonly currency: string
  readonly by_section: ReadonlyArray<{
    readonly section: string
    readonly subtotal: string
    readonly usage: ReadonlyArray<{ readonly amount: string }>
    readonly lines: ReadonlyArray<{ readonly amount: string }>
    readonly calls: ReadonlyArray<{ readonly call: string; readonly amount: string }>
  }>
}

async function exported(sections: string): Promise<Exported> {
  const args = ['export', 'bill', NUMBER, '--format', 'json', '--sections', sections]
  return JSON.parse(await printed(join(inject('screens'), 'firm'), args)) as Exported
}

const cents = (text: string) => BigInt(text.replace('.', ''))
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Key and subtotal of every section in the table, and the sum under it. */
async function sectionsShown(page: Page) {
  const table = page.getByRole('table', { name: 'Sections of the bill' })
  const read = (rows: Element[]) =>
    rows.map((row) => [
      row.querySelector('th')?.textContent ?? '',
      [...row.querySelectorAll('[data-amount]')].at(-1)?.getAttribute('data-amount') ?? '',
    ])
  const rows = await table.locator('tbody tr').evaluateAll(read)
  const [sum] = await table.locator('tfoot tr').evaluateAll(read)
  return { rows, sum: sum?.[1] ?? '' }
}

describeScreens('our bills', () => {
  let served: Served
  beforeAll(async () => {
    served = await serveScreens('firm')
  })
  afterAll(() => served?.stop())

  it.each([
    ['user-id', 'By user id'],
    ['service', 'By service'],
    ['cost-centre', 'By cost centre'],
    ['project', 'By project'],
  ] as const)('have sections by %s that are those of the export and sum to the bill', async (by, tab) => {
    const bill = await exported(by)
    const page = await served.open(`/customer-bills/${NUMBER}`)
    await page.getByRole('tab', { name: tab }).click()
    await expect
      .poll(async () => (await sectionsShown(page)).rows)
      .toEqual(bill.by_section.map(({ section, subtotal }) => [section || 'unassigned', subtotal]))
    const { rows, sum } = await sectionsShown(page)
    expect(sum).toBe(bill.total)
    expect(rows.reduce((total, [, amount]) => total + cents(amount ?? ''), 0n)).toBe(cents(bill.total))
    const wanted =
      bill.by_section.find(({ calls, lines }) => calls.length > 0 && lines.length > 0) ?? bill.by_section[0]
    await button(page, wanted?.section || 'unassigned').click()
    const section = page.getByRole('dialog')
    await section.getByRole('table').first().waitFor()
    const charges = await amountsOf(page, '[role=dialog]')
    const expected = [
      wanted?.subtotal,
      ...[...(wanted?.usage ?? []), ...(wanted?.lines ?? [])].map(({ amount }) => amount),
    ]
    expect(charges).toEqual(expected.map((amount) => `${amount} ${bill.currency}`))
    await section.getByText('Calls', { exact: true }).click()
    await section.getByRole('table', { name: 'Calls' }).waitFor()
    expect((await amountsOf(page, '[role=dialog] table')).map((one) => one.split(' ')[0])).toEqual(
      wanted?.calls.map(({ amount }) => amount),
    )
    await page.goBack()
    await section.getByRole('table', { name: 'Calls' }).waitFor({ state: 'detached' })
    expect(served.consoleErrors).toEqual([])
    await page.context().close()
  })

  it('lead from a call to who was in it, and come as files', async () => {
    const page = await served.open(`/customer-bills/${NUMBER}?key=litigation&panel=calls`)
    await page.getByRole('dialog').getByRole('link', { name: 'T2610-0108' }).click()
    await page.getByRole('region', { name: /^Timeline of litigation/ }).waitFor()
    await page.goBack()
    await button(page, 'Close the section').click()
    await button(page, 'Download').click()
    for (const [name, start] of [
      ['PDF', '%PDF-'],
      ['Excel (XLSX)', 'PK'],
      ['CSV', 'bill,'],
    ] as const) {
      const address = await page.getByRole('menuitem', { name }).getAttribute('href')
      const file = await page.request.get(address ?? '')
      expect([name, file.status(), (await file.body()).toString('latin1').slice(0, start.length)]).toEqual([
        name,
        200,
        start,
      ])
    }
    await page.context().close()
  })

  it('are taken back with a reason and issued again, each naming the other', async () => {
    const page = await served.open('/customer-bills?period=2026-10')
    await page.getByRole('link', { name: NUMBER }).click()
    const reader = await served.open(`/customer-bills/${NUMBER}`, { as: ANALYST })
    await reader.getByRole('heading', { level: 1, name: `Bill ${NUMBER}` }).waitFor()
    await settled(reader)
    expect(await reader.getByRole('button', { name: 'Take back' }).count()).toBe(0)
    await button(page, 'Take back').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Sent to the wrong address')
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Take it back' }).click()
    await page.getByText('Sent to the wrong address').waitFor()
    // Somebody else still has it open as it was.
    await page.getByText('nothing stands in its place yet').waitFor()
    await button(page, 'Issue again').click()
    await button(page, 'Issue it').click()
    await page.getByText('Issued in the place of').waitFor()
    const again = (await page.getByRole('heading', { level: 1 }).textContent())?.replace('Bill ', '') ?? ''
    expect(again).not.toBe(NUMBER)
    await page.getByRole('link', { name: `bill ${NUMBER}` }).click()
    await page.getByRole('link', { name: `bill ${again}` }).waitFor()
    await page.goto('/customer-bills?period=2026-10')
    const list = page.getByRole('region', { name: 'Our bills' })
    await list.getByRole('row').filter({ hasText: NUMBER }).first().getByText('void').waitFor()
    await list.getByRole('row').filter({ hasText: again }).getByText('issued').waitFor()
    expect(served.consoleErrors).toEqual([])
    for (const one of [page, reader]) await one.context().close()
  })

  it.each(['light', 'dark'] as const)(
    'have nothing that axe finds, in %s',
    async (scheme) => {
      const page = await served.open('/customer-bills?period=2026-10', { scheme })
      for (const path of [
        '/customer-bills?period=2026-10',
        '/customer-bills/WT7000-2026-09-01',
        '/customer-bills/WT7000-2026-09-01?key=litigation',
        '/customer-bills/WT7000-2026-09-01?by=project&chosen=unassigned&panel=calls',
        `/customer-bills/${NUMBER}`,
        '/customer-bills/NONE-1',
      ]) {
        await page.goto(path)
        await settled(page)
        expect(await axeFindings(page), path).toEqual([])
      }
      await page.context().close()
    },
    240_000,
  )
})
