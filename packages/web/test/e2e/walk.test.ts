// Walks over every address of the app, in both views and every month, and looks each amount up in what the command line says of the
// same: a row of a table in one row that is printed, with all its amounts; any other among all of them. A route that is not in the
// table of stops fails, and so does one that shows amounts without a command that has them.
import { join } from 'node:path'
import { beforeAll, expect, inject, it } from 'vitest'
import { type PrintedRow, printed, toldBy } from './command-line.ts'
import {
  amountsOf,
  axeFindingsInBoth,
  type Company,
  describeScreens,
  type Page,
  quiet,
  serveEach,
  settled,
} from './harness.ts'
import { addressIn, ROUTES, STOPS } from './stops.ts'

const COMPANIES = ['company', 'provider', 'firm'] as const

type ShownRow = { readonly text: string; readonly amounts: ReadonlyArray<string> }

/** Rows of tables with an amount, with all that is written and named in them, also where they are folded away. */
async function rowsShown(page: Page): Promise<ReadonlyArray<ShownRow>> {
  return page.locator('tr:has([data-amount])').evaluateAll((rows) =>
    rows.map((row) => {
      const table = row.closest('table')
      // A table of facts is about what the page is about.
      const about = table?.tHead ? table.getAttribute('aria-label') : document.querySelector('h1')?.textContent
      const titles = [...row.querySelectorAll('[title]')].map((one) => one.getAttribute('title'))
      const amounts = [...row.querySelectorAll('[data-amount]')].map(
        (one) => `${one.getAttribute('data-amount')} ${one.getAttribute('data-currency')}`,
      )
      return { text: [row.textContent, about, ...titles].join(' '), amounts }
    }),
  )
}

/** Numbers with a fraction of two digits outside of what `Amount` shows, without the marks between thousands. */
async function looseNumbers(page: Page): Promise<ReadonlyArray<string>> {
  const texts = await page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement?.closest('[data-amount], script, style')) found.push(node.textContent ?? '')
    return found
  })
  return texts.flatMap((text) =>
    [...text.matchAll(/\d[\d,]*\.\d{2}(?![\d.])/g)].map(([one]) => one.replaceAll(',', '')),
  )
}

const isPrinted = ({ text, amounts }: ShownRow, rows: ReadonlyArray<PrintedRow>) =>
  rows.some((row) => amounts.every((one) => row.amounts.has(one)) && row.words.some((word) => text.includes(word)))

describeScreens('every screen', () => {
  const at = serveEach(COMPANIES)
  const months = new Map<Company, ReadonlyArray<string>>()
  beforeAll(async () => {
    for (const company of COMPANIES) {
      const runs = await printed(join(inject('screens'), company), ['report', 'runs', '--format', 'json'])
      months.set(company, [...new Set((JSON.parse(runs) as Array<{ period: string }>).map(({ period }) => period))])
    }
  })

  it('is in the table of the walk, which has months to go over', () => {
    expect(ROUTES.length).toBeGreaterThan(10)
    expect(Object.keys(STOPS).sort()).toEqual([...ROUTES].sort())
    expect(COMPANIES.map((company) => months.get(company)?.length)).toEqual([13, 3, 12])
  })

  const stops = Object.entries(STOPS).flatMap(([route, list]) =>
    list.map((stop, index) => ({ ...stop, route, isFirst: index === 0 })),
  )
  it.each(stops)(
    '$company $address has the amounts of the command line',
    async ({ company, address, commands, isFirst, quotes }) => {
      const { consoleErrors, open } = at(company)
      const saidBefore = consoleErrors.length
      const page = await open('/icon.svg')
      let shownInAll = 0
      for (const period of [...(months.get(company) ?? [])].reverse()) {
        const told = await toldBy(join(inject('screens'), company), commands(period))
        const place = await addressIn(company, address, period)
        for (const view of ['adjusted', 'actual']) {
          await page.goto(`${place}&view=${view}`)
          await quiet(page)
          const amounts = await amountsOf(page)
          shownInAll += amounts.length
          const stray = {
            amounts: amounts.filter((amount) => !told.amounts.has(amount)),
            rows: (await rowsShown(page)).filter((row) => !isPrinted(row, told.rows)),
            numbers: quotes ? [] : (await looseNumbers(page)).filter((number) => !told.numbers.has(number)),
          }
          expect(stray, `${period} ${view}`).toEqual({ amounts: [], rows: [], numbers: [] })
        }
      }
      // A walk over empty pages compares nothing.
      if (isFirst) expect(shownInAll > 0).toBe(commands('2026-10').length > 0)
      await page.context().close()
      expect(consoleErrors.slice(saidBefore)).toEqual([])
    },
    400_000,
  )

  // One address of each route: what differs between its tabs is looked at by the tests of its screen.
  it.each(stops.filter(({ isFirst }) => isFirst))(
    '$company $address has nothing that axe finds, in light and dark',
    async ({ company, address }) => {
      const page = await at(company).open(await addressIn(company, address, '2026-10'))
      await settled(page)
      expect(await axeFindingsInBoth(page)).toEqual([])
      await page.context().close()
    },
  )
})
