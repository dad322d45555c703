// Walks over every address of the app, in both views and several months, and looks each amount up in what the command line says of
// the same. A route that is not in the table fails, and so does one that shows amounts without a command that has them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Period, parsePeriod, shiftPeriod } from '@spillway/core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { amountsPrinted, printed } from './command-line.ts'
import { amountsOf, axeFindings, type Company, describeScreens, type Served, serveScreens, settled } from './harness.ts'

type Stop = {
  readonly company: Company
  /** Without month and view, which the walk adds; `{month}` and `{compact}` stand for the month in a key. */
  readonly address: string
  /** Of the month; empty where the screen shows no amount at all. */
  readonly commands: (period: string) => ReadonlyArray<ReadonlyArray<string>>
}

const NO_AMOUNTS = () => []
const report = (name: string, ...rest: ReadonlyArray<string>) => ['report', name, ...rest]
const monthBefore = (period: string) => shiftPeriod(parsePeriod(period) as Period, -1).name
const ofMonth = (period: string, name: string, ...rest: ReadonlyArray<string>) => report(name, '-p', period, ...rest)

/** By the route's path as it stands in src/app/screens.ts. */
const STOPS: Readonly<Record<string, ReadonlyArray<Stop>>> = {
  '/': [
    {
      company: 'company',
      address: '/',
      commands: (period) => [
        ofMonth(period, 'trend', '--by', 'all'),
        ofMonth(period, 'attention'),
        ofMonth(period, 'movers', '--by', 'cost-centre'),
        ofMonth(period, 'movers', '--by', 'cost-centre', '--view', 'actual'),
      ],
    },
  ],
  '/explore': ['vendor', 'person', 'service', 'pool', 'project', 'category'].map((by) => ({
    company: 'company' as const,
    address: `/explore?by=${by}`,
    commands: (period) => [ofMonth(period, 'charges', '--by', by)],
  })),
  '/lines': [
    {
      company: 'company',
      address: '/lines?where=person%3DE1098',
      commands: (period) => [ofMonth(period, 'charges', '--by', 'line', '--where', 'person=E1098')],
    },
  ],
  '/people': [
    { company: 'company', address: '/people', commands: (period) => [ofMonth(period, 'charges', '--by', 'person')] },
  ],
  '/people/$person': [
    {
      company: 'company',
      address: '/people/E1098',
      commands: (period) => [
        ofMonth(period, 'trend', '--by', 'person', '--key', 'E1098'),
        ofMonth(period, 'charges', '--by', 'service', '--where', 'person=E1098'),
      ],
    },
  ],
  '/cost-centres': [
    { company: 'company', address: '/cost-centres', commands: (period) => [ofMonth(period, 'cost-centres')] },
  ],
  '/cost-centres/$centre': [
    {
      company: 'company',
      address: '/cost-centres/QH-124',
      commands: (period) => [
        ofMonth(period, 'cost-centres'),
        ofMonth(period, 'trend', '--by', 'cost-centre', '--key', 'QH-124'),
        ofMonth(period, 'charges', '--by', 'person', '--where', 'cost-centre=QH-124'),
      ],
    },
  ],
  '/services/$service': [
    {
      company: 'company',
      address: '/services/SIM-30007',
      commands: (period) => [
        ofMonth(period, 'trend', '--by', 'service', '--key', 'SIM-30007'),
        ofMonth(period, 'charges', '--by', 'line', '--where', 'service=SIM-30007'),
      ],
    },
    {
      company: 'company',
      address: '/services/SIM-30007?explain=SIM-30007',
      commands: (period) => [
        ofMonth(period, 'trend', '--by', 'service', '--key', 'SIM-30007'),
        ofMonth(period, 'charges', '--by', 'line', '--where', 'service=SIM-30007'),
        ['explain', 'SIM-30007', '-p', period],
      ],
    },
  ],
  '/projects': ['billable-time', 'costs', 'uncoded'].map((tab) => ({
    company: 'firm' as const,
    address: `/projects?tab=${tab}`,
    commands: (period) => [
      ofMonth(period, 'billable-time', '--by', 'project'),
      ofMonth(period, 'charges', '--by', 'project'),
      ofMonth(period, 'uncoded'),
    ],
  })),
  '/projects/$project': ['calls', 'people'].map((tab) => ({
    company: 'firm' as const,
    address: `/projects/M-2041?tab=${tab}`,
    commands: (period) => [
      ofMonth(period, 'trend', '--by', 'project', '--key', 'M-2041'),
      ofMonth(period, 'billable-time', '--project', 'M-2041'),
      ofMonth(period, 'billable-time', '--project', 'M-2041', '--by', 'person'),
    ],
  })),
  '/pools': [{ company: 'company', address: '/pools', commands: (period) => [ofMonth(period, 'pools')] }],
  '/pools/$pool': [
    ...['members', 'usage', 'division', 'months&key=SIM-30031'].map((tab) => ({
      company: 'company' as const,
      address: `/pools/T-DEPOT?tab=${tab}`,
      commands: (period: string) => [
        ofMonth(period, 'pools'),
        ofMonth(period, 'allocation', '--where', 'pool=T-DEPOT'),
        ofMonth(period, 'charges', '--by', 'service', '--where', 'pool=T-DEPOT'),
        ofMonth(period, 'charges', '--by', 'category', '--where', 'pool=T-DEPOT'),
        ofMonth(period, 'trend', '--by', 'pool', '--key', 'T-DEPOT'),
        ofMonth(period, 'trend', '--by', 'service', '--key', 'SIM-30031', '--where', 'pool=T-DEPOT'),
      ],
    })),
  ],
  '/policies': [{ company: 'company', address: '/policies', commands: NO_AMOUNTS }],
  // What its what-if shows is compared with `spillway simulate` in policies.test.ts.
  '/policies/$name': [
    {
      company: 'company',
      address: '/policies/field-data?panel=uses',
      commands: (period) => [ofMonth(period, 'allocation', '--where', 'policy=field-data')],
    },
  ],
  '/bills': ['', 'missing', 'quarantine'].map((tab) => ({
    company: 'company' as const,
    address: `/bills?tab=${tab}`,
    commands: (period) => [
      ...['reconciliation', 'missing-bills', 'attention'].map((name) => ofMonth(period, name)),
      report('reconciliation'),
    ],
  })),
  '/bills/import': [{ company: 'company', address: '/bills/import', commands: NO_AMOUNTS }],
  '/bills/imports': [{ company: 'company', address: '/bills/imports', commands: () => [report('imports')] }],
  '/bills/imports/$batch': [
    {
      company: 'company',
      address: '/bills/imports/{batch}',
      commands: (period) => [report('imports'), ofMonth(period, 'reconciliation')],
    },
  ],
  '/bills/$invoice': [
    {
      company: 'company',
      address: '/bills/TSL-{compact}',
      commands: (period) => [
        ofMonth(period, 'reconciliation'),
        ofMonth(period, 'charges', '--by', 'line', '--where', `invoice=TSL-${period.replace('-', '')}`),
      ],
    },
  ],
  '/share-plans': [{ company: 'provider', address: '/share-plans', commands: NO_AMOUNTS }],
  '/share-plans/$plan': [{ company: 'provider', address: '/share-plans/{plan}', commands: NO_AMOUNTS }],
  '/catalogue': [{ company: 'provider', address: '/catalogue?tab=rate-plans', commands: NO_AMOUNTS }],
  '/accounts': [{ company: 'provider', address: '/accounts', commands: NO_AMOUNTS }],
  '/accounts/$account': ['services', 'buckets', 'bills', 'alerts'].map((tab) => ({
    company: 'provider' as const,
    address: `/accounts/CALLOWAY?tab=${tab}`,
    commands: (period) => [
      ofMonth(period, 'accounts'),
      ofMonth(period, 'charges', '--by', 'service', '--where', 'account=CALLOWAY'),
      ofMonth(period, 'trend', '--by', 'account', '--key', 'CALLOWAY'),
      ofMonth(period, 'bills'),
      ofMonth(period, 'alerts'),
    ],
  })),
  '/sub-accounts': [
    {
      company: 'firm',
      address: '/sub-accounts?key=WT7000',
      commands: (period) => [ofMonth(period, 'sub-accounts', '--account', 'WT7000')],
    },
  ],
  '/alerts': [{ company: 'provider', address: '/alerts', commands: NO_AMOUNTS }],
  '/conflicts': ['', 'by-user-id'].map((tab) => ({
    company: 'firm' as const,
    address: `/conflicts?tab=${tab}`,
    commands: NO_AMOUNTS,
  })),
  '/customer-bills': [
    { company: 'provider', address: '/customer-bills', commands: (period) => [ofMonth(period, 'bills')] },
  ],
  '/customer-bills/$number': ['user-id', 'service', 'cost-centre', 'project'].map((by) => ({
    company: 'firm' as const,
    address: `/customer-bills/WT7000-{month}-01?by=${by}`,
    commands: (period) => [ofMonth(period, 'bills'), ['export', 'bill', `WT7000-${period}-01`, '--sections', by]],
  })),
  '/runs': [
    { company: 'company', address: '/runs', commands: (period) => [report('runs'), ofMonth(period, 'reconciliation')] },
  ],
  '/runs/$run': [
    {
      company: 'company',
      address: '/runs/{month}.1',
      commands: (period) => [
        report('runs'),
        ofMonth(period, 'reconciliation'),
        // With the run of the month before, which it is compared with.
        ...['actual', 'adjusted'].map((view) =>
          report('run-changes', '--run', `${period}.1`, '--since', `${monthBefore(period)}.1`, '--view', view),
        ),
      ],
    },
  ],
  '/jobs': [{ company: 'company', address: '/jobs', commands: NO_AMOUNTS }],
  '/settings': ['me', 'users', 'tokens', 'audit', 'webhooks', 'views'].map((tab) => ({
    company: 'company' as const,
    address: `/settings?tab=${tab}`,
    commands: NO_AMOUNTS,
  })),
  '/source': [
    {
      company: 'company',
      address: '/source?key=examples/quillhaven/directory/projects.csv&of=2',
      commands: NO_AMOUNTS,
    },
  ],
}

