// The cost-centre tree of three levels, with general ledger codes, monthly budgets in US dollars and heads per leaf.

export type CostCentre = {
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly glCode: string
  readonly budget: string
  /** People who work here; 0 above the leaves. */
  readonly heads: number
}

const leaf = (id: string, name: string, heads: number, budget: string): CostCentre => ({
  id,
  parent: `${id.slice(0, 5)}0`,
  name,
  glCode: `6411-${id.slice(3)}`,
  budget,
  heads,
})
const branch = (id: string, name: string, budget: string): CostCentre => ({
  id,
  parent: id === 'QH-100' ? '' : 'QH-100',
  name,
  glCode: `6410-${id.slice(3)}`,
  budget,
  heads: 0,
})

export const COST_CENTRES: ReadonlyArray<CostCentre> = [
  branch('QH-100', 'Quillhaven Freight', '17500.00'),
  branch('QH-110', 'Corporate', '2900.00'),
  leaf('QH-111', 'Finance', 10, '700.00'),
  leaf('QH-112', 'People', 6, '420.00'),
  leaf('QH-113', 'Legal', 4, '300.00'),
  leaf('QH-114', 'Information technology', 12, '850.00'),
  leaf('QH-115', 'Telecom central', 2, '630.00'),
  branch('QH-120', 'Road', '4100.00'),
  leaf('QH-121', 'Dispatch', 16, '1250.00'),
  leaf('QH-122', 'Drivers East', 22, '950.00'),
  leaf('QH-123', 'Drivers West', 18, '900.00'),
  leaf('QH-124', 'Fleet workshop', 10, '1000.00'),
  branch('QH-130', 'Warehousing', '4300.00'),
  leaf('QH-131', 'Harbour depot', 22, '1500.00'),
  leaf('QH-132', 'Inland depot', 20, '1300.00'),
  leaf('QH-133', 'Cold store', 12, '900.00'),
  leaf('QH-134', 'Returns', 8, '600.00'),
  branch('QH-140', 'Sea and air', '1900.00'),
  leaf('QH-141', 'Ocean desk', 10, '700.00'),
  leaf('QH-142', 'Air desk', 8, '550.00'),
  leaf('QH-143', 'Customs', 8, '650.00'),
  branch('QH-150', 'Sales', '2600.00'),
  leaf('QH-151', 'Key accounts', 10, '900.00'),
  leaf('QH-152', 'Regional sales', 14, '1000.00'),
  leaf('QH-153', 'Customer service', 12, '700.00'),
  branch('QH-160', 'Europe', '1700.00'),
  leaf('QH-161', 'Hamburg office', 22, '900.00'),
  leaf('QH-162', 'Rotterdam desk', 12, '500.00'),
  leaf('QH-163', 'Conference services', 2, '300.00'),
]

export type Project = {
  readonly id: string
  readonly client: string
  readonly name: string
  readonly rate: string
  readonly from: string
  readonly to: string
}

export const PROJECTS: ReadonlyArray<Project> = [
  { id: 'P-COLD', client: 'Bramblewick Dairies', name: 'Cold chain telemetry', rate: '', from: '2025-06-01', to: '' },
  {
    id: 'P-GATE',
    client: 'Port of Tarn Sound',
    name: 'Gate automation',
    rate: '145.00',
    from: '2025-09-01',
    to: '2026-07-01',
  },
  { id: 'P-LAST', client: 'Ottersley Stores', name: 'Last-mile pilot', rate: '120.00', from: '2026-01-01', to: '' },
  { id: 'P-CUST', client: 'Quillhaven', name: 'Customs portal', rate: '', from: '2025-10-01', to: '2026-10-01' },
]
