// Every problem code with the smallest real files that bring it about. The files are imported in the order given, and
// October is closed after them where the case says so.
import { type ProblemCode, type ProblemFacts, UNIT_NAMES } from '@spillway/core'

export type ProblemCase<C extends ProblemCode = ProblemCode> = {
  readonly files: Readonly<Record<string, string | Buffer>>
  /** Documents of configuration, applied before the files. */
  readonly applies?: string
  /** Closes October 2026 after the files. */
  readonly closes?: true
  /** Makes the journal of the close. */
  readonly journals?: true
  /** Publishes it, and then imports these. */
  readonly later?: Readonly<Record<string, string>>
  /** The `--source` of the import. */
  readonly source?: string
  readonly facts: ProblemFacts[C]
  /** Where it stands, as printed; left out where it is about no row of a file. */
  readonly place?: string
}

const CHARGES =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,amount'
const BILL = 'acme,A-1,INV-1,2026-10-31,2026-10-01,2026-11-01'
const charges = (...rows: string[]) => `${[CHARGES, ...rows.map((row) => `${BILL},${row}`)].join('\n')}\n`
const TOTALS = 'vendor,account,invoice,issued_on,period_start,period_end,currency,total'
const total = (amount: string, invoice = 'INV-1') =>
  `${TOTALS}\nacme,A-1,${invoice},2026-10-31,2026-10-01,2026-11-01,USD,${amount}\n`
const USAGE = 'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone'
const usage = (...rows: string[]) => `${[USAGE, ...rows].join('\n')}\n`
const USED = '2026-10-01T00:00:00Z,2026-11-01T00:00:00Z'
const PEOPLE = 'employee,name,email,aliases,cost_centre,manager,from,to'
const people = (...rows: string[]) => `${[PEOPLE, ...rows].join('\n')}\n`
const SERVICES = 'service,vendor,account,product,service_type,person,cost_centre,project,from,to,share'
const services = (...rows: string[]) => `${[SERVICES, ...rows].join('\n')}\n`
const POOLS = 'pool,vendor,account,model,usage_type,allowance,unit,max_members'
const pools = (...rows: string[]) => `${[POOLS, ...rows].join('\n')}\n`
const members = (...rows: string[]) => `${['pool,service,contribution,unit,from,to', ...rows].join('\n')}\n`
const centres = (...rows: string[]) => `${['cost_centre,parent,name,gl_code,budget', ...rows].join('\n')}\n`

/** One user id under two master accounts, with one owner from 11 October on. */
const TWO_MASTERS = ['R1', 'R2']
  .flatMap((account, at) => [
    `{kind: Account, id: ${account}, currency: USD}`,
    `{kind: SubAccount, account: ${account}, user-id: "100", owners: [{person: E-${at}, until: 2026-10-11}, {project: P, from: 2026-10-11}]}`,
  ])
  .join('\n---\n')

/** A line of Verizon's summary whose parts do not sum to its total. */
const verizonSummary = ({ monthly, total: said }: { monthly: string; total: string }) =>
  [
    'ECPD Profile ID\tBill Cycle Date\tAccount Number\tInvoice Number\tWireless Number\tUser Name\tCost Center\tYour Calling Plan\tAccount Charges and Credits\tMonthly Charges\tUsage and Purchase Charges\tEquipment Charges\tTotal Surcharges and Other Charges and Credits\tTaxes, Governmental Surcharges and Fees\tThird-Party Charges (includes Tax)\tTotal Charges\tVoice Plan Usage\tMessaging Usage\tData Usage (KB)\tData Usage (MB)\tData Usage (GB)\tBill Period',
    `123\t"Oct 31, 2026"\t642350544-00001\t9900001\t555-123-4567\t"ADA MOSS"\t\tPLAN\t0.00\t${monthly}\t0.00\t0.00\t0.00\t0.00\t0.00\t${said}\t0\t0\t0\t\t\t"Oct 1 - Oct 31, 2026"`,
    '',
  ].join('\n')

/** A bill of one charge in X12; the count of its segments is 8. */
const interchange = ({ segmentCount }: { segmentCount: number }) =>
  [
    'ISA*00*          *00*          *ZZ*ACME           *ZZ*US             *261031*0930*U*00401*000000001*0*P*:',
    'GS*CI*ACME*US*20261031*0930*1*X*004010',
    'ST*811*0001',
    'BIG*20261031*INV-1',
    'REF*9V*A-1',
    'DTM*150*20261001',
    'DTM*151*20261031',
    'SAC*C*F305***1000**********PLAN',
    'TDS*1000',
    `SE*${segmentCount}*0001`,
    'GE*1*1',
    'IEA*1*000000001',
    '',
  ].join('~\n')

