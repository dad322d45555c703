// Facts with everything filled in that a test does not care for.
import type {
  Charge,
  CostCentre,
  InvoiceTotal,
  LocalDate,
  Person,
  Pool,
  PoolMember,
  Service,
  Usage,
} from '@spillway/core'
import type { TestRow } from './test-intake.ts'

const day = (text: string) => text as LocalDate
const OCTOBER = { periodStartOn: day('2026-10-01'), periodEndOn: day('2026-11-01') }

export function charge(given: Partial<Charge> = {}): TestRow {
  const fact: Charge = {
    fact: 'charge',
    vendor: 'acme',
    account: 'A-1',
    invoice: 'INV-1',
    issuedOn: day('2026-11-02'),
    ...OCTOBER,
    currency: 'USD',
    line: '1',
    service: 'S-1',
    pool: '',
    category: 'access',
    usageType: 'data',
    product: '',
    description: '',
    amountMinor: 1000n,
    quantity: '',
    unit: '',
    extra: {},
    ...given,
  }
  const { vendor, account, invoice } = fact
  return { facts: [{ document: { part: 'charges', vendor, account, invoice }, fact }] }
}

export function total(given: Partial<InvoiceTotal> = {}): TestRow {
  const fact: InvoiceTotal = {
    fact: 'invoice',
    vendor: 'acme',
    account: 'A-1',
    invoice: 'INV-1',
    issuedOn: day('2026-11-02'),
    ...OCTOBER,
    currency: 'USD',
    service: null,
    totalMinor: 1000n,
    extra: {},
    ...given,
  }
  const { vendor, account, invoice } = fact
  return { facts: [{ document: { part: 'totals', vendor, account, invoice }, fact }] }
}

/** `invoice` not '': the usage stands in a document of a vendor's bill. */
export function usage(given: Partial<Usage> = {}, invoice = ''): TestRow {
  const fact: Usage = {
    fact: 'usage',
    source: 'cdr',
    id: 'u1',
    account: 'A-1',
    service: 'S-1',
    usageType: 'data',
    startedAt: Date.UTC(2026, 9, 5) * 1000,
    endedAt: null,
    isWallTime: false,
    quantityBase: 1000n,
    quantity: '1',
    unit: 'kB',
    zone: '',
    timeBand: '',
    network: '',
    accountCode: '',
    peer: '',
    app: '',
    pool: '',
    participants: null,
    view: '',
    cycleOn: null,
    extra: {},
    ...given,
  }
  const bill = invoice === '' ? { vendor: '', account: '' } : { vendor: 'acme', account: 'A-1' }
  return { facts: [{ document: { part: 'usage', ...bill, invoice }, fact }] }
}

const directory = (part: string) => ({ part, vendor: '', account: '', invoice: '' })

export function person(employee: string, given: Partial<Person> = {}): TestRow {
  const fact: Person = {
    fact: 'person',
    employee,
    name: `Name of ${employee}`,
    email: '',
    aliases: [],
    costCentre: '',
    manager: '',
    from: null,
    to: null,
    extra: {},
    ...given,
  }
  return { facts: [{ document: directory('people'), fact }] }
}

export function costCentre(id: string, given: Partial<CostCentre> = {}): TestRow {
  const fact: CostCentre = {
    fact: 'cost-centre',
    costCentre: id,
    parent: '',
    name: id,
    glCode: '',
    budget: '',
    extra: {},
    ...given,
  }
  return { facts: [{ document: directory('cost-centres'), fact }] }
}

export function service(id: string, given: Partial<Service> = {}): TestRow {
  const fact: Service = {
    fact: 'service',
    service: id,
    vendor: 'acme',
    account: 'A-1',
    product: '',
    serviceType: '',
    person: '',
    costCentre: '',
    project: '',
    from: null,
    to: null,
    sharePpm: null,
    deviceType: '',
    extra: {},
    ...given,
  }
  return { facts: [{ document: directory('services'), fact }] }
}

export function pool(id: string, given: Partial<Pool> = {}): TestRow {
  const fact: Pool = {
    fact: 'pool',
    pool: id,
    vendor: 'acme',
    account: 'A-1',
    model: 'aggregate',
    usageType: 'data',
    allowanceBase: null,
    maxMembers: null,
    zone: '',
    timeBand: '',
    network: '',
    extra: {},
    ...given,
  }
  return { facts: [{ document: directory('pools'), fact }] }
}

export function poolMember(id: string, of: string, given: Partial<PoolMember> = {}): TestRow {
  const fact: PoolMember = {
    fact: 'pool-member',
    pool: id,
    service: of,
    contribution: '',
    unit: '',
    from: null,
    to: null,
    extra: {},
    ...given,
  }
  return { facts: [{ document: directory('pool-members'), fact }] }
}
