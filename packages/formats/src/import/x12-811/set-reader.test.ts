import type { Charge } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { differences, factsOf, isTotal, problemsOf } from '../../../test/facts.ts'
import { chargesOf, HEADING, ISA, readBody, readInterchange } from '../../../test/x12.ts'

describe('the levels of a set', () => {
  const ITEM = 'IT1**1*EA*1.00'
  it.each<[what: string, body: string[], services: string[]]>([
    [
      'children of an account',
      ['HL*1**A', ITEM, 'HL*2*1*B', 'REF*MN*1', ITEM, 'HL*3*1*B', 'REF*MN*2', ITEM],
      ['', '1', '2'],
    ],
    ['other codes', ['HL*1**BL', 'HL*2*1*AC', 'REF*AN*9', ITEM, 'HL*3*2*SP', 'REF*12*7', ITEM], ['', '7']],
    ['numbers for codes', ['HL*1**1', 'HL*2*1*4', 'HL*3*2*5', 'HL*4*3*8', 'REF*MN*1', 'HL*5*4*9', ITEM], ['1']],
    ['no code at all', ['HL*1', 'HL*2*1', 'REF*MN*1', ITEM], ['1']],
    ['back to the account', ['HL*1**A', 'HL*2*1*B', 'REF*MN*1', ITEM, 'HL*3**A', ITEM], ['1', '']],
    ['a mobile number before a billing number', ['HL*1**A', 'REF*12*7', 'REF*MN*1', ITEM], ['1']],
    ['a billing number beside an account', ['HL*1**A', 'REF*12*7', 'REF*9V*9', ITEM], ['']],
    ['a characteristic', ['HL*1**A', 'SI*TI*TN*1', ITEM], ['1']],
    ['a loop of services within a level', ['HL*1**A', 'LX*1', 'REF*MN*1', ITEM, 'LX*2', 'REF*MN*2', ITEM], ['1', '2']],
    ['a reference behind the item', ['HL*1**A', ITEM, 'REF*MN*1', ITEM], ['1', '']],
    ['no level', [ITEM], ['']],
  ])('%s', async (_, body, services) => {
    expect((await chargesOf(...body)).map(({ service }) => service)).toEqual(services)
  })

  it('report a parent that is not there', async () => {
    expect(problemsOf(await readBody(...HEADING, 'HL*1**A', 'HL*2*7*B'))).toEqual([
      { line: 9, code: 'control-mismatch', severity: 'warning', at: 'HL02' },
    ])
  })

  it('are not followed to any depth', async () => {
    const nested = Array.from({ length: 60 }, (_, at) => `HL*${at + 1}*${at || ''}*A`)
    expect(problemsOf(await readBody(...HEADING, ...nested)).map(({ code }) => code)).toContain('row-unreadable')
  })
})

describe('the bill of a set', () => {
  const billOf = async (...heading: string[]) => {
    const rows = await readBody(...heading, 'HL*1**A', 'SAC*C*X***600')
    return { bill: factsOf(rows)[0], problems: problemsOf(rows).map(({ code, severity }) => `${severity} ${code}`) }
  }
  const [BIG = '', REF = ''] = HEADING

  it.each<[what: string, heading: string[], expected: Partial<Charge>, problems?: string[]]>([
    ['both dates', HEADING, { periodStartOn: '2026-03-01' as Charge['periodStartOn'] }],
    [
      'dates that are swapped',
      [BIG, REF, 'DTM*151*20260301', 'DTM*150*20260331'],
      { periodStartOn: '2026-03-01', periodEndOn: '2026-04-01' } as Partial<Charge>,
      ['warning date-order'],
    ],
    ['no last day', [BIG, REF, 'DTM*150*20260316'], { periodEndOn: '2026-04-16' } as Partial<Charge>],
    ['no first day', [BIG, REF, 'DTM*151*20260331'], { periodStartOn: '2026-03-01' } as Partial<Charge>],
    ['a range', [BIG, REF, 'DTM*150****RD8*20260301-20260331'], { periodEndOn: '2026-04-01' } as Partial<Charge>],
    ['years of two digits', [BIG, REF, 'DTM*150*260301'], { periodStartOn: '2026-03-01' } as Partial<Charge>],
    [
      'invoice dates',
      [BIG, REF, 'DTM*186*20260301', 'DTM*187*20260331'],
      { periodEndOn: '2026-04-01' } as Partial<Charge>,
    ],
    [
      'no period',
      [BIG, REF],
      { periodStartOn: '2026-03-01', periodEndOn: '2026-04-01' } as Partial<Charge>,
      ['warning value-missing'],
    ],
    ['an account of the payer', [BIG, 'N1*BT*ACME*91*ACC-7', 'DTM*151*20260331'], { account: 'ACC-7' }],
    ['a billing number for an account', [BIG, 'REF*12*5550000', 'DTM*151*20260331'], { account: '5550000' }],
    ['a vendor that is known', [...HEADING, 'N1*RE*VERIZON WIRELESS'], { vendor: 'verizon' }],
    ['a vendor that is not', [...HEADING, 'N1*RE*Big & Sons, Inc.'], { vendor: 'big-sons-inc' }],
  ])('with %s', async (_, heading, expected, problems = []) => {
    const found = await billOf(...heading)
    expect(found.problems).toEqual(problems)
    expect(found.bill).toMatchObject(expected)
  })

  it.each([
    ['without a number', ['BIG*20260401', REF, 'DTM*151*20260331']],
    ['without an account', [BIG, 'DTM*151*20260331']],
  ])('%s has its charges in quarantine, with their amount', async (_, heading) => {
    const rows = await readBody(...heading, 'HL*1**A', 'SAC*C*X***600')
    const row = rows.find(({ raw }) => raw.startsWith('SAC'))
    expect(row).toMatchObject({ facts: [], amount: { currency: 'USD', minor: 600n } })
    expect(row?.problems.map(({ code }) => code)).toEqual(['value-missing'])
  })

  it('is its own for every set of an interchange', async () => {
    const set = (at: number) => [
      `ST*811*000${at}`,
      `BIG*20260401*INV-${at}`,
      `REF*9V*ACC-${at}`,
      'DTM*151*20260331',
      'SAC*C*X***600',
      'TDS*600',
      `SE*7*000${at}`,
    ]
    const segments = [ISA, 'GS*CI*S*A*20260401*0930*1*X*004010', ...set(1), ...set(2), 'GE*2*1', 'IEA*1*000000001']
    const other = ISA.replaceAll('*', '|').replace(/:$/, '>')
    const next = [
      other,
      'GS|CI|S|A|20260401|0930|1|X|004010',
      ...set(3).map((text) => text.replaceAll('*', '|')),
      'GE|1|1',
      'IEA|1|000000001',
    ]
    const rows = await readInterchange(`${segments.join('~')}~\n${next.join('!')}!`)
    expect(problemsOf(rows)).toEqual([])
    expect(differences(rows)).toEqual({})
    expect(
      factsOf(rows)
        .filter(isTotal)
        .map(({ account }) => account),
    ).toEqual(['ACC-1', 'ACC-2', 'ACC-3'])
  })
})
