import { REPORT_NAMES, REPORT_REACH, type ReportName } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from './ask.ts'
import { MARK } from './other-tenant.ts'
import { OF_NORTHWOOD, OF_SOUTHGATE, type PersonName, type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
})
afterAll(() => company.remove())

const report = (name: string, as: PersonName, query = '') =>
  ask(company.server, { path: `/v1/reports/${name}?period=2026-10${query}`, as })
const rowsOf = (answer: { json: Record<string, unknown> }) => answer.json.rows as Array<Record<string, string>>
const found = (text: string, values: ReadonlyArray<string>) => values.filter((value) => text.includes(value))

describe('a report over HTTP', () => {
  it('sums for a department what its own rows sum to', async () => {
    // phone-4 is 55.50, half of it Ada's: 15.00 + 11.11 + 27.75.
    const owner = await report('charges', 'owner', '&by=cost-centre')
    expect(rowsOf(owner).map(({ key, adjusted }) => [key, adjusted])).toEqual([
      ['', '0.00'],
      ['C-1', '53.86'],
      ['C-11', '52.22'],
      ['C-2', '7850.52'],
    ])
    const head = await report('charges', 'head-of-C-1', '&by=cost-centre')
    expect(rowsOf(head).map(({ key, adjusted }) => [key, adjusted])).toEqual([
      ['C-1', '53.86'],
      ['C-11', '52.22'],
    ])
    const tree = rowsOf(await report('cost-centres', 'head-of-C-1'))
    expect(tree.map(({ key, parent, adjusted_total }) => [key, parent, adjusted_total])).toEqual([
      ['C-1', '', '106.08'],
      ['C-11', 'C-1', '52.22'],
    ])
  })

  it('leaves out of a part what is not wholly of it, and what would count others', async () => {
    const services = (answer: Parameters<typeof rowsOf>[0]) => rowsOf(answer).map(({ service }) => service)
    expect(services(await report('allocation', 'head-of-C-1'))).toEqual(['phone-1', 'phone-2'])
    const [pool] = rowsOf(await report('pools', 'head-of-C-1'))
    expect(pool).toEqual({
      ...{ pool: 'P-1', model: 'bulk', usage_type: 'data', currency: 'USD' },
      ...{ members: '2', used: '3000000000', actual: '0.00', adjusted: '45.00' },
    })
    expect(
      rowsOf(await report('charges', 'head-of-C-1', '&by=service')).map(({ key, adjusted }) => [key, adjusted]),
    ).toEqual([
      ['phone-1', '26.11'],
      ['phone-2', '52.22'],
      ['phone-4', '27.75'],
    ])
  })

  const partial = [
    ['head-of-C-1', OF_SOUTHGATE],
    ['employee-E-3', OF_NORTHWOOD],
    ['auditor-of-C-2', OF_NORTHWOOD],
    ['analyst-of-A-2', OF_NORTHWOOD],
  ] as const
  const QUERIES: Readonly<Partial<Record<ReportName, ReadonlyArray<string>>>> = {
    charges: [
      '&by=service',
      '&by=person',
      '&by=cost-centre',
      '&by=account',
      '&by=line',
      '&by=line&where=vendor%3Dacme',
    ],
    usage: ['', '&by=service', '&by=person', '&by=account'],
    trend: ['&by=service', '&by=person'],
    movers: ['&by=service', '&by=person'],
    unused: ['&months=2'],
    'pool-days': ['&pool=P-1'],
    legs: ['&account=A-1&user=phone-1'],
    'run-changes': ['&run=2026-10.1&since=2026-09.1&by=service', '&run=2026-10.1&since=2026-09.1&by=person'],
  }
  const asked = REPORT_NAMES.flatMap((name) => (QUERIES[name] ?? ['']).map((query) => [name, query] as const))
  /** Reports that need more than a period, or of which this company has nothing. */
  const NOT_HERE = new Set<ReportName>(['balances', 'bucket-days', 'sub-accounts', 'billable-time'])

  it.each(asked)(
    '%s%s shows a part nothing of the others, in no format, and the whole everything',
    async (name, query) => {
      const whole = await report(name, 'owner', query)
      if (!NOT_HERE.has(name)) expect([name, whole.status]).toEqual([name, 200])
      expect(whole.text).not.toContain(MARK)
      for (const [who, hidden] of partial)
        for (const format of ['json', 'csv']) {
          const answer = await report(name, who, `${query}&format=${format}`)
          const isReached =
            REPORT_REACH[name] === 'rows' || (REPORT_REACH[name] === 'accounts' && who === 'analyst-of-A-2')
          if (!NOT_HERE.has(name)) expect([name, who, answer.status]).toEqual([name, who, isReached ? 200 : 403])
          expect([name, who, found(answer.text, hidden)]).toEqual([name, who, []])
        }
    },
  )

  it('shows the values that are looked for to whom they belong', async () => {
    const text =
      (await report('charges', 'owner', '&by=service')).text + (await report('charges', 'owner', '&by=person')).text
    expect(found(text, ['Cyra Vantongeren', 'phone-3', 'Ada Quillfeather', 'phone-1'])).toHaveLength(4)
    const own = await report('charges', 'employee-E-3', '&by=person')
    expect(rowsOf(own).map(({ key, name, adjusted }) => [key, name, adjusted])).toEqual([
      ['E-3', 'Cyra Vantongeren', '7850.52'],
    ])
    const idle = await report('unused', 'employee-E-3', '&months=2')
    expect(rowsOf(idle).map(({ service }) => service)).toEqual(['phone-4', 'idle-3'])
  })

  it('leads from a figure to its lines and to what was read there, and no further than one may see', async () => {
    const where = '&where=cost-centre%3DC-1&where=currency%3DUSD'
    const head = await report('charges', 'head-of-C-1', `&by=line${where}&limit=2`)
    expect(head.json).toMatchObject({ rowCount: 3, totals: [{ currency: 'USD', amounts: { adjusted: '53.86' } }] })
    const all = rowsOf(await report('charges', 'owner', '&by=line&sort=-actual'))
    const placeOf = (wanted: string) => {
      const { batch, line } = all.find(({ service, entry }) => service === wanted && entry === 'charge') ?? {}
      return `/v1/source-lines?batch=${batch}&line=${line}&around=20`
    }
    const own = await ask(company.server, { path: placeOf('phone-1'), as: 'head-of-C-1' })
    expect([own.status, found(own.text, ['phone-1', '11.11'])]).toEqual([200, ['phone-1', '11.11']])
    expect(found(own.text, OF_SOUTHGATE)).toEqual([])
    expect((await ask(company.server, { path: placeOf('phone-3'), as: 'head-of-C-1' })).status).toBe(404)
    expect((await ask(company.server, { path: placeOf('phone-3'), as: 'owner' })).text).toContain('7777.77')
  })

  it('comes in pages as JSON, and as a whole in files', async () => {
    const first = await report('charges', 'owner', '&by=service&limit=3')
    const second = await report('charges', 'owner', `&by=service&limit=3&cursor=${first.json.next}`)
    expect([...rowsOf(first), ...rowsOf(second)].map(({ key }) => key)).toEqual([
      '',
      'phone-1',
      'phone-2',
      'phone-3',
      'phone-4',
    ])
    expect(second.json.next).toBeNull()
    const csv = await report('charges', 'owner', '&by=service&format=csv')
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="charges-2026-10.csv"')
    expect(csv.text.trim().split('\n')).toHaveLength(6)
    expect((await report('charges', 'owner', '&format=ndjson')).text.trim().split('\n')).toHaveLength(4)
    expect((await report('charges', 'owner', '&format=xlsx')).bytes.subarray(0, 2)).toEqual(
      new TextEncoder().encode('PK'),
    )
    expect((await report('charges', 'owner', '&format=parquet')).text).toMatch(/^PAR1[\s\S]*PAR1$/)
  })

  it('comes from any place in its order, as the pages that follow each other have it', async () => {
    const ask = (place: string) => report('charges', 'owner', `&by=service&sort=-adjusted&limit=${place}`)
    const whole = await ask('1000')
    const all = rowsOf(whole)
    for (let offset = 0; offset <= all.length + 1; offset += 1) {
      const { json } = await ask(`2&offset=${offset}`)
      expect(json).toMatchObject({
        ...{ rows: all.slice(offset, offset + 2), rowCount: all.length, totals: whole.json.totals },
      })
      const next = json.next === null ? [] : rowsOf(await ask(`2&cursor=${json.next}`))
      expect(next).toEqual(all.slice(offset + 2, offset + 4))
    }
  })

  it('stands in the audit log where it left the server as a file', async () => {
    await report('charges', 'head-of-C-1', '&format=csv')
    const { json } = await ask(company.server, { path: '/v1/audit?action=export&limit=1', as: 'auditor' })
    expect(json.items).toMatchObject([
      {
        who: 'head-of-c-1@company.example',
        subject: 'report charges',
        details: { period: '2026-10', format: 'csv', isPart: true },
      },
    ])
  })

  it('refuses what cannot be asked before anything is sent', async () => {
    const { json: page } = await report('charges', 'owner', '&by=service&limit=1')
    const cases = [
      [`charges?period=2026-10&by=service&cursor=${page.next}&offset=2`, 400, 'bad-command'],
      ['charges?period=2026-12&format=csv', 409, 'period-not-closed'],
      ['charges?period=2026-13', 400, 'bad-command'],
      ['charges?period=2026-10&by=moon&format=csv', 400, 'bad-command'],
      ['charges?period=2026-10&months=3', 400, 'bad-command'],
      ['charges?period=2026-10&cursor=zz', 400, 'bad-command'],
      ['charges?period=2026-10&offset=-1', 400, 'bad-command'],
      ['nonsense?period=2026-10', 404, 'not-found'],
    ] as const
    for (const [path, status, code] of cases) {
      const { json, ...answer } = await ask(company.server, { path: `/v1/reports/${path}`, as: 'owner' })
      expect([path, answer.status, json.code]).toEqual([path, status, code])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })
})

describe('an explanation over HTTP', () => {
  const explain = (service: string, as: PersonName) =>
    ask(company.server, { path: `/v1/explain/${service}?period=2026-10`, as })

  it('shows the whole of it to who sees all, without where files stood', async () => {
    const { status, json, text } = await explain('phone-1', 'owner')
    expect(status).toBe(200)
    expect(json.totals).toEqual([{ currency: 'USD', actual: '11.11', adjusted: '26.11', difference: '15.00' }])
    expect(text).not.toContain(company.workspace.directory)
  })

  it('knows for a part only the services that are theirs as a whole, and cites no line of others', async () => {
    const own = await explain('phone-2', 'head-of-C-1')
    expect(own.status).toBe(200)
    expect(found(own.text, OF_SOUTHGATE)).toEqual([])
    for (const service of ['phone-3', 'phone-4', 'phone-0']) {
      const { status, json } = await explain(service, 'head-of-C-1')
      expect([service, status, json.code]).toEqual([service, 404, 'not-found'])
    }
  })

  it('is kept for who asks the same again, and for nobody else', async () => {
    const [first, again] = [await explain('phone-2', 'owner'), await explain('phone-2', 'owner')]
    expect([again.status, again.text, again.headers.get('content-type')]).toEqual([200, first.text, 'application/json'])
    const own = await explain('phone-2', 'head-of-C-1')
    expect([own.status, found(own.text, OF_SOUTHGATE)]).toEqual([200, []])
    const asked = [await explain('phone-3', 'owner'), await explain('phone-3', 'head-of-C-1')]
    expect(asked.map(({ status }) => status)).toEqual([200, 404])
  })
})
