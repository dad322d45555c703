// What the demo does with this provider, in order: what it applies, what arrives month by month, and what is worth a look at
// the end. Paths are relative to this folder. Reads nothing.

export type ProviderImport = {
  readonly file: string
  /** What is not as usual about this file, and what the import is expected to say of it. */
  readonly note?: string
}

export type ProviderMonth = {
  readonly period: string
  /** The day after the last billing period that begins in the month. */
  readonly closedOn: string
  readonly imports: ReadonlyArray<ProviderImport>
}

const usual = (month: string): ProviderImport[] =>
  [
    `inventory/services-${month}.csv`,
    ...['meters.csv', 'trackers.csv', 'gateways.ndjson', 'super-sim.json'].map((name) => `usage/${month}/${name}`),
  ].map((file) => ({ file }))

export const PROVIDER = {
  name: 'Skerrymore Connect',
  /** Documents to apply before anything is imported. */
  documents: ['catalogue/accounts.yaml', 'catalogue/products.yaml', 'catalogue/share-plans.yaml'],
  months: [
    { period: '2026-08', closedOn: '2026-09-15', imports: usual('2026-08') },
    { period: '2026-09', closedOn: '2026-10-15', imports: usual('2026-09') },
    {
      period: '2026-10',
      closedOn: '2026-11-15',
      imports: [
        ...usual('2026-10'),
        {
          file: 'usage/2026-10/resent-meters.csv',
          note: 'five meters of 16 to 19 September, and one of 2 October again with other kilobytes',
        },
        { file: 'usage/2026-10/resent-gateways.ndjson', note: 'two gateways of 29 September' },
      ],
    },
  ],
  lastPeriod: '2026-10',
  /** Why there are adjustments in the last month. */
  late: 'Five meters of NORTHWAY-EAST were cut off from 16 to 19 September and reported in October. September was rated again with them: the flat price of its second tier belongs to another meter now, and the megabytes that found no room are rated.',
  /** One that is worked out by hand in the README. */
  bill: 'CALLOWAY-2026-10-01',
  /** A gateway whose usage is in three tiers, and a meter that met its limit. */
  explain: [
    { service: 'GW-03', period: '2026-10' },
    { service: 'MTR-2013', period: '2026-09' },
  ],
} as const satisfies {
  readonly months: ReadonlyArray<ProviderMonth>
  readonly [key: string]: unknown
}