const OF_ROWS = {
  'row-unreadable': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,10.00,over,the,edge') },
    facts: { reason: 'it has 16 cells where the header has 13' },
    place: 'charges.csv:2',
  },
  'column-missing': {
    files: { 'charges.csv': 'vendor,account,line,amount\nacme,A-1,1,10.00\n' },
    source: 'charges',
    facts: { column: 'invoice', header: ['vendor', 'account', 'line', 'amount'] },
    place: 'charges.csv',
  },
  'value-missing': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,') },
    facts: { column: 'amount' },
    place: 'charges.csv:2 (amount)',
  },
  'value-unknown': {
    files: { 'cost_centres.csv': centres('C-1,,Sales,,'), 'pools.csv': pools('P-1,acme,A-1,puddle,data,,,') },
    facts: {
      column: 'model',
      value: 'puddle',
      allowed: ['aggregate', 'bulk', 'group-share', 'data-plus'],
    },
    place: 'pools.csv:2 (model)',
  },
  'amount-unreadable': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,ten') },
    facts: { column: 'amount', value: 'ten' },
    place: 'charges.csv:2 (amount)',
  },
  'amount-precision': {
    files: { 'charges.csv': charges('JPY,1,S-1,,access,,10.5') },
    facts: { column: 'amount', value: '10.5', currency: 'JPY', decimals: 0 },
    place: 'charges.csv:2 (amount)',
  },
  'number-unreadable': {
    files: { 'usage.csv': usage(`acme,1,A-1,S-1,data,${USED},many,GB,domestic`) },
    facts: { column: 'quantity', value: 'many' },
    place: 'usage.csv:2 (quantity)',
  },
  'date-unreadable': {
    files: { 'people.csv': people('E-1,Ada,,,,,2026-02-30,') },
    facts: { column: 'from', value: '2026-02-30', expected: 'a day such as 2026-10-31' },
    place: 'people.csv:2 (from)',
  },
  'date-order': {
    files: { 'people.csv': people('E-1,Ada,,,,,2026-03-01,2026-03-01') },
    facts: { from: '2026-03-01', to: '2026-03-01' },
    place: 'people.csv:2 (to)',
  },
  'currency-unknown': {
    files: { 'charges.csv': charges('XYZ,1,S-1,,access,,10.00') },
    facts: { column: 'currency', value: 'XYZ' },
    place: 'charges.csv:2 (currency)',
  },
  'unit-unknown': {
    files: { 'usage.csv': usage(`acme,1,A-1,S-1,data,${USED},2,bushel,domestic`) },
    facts: { column: 'unit', value: 'bushel', allowed: UNIT_NAMES },
    place: 'usage.csv:2 (unit)',
  },
  'unit-mismatch': {
    files: { 'usage.csv': usage(`acme,1,A-1,S-1,data,${USED},2,min,domestic`) },
    facts: { column: 'unit', value: 'min', usageType: 'data' },
    place: 'usage.csv:2 (unit)',
  },
  'encoding-damaged': {
    files: {
      'people.csv': Buffer.concat([Buffer.from('\ufeff'), Buffer.from(people('E-1,Ad')), Buffer.from([0xff, 0x0a])]),
    },
    facts: { encoding: 'utf-8' },
    place: 'people.csv',
  },
  'control-mismatch': {
    files: { 'bill.edi': interchange({ segmentCount: 9 }) },
    facts: { column: 'SE01', value: '9', expected: '8' },
    place: 'bill.edi:10 (SE01)',
  },
  'duplicate-conflict': {
    files: {
      'usage.csv': usage(`acme,1,A-1,S-1,data,${USED},2,GB,domestic`, `acme,1,A-1,S-1,data,${USED},3,GB,domestic`),
    },
    facts: { id: 'acme / 1', earlier: 'line 2 of this file' },
    place: 'usage.csv:3',
  },
  'names-concealed': {
    files: {
      'teams.csv':
        'Report Refresh Date,User Principal Name,Last Activity Date,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting Count,Report Period\n' +
        '2026-10-31,4F2A9C0D1E8B7A6655443322110FFEED,2026-10-30,1,2,3,4,30\n',
    },
    facts: { column: 'User Principal Name', value: '4F2A9C0D1E8B7A6655443322110FFEED' },
    place: 'teams.csv:2 (User Principal Name)',
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

const OF_BILLS = {
  'invoice-does-not-foot': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,10.00'), 'invoices.csv': total('10.01') },
    facts: { invoice: 'INV-1', currency: 'USD', amount: '10.00', total: '10.01', difference: '-0.01' },
  },
  'service-does-not-foot': {
    files: { 'summary.txt': verizonSummary({ monthly: '45.00', total: '45.01' }) },
    facts: {
      invoice: '9900001',
      currency: 'USD',
      service: '5551234567',
      amount: '45.00',
      total: '45.01',
      difference: '-0.01',
    },
    place: 'summary.txt:2',
  },
  'invoice-without-total': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,10.00') },
    facts: { invoice: 'INV-1', currency: 'USD', amount: '10.00' },
  },
  'invoice-without-charges': {
    files: { 'invoices.csv': total('10.00') },
    facts: { invoice: 'INV-1', currency: 'USD', total: '10.00' },
  },
  'invoice-after-publish': {
    files: { 'charges.csv': charges('USD,1,S-1,,access,,10.00') },
    closes: true,
    later: { 'later.csv': charges('USD,1,S-1,,access,,7.00').replaceAll('INV-1', 'INV-2') },
    facts: { invoice: 'INV-2', currency: 'USD', amount: '7.00', period: '2026-10' },
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

const OF_DIRECTORY = {
  'share-sum': {
    files: { 'services.csv': services('S-1,acme,A-1,,,,C-1,,2026-01-01,,60', 'S-1,acme,A-1,,,,C-2,,2026-01-01,,30') },
    facts: { service: 'S-1', on: '2026-01-01', percent: '90' },
    place: 'services.csv',
  },
  'cost-centre-cycle': {
    files: { 'cost_centres.csv': centres('C-1,C-2,Sales,,', 'C-2,C-1,Stock,,') },
    facts: { costCentres: ['C-1', 'C-2', 'C-1'] },
  },
  'cost-centre-unknown': {
    files: { 'people.csv': people('E-1,Ada,,,C-9,,2026-01-01,') },
    facts: { costCentre: 'C-9', usedBy: 'person E-1' },
  },
  'person-unknown': {
    files: { 'services.csv': services('S-1,acme,A-1,,,E-9,,,2026-01-01,,') },
    facts: { person: 'E-9', usedBy: 'service S-1' },
  },
  'project-unknown': {
    files: { 'services.csv': services('S-1,acme,A-1,,,,,J-9,2026-01-01,,') },
    facts: { project: 'J-9', usedBy: 'service S-1' },
  },
  'overlapping-stints': {
    files: { 'people.csv': people('E-1,Ada,,,,,2026-01-01,2026-06-01', 'E-1,Ada,,,,,2026-05-01,') },
    facts: { kind: 'person', id: 'E-1', from: '2026-05-01', to: '2026-06-01' },
    place: 'people.csv:2',
  },
  'feed-incomplete': {
    files: {
      'people.csv': people('E-1,Ada,,,,,2026-01-01,', 'E-2,Ben,,,,,2026-01-01,'),
      'people-2.csv': people('E-1,Ada,,,,,2026-01-01,', 'E-3,Cy,,,,,soon,'),
    },
    facts: { part: 'people', quarantined: 1, kept: 1 },
    place: 'people-2.csv',
  },
  'leaver-with-service': {
    files: {
      'people.csv': people('E-1,Ada,,,,,2026-01-01,2026-09-01'),
      'services.csv': services('S-1,acme,A-1,,,E-1,,,2026-01-01,,'),
    },
    facts: { person: 'E-1', leftOn: '2026-09-01', services: ['S-1'] },
  },
  'sub-account-ambiguous': {
    applies: TWO_MASTERS,
    files: { 'charges.csv': charges('USD,1,100,,access,,10.00') },
    closes: true,
    facts: { userId: '100', accounts: ['R1', 'R2'], from: '2026-10-01', to: '2026-10-11' },
  },
  'service-not-in-inventory': {
    files: {
      'services.csv': services('S-2,acme,A-1,,,,,,2026-01-01,,'),
      'charges.csv': charges('USD,1,S-1,,access,,10.00'),
    },
    closes: true,
    facts: { service: 'S-1', vendor: 'acme', currency: 'USD', amount: '10.00' },
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

const OF_POOLS = {
  'ambiguous-pool': {
    files: {
      'pools.csv': pools('P-1,acme,A-1,aggregate,data,,,', 'P-2,acme,A-1,aggregate,data,,,'),
      'charges.csv': charges('USD,1,S-1,,overage,data,10.00'),
    },
    closes: true,
    facts: {
      account: 'A-1',
      usageType: 'data',
      charges: 1,
      currency: 'USD',
      amount: '10.00',
      pools: [],
    },
  },
  'pool-unknown': {
    files: { 'charges.csv': charges('USD,1,S-1,P-9,overage,data,10.00') },
    closes: true,
    facts: { pool: 'P-9', usedBy: 'account A-1' },
  },
  'pool-overlap': {
    files: {
      'pools.csv': pools('P-1,acme,A-1,aggregate,data,,,', 'P-2,acme,A-1,aggregate,data,,,'),
      'pool_members.csv': members('P-1,S-1,,,2026-10-05,', 'P-2,S-1,,,2026-10-07,'),
    },
    facts: { service: 'S-1', pools: ['P-1', 'P-2'], on: '2026-10-07' },
  },
  'pool-over-ceiling': {
    files: {
      'pools.csv': pools('P-1,acme,A-1,aggregate,data,,,1'),
      'pool_members.csv': members('P-1,S-1,,,2026-10-05,', 'P-1,S-2,,,2026-10-07,'),
    },
    facts: { pool: 'P-1', members: 2, maxMembers: 1, on: '2026-10-07' },
  },
  'pool-without-members': {
    files: {
      'pools.csv': pools('P-1,acme,A-1,aggregate,data,,,'),
      'charges.csv': charges('USD,1,,P-1,overage,data,10.00'),
    },
    closes: true,
    facts: { pool: 'P-1', currency: 'USD', amount: '10.00' },
  },
  'negative-usage': {
    files: {
      'pools.csv': pools('P-1,acme,A-1,aggregate,data,1,GB,'),
      'pool_members.csv': members('P-1,S-1,,,,', 'P-1,S-2,,,,'),
      'usage.csv': usage(`acme,1,A-1,S-1,data,${USED},-2,kB,domestic`, `acme,2,A-1,S-2,data,${USED},2,GB,domestic`),
      'charges.csv': charges('USD,1,S-1,P-1,overage,data,10.00'),
    },
    closes: true,
    facts: { pool: 'P-1', service: 'S-1', usage: '-2000' },
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

const OF_JOURNALS = {
  'gl-code-missing': {
    files: {
      'cost_centres.csv': centres('C-1,,Sales,,', 'C-2,,Stock,6200,'),
      'services.csv': services('S-1,acme,A-1,,,,C-1,,2020-01-01,,', 'S-2,acme,A-1,,,,C-2,,2020-01-01,,'),
      'charges.csv': charges('USD,1,S-1,,access,,10.00', 'USD,2,S-2,,access,,5.00'),
    },
    closes: true,
    journals: true,
    facts: { costCentre: 'C-1', currency: 'USD', amount: '10.00' },
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

/** A product that is sold to U, and what a voice minute costs. */
const SOLD = `{ kind: Account, id: U, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: voice, price: 0.10, per: 1 min }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
`
const SOLD_TO_U = services('S-1,,U,sim,,,,,2020-01-01,2026-10-15,')

const OF_RATING = {
  'account-not-ours': {
    applies: SOLD,
    files: { 'services.csv': services('S-1,,V,sim,,,,,2020-01-01,,') },
    closes: true,
    facts: { account: 'V', product: 'sim', services: 1 },
  },
  'plan-inactive': {
    applies: `${SOLD}---
{ kind: SharePlan, id: fleet, name: Fleet, active: false, selling-product: sim, participating: [{ product: sim }] }
`,
    files: { 'services.csv': SOLD_TO_U },
    closes: true,
    facts: { plan: 'fleet', account: 'U', product: 'sim', service: 'S-1' },
  },
  unrated: {
    applies: SOLD,
    files: {
      'services.csv': SOLD_TO_U,
      'usage.csv': usage('cdr,1,U,S-1,messaging,2026-10-05T10:00:00Z,,3,count,'),
    },
    closes: true,
    facts: { account: 'U', service: 'S-1', usageClass: 'messaging', bucket: '', quantity: '3' },
  },
  'usage-not-rated': {
    applies: SOLD,
    files: {
      'services.csv': SOLD_TO_U,
      'usage.csv': usage('cdr,1,U,S-1,voice,2026-10-20T10:00:00Z,,3,min,'),
    },
    closes: true,
    facts: {
      service: 'S-1',
      events: 1,
      reason: 'the service is on no account of ours then',
      first: '2026-10-20 10:00:00',
    },
  },
} satisfies Partial<{ [C in ProblemCode]: ProblemCase<C> }>

/** Exhaustive: a new code without a case does not compile, nor pass. */
export const PROBLEM_CASES: { readonly [C in ProblemCode]: ProblemCase<C> } = {
  ...OF_ROWS,
  ...OF_RATING,
  ...OF_BILLS,
  ...OF_DIRECTORY,
  ...OF_POOLS,
  ...OF_JOURNALS,
}
