// Every route of the app, where to look at it in the example companies, and which commands have its amounts. A route that is not here
// fails the walk.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Period, parsePeriod, shiftPeriod } from '@spillway/core'
import { inject } from 'vitest'
import { printed } from './command-line.ts'
import type { Company } from './harness.ts'

export type Stop = {
  readonly company: Company
  /** Without month and view, which the walk adds; `{month}` and `{compact}` stand for the month in a key, `{batch}` and `{plan}` for an import and a plan. */
  readonly address: string
  /** Of the month; empty where the screen shows no amount at all. */
  readonly commands: (period: string) => ReadonlyArray<ReadonlyArray<string>>
  /** Numbers stand there that are no figures of the month: words of a policy, a line of a file, an example. */
  readonly quotes?: boolean
}

const NO_AMOUNTS = () => []
const report = (name: string, ...rest: ReadonlyArray<string>) => ['report', name, ...rest]
/** Of the company. */
const FIRST_MONTH = '2025-10'
const monthBefore = (period: string) => shiftPeriod(parsePeriod(period) as Period, -1).name
const ofMonth = (period: string, name: string, ...rest: ReadonlyArray<string>) => report(name, '-p', period, ...rest)

/** By the route's path as it stands in src/app/screens.ts. */
export const STOPS: Readonly<Record<string, ReadonlyArray<Stop>>> = {
  '/': [
    {
      company: 'company',
      address: '/',
      commands: (period) => [
        ofMonth(period, 'trend', '--by', 'all'),
        ofMonth(period, 'attention'),
        // Of the first month nothing is known to have moved.
        ...(period === FIRST_MONTH ? [] : ['actual', 'adjusted']).map((view) =>
          ofMonth(period, 'movers', '--by', 'cost-centre', '--view', view),
        ),
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
  '/policies': [{ company: 'company', address: '/policies', commands: NO_AMOUNTS, quotes: true }],
  // What its what-if shows is compared with `spillway simulate` in policies.test.ts.
  '/policies/$name': [
    {
      company: 'company',
      address: '/policies/field-data?panel=uses',
      commands: (period) => [ofMonth(period, 'allocation', '--where', 'policy=field-data')],
      quotes: true,
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
    {
      company: 'company',
      address: '/runs?chosen={month}',
      commands: (period) => [report('runs'), ofMonth(period, 'reconciliation'), ofMonth(period, 'problems')],
    },
  ],
  '/runs/$run': [
    {
      company: 'company',
      address: '/runs/{month}.1',
      commands: (period) => [
        report('runs'),
        ofMonth(period, 'reconciliation'),
        // With the run of the month before, which it is compared with; the first with the last.
        ...['actual', 'adjusted'].map((view) => {
          const since = period === FIRST_MONTH ? '2026-10' : monthBefore(period)
          return report('run-changes', '--run', `${period}.1`, '--since', `${since}.1`, '--view', view)
        }),
      ],
    },
  ],
  '/jobs': [{ company: 'company', address: '/jobs', commands: NO_AMOUNTS }],
  '/settings': ['me', 'users', 'tokens', 'audit', 'webhooks', 'views'].map((tab) => ({
    company: 'company' as const,
    address: `/settings?tab=${tab}`,
    commands: NO_AMOUNTS,
    quotes: true,
  })),
  '/source': [
    {
      company: 'company',
      address: '/source?key=examples/quillhaven/directory/projects.csv&of=2',
      commands: NO_AMOUNTS,
      quotes: true,
    },
  ],
}

type Keys = { readonly period: string; readonly batch: string; readonly plan: string }

/** The address with these in the place of what stands for them. */
export function withKeys(address: string, { period, batch, plan }: Keys): string {
  return address
    .replace('{month}', period)
    .replace('{compact}', period.replace('-', ''))
    .replace('{batch}', batch)
    .replace('{plan}', plan)
}

/** The address in a month, with the keys that only the workspace knows. */
export async function addressIn(company: Company, address: string, period: string): Promise<string> {
  const directory = join(inject('screens'), company)
  const first = async (args: ReadonlyArray<string>, key: string) => {
    const rows = JSON.parse(await printed(directory, [...args, '--format', 'json'])) as Array<Record<string, string>>
    // An import of a directory has no amounts.
    const last = rows.findLast((row) => key !== 'batch' || (row.amount ?? '') !== '')
    return encodeURIComponent(last?.[key] ?? '')
  }
  const batch = address.includes('{batch}') ? await first(['report', 'imports'], 'batch') : ''
  const plan = address.includes('{plan}') ? await first(['share-plan', 'list'], 'plan') : ''
  const place = withKeys(address, { period, batch, plan })
  return `${place}${place.includes('?') ? '&' : '?'}period=${period}`
}

/** As the app has them. */
export const ROUTES: ReadonlyArray<string> = [
  ...readFileSync(join(import.meta.dirname, '../../src/app/screens.ts'), 'utf8').matchAll(/^ {2}'([^']+)': \(\) =>/gm),
].map(([, path]) => path as string)