/** The newest, and one before. */
const MONTHS: Readonly<Record<Exclude<Company, 'empty'>, readonly [string, string]>> = {
  company: ['2026-10', '2026-03'],
  provider: ['2026-10', '2026-09'],
  firm: ['2026-10', '2026-02'],
}

/** The address in a month, with the keys that only the workspace knows. */
async function addressIn(company: Company, address: string, period: string): Promise<string> {
  const directory = join(inject('screens'), company)
  const first = async (args: ReadonlyArray<string>, key: string) => {
    const rows = JSON.parse(await printed(directory, [...args, '--format', 'json'])) as Array<Record<string, string>>
    // An import of a directory has no amounts.
    const last = rows.findLast((row) => key !== 'batch' || (row.amount ?? '') !== '')
    return encodeURIComponent(last?.[key] ?? '')
  }
  let place = address.replace('{month}', period).replace('{compact}', period.replace('-', ''))
  if (place.includes('{batch}')) place = place.replace('{batch}', await first(['report', 'imports'], 'batch'))
  if (place.includes('{plan}')) place = place.replace('{plan}', await first(['share-plan', 'list'], 'plan'))
  return `${place}${place.includes('?') ? '&' : '?'}period=${period}`
}

const routes = [
  ...readFileSync(join(import.meta.dirname, '../../src/app/screens.ts'), 'utf8').matchAll(/^ {2}'([^']+)': \(\) =>/gm),
].map(([, path]) => path as string)

describeScreens('every screen', () => {
  const served = new Map<Company, Served>()
  beforeAll(async () => {
    for (const company of ['company', 'provider', 'firm'] as const) served.set(company, await serveScreens(company))
  })
  afterAll(async () => {
    for (const one of served.values()) await one.stop()
  })

  it('is in the table of the walk', () => {
    expect(routes.length).toBeGreaterThan(10)
    expect(Object.keys(STOPS).sort()).toEqual([...routes].sort())
  })

  const stops = Object.entries(STOPS).flatMap(([route, list]) =>
    list.map((stop, index) => ({ ...stop, route, isFirst: index === 0 })),
  )
  it.each(stops)('$company $address has the amounts of the command line', async (stop) => {
    const { company, address, commands, isFirst } = stop
    const at = served.get(company) as Served
    const [newest, earlier] = MONTHS[company as keyof typeof MONTHS]
    const saidBefore = at.consoleErrors.length
    const page = await at.open('/icon.svg')
    for (const [period, view] of [
      [newest, 'adjusted'],
      [newest, 'actual'],
      [earlier, 'adjusted'],
    ] as const) {
      const told = new Set<string>()
      for (const command of commands(period))
        for (const amount of await amountsPrinted(join(inject('screens'), company), command)) told.add(amount)
      await page.goto(`${await addressIn(company, address, period)}&view=${view}`)
      await settled(page)
      const shown = await amountsOf(page)
      expect(
        shown.filter((amount) => !told.has(amount)),
        `${period} ${view}`,
      ).toEqual([])
      // One of each route: what differs between its tabs is looked at by the tests of its screen.
      if (isFirst && view === 'adjusted' && period === newest)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect(await axeFindings(page), colorScheme).toEqual([])
        }
    }
    await page.context().close()
    expect(at.consoleErrors.slice(saidBefore)).toEqual([])
  })

  it('shows amounts on those screens whose figures are compared, so that the walk cannot pass on empty pages', async () => {
    for (const [route, [stop]] of Object.entries(STOPS)) {
      if (!stop || stop.commands('2026-10').length === 0) continue
      const period = MONTHS[stop.company as keyof typeof MONTHS][0]
      const page = await (served.get(stop.company) as Served).open(await addressIn(stop.company, stop.address, period))
      await expect.poll(async () => (await amountsOf(page)).length, { message: route }).toBeGreaterThan(0)
      await page.context().close()
    }
  })
})
