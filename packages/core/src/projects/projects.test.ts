import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TimelinePiece } from '../directory/service-timeline.ts'
import type { Project } from '../facts/fact.ts'
import type { LocalDate } from '../time/local-date.ts'
import { faultOfCode, issuesOfAccountCodes, projectOfCode, toAccountCodes } from './account-codes.ts'
import { amountOfTime, billableSeconds, shareOverCalls } from './billable-time.ts'
import { ProjectBook } from './project-book.ts'
import { issuesOfProjectRule, readProjectRules } from './project-rule.ts'
import { type CallOrigin, resolveProject } from './resolve-project.ts'

const on = '2026-10-15' as LocalDate

describe('account codes', () => {
  const isProject = (id: string) => id === '4711' || id === 'M-1'
  const document = (given: object) => ({ kind: 'AccountCodes', account: 'R100', ...given })

  it.each<[code: string, document: object | null, fault: string | null, project: string]>([
    ['', null, null, ''],
    ['4711', null, null, '4711'],
    ['PROJ-7', null, null, ''],
    ['', {}, null, ''],
    ['', { required: true }, 'missing', ''],
    ['4711', { required: true }, null, '4711'],
    ['99', { required: true }, null, ''],
    ['PROJ-7', { required: true }, 'not-digits', ''],
    ['123456789012345678901', {}, 'not-digits', ''],
    ['4711', { valid: 'projects' }, null, '4711'],
    ['99', { valid: 'projects' }, 'not-valid', ''],
    ['0042', { valid: ['0042'] }, null, ''],
    ['42', { valid: ['0042'] }, 'not-valid', ''],
    ['42', { valid: [{ code: '42', project: 'M-1' }] }, null, 'M-1'],
    ['42', { valid: [{ code: '42', project: 'gone' }] }, null, ''],
    ['4711', { valid: ['42'] }, 'not-valid', ''],
  ])('%j under %j has the fault %j and the project %j', (code, given, fault, project) => {
    const rules = given && toAccountCodes(document(given))
    expect(rules === null).toBe(given === null)
    expect([faultOfCode({ code, rules, isProject }), projectOfCode({ code, rules, isProject })]).toEqual([
      fault,
      project,
    ])
  })

  it.each([
    [{ valid: [42] }, 'valid: must be projects, or a list of codes: 1 to 20 digits each, in quotes'],
    [{ valid: ['4x'] }, 'valid[0]: must be 1 to 20 digits'],
    [{ valid: ['42', { code: '42', project: 'M-1' }] }, 'valid: has the code 42 twice'],
    [{ required: 'yes' }, 'required: '],
    [{ account: '' }, 'account: must not be empty'],
  ])('refuses %j', (given, issue) => {
    expect(issuesOfAccountCodes(document(given))[0]).toContain(issue)
  })
})

describe('resolveProject', () => {
  const piece = (given: Partial<TimelinePiece>): TimelinePiece => ({
    person: '',
    costCentre: '',
    project: '',
    since: '2026-01-01',
    sharePpm: 1_000_000,
    ...given,
  })
  const rules = readProjectRules([
    { kind: 'ProjectRule', name: 'b', when: { service: ['desk'] }, project: 'R-late' },
    { kind: 'ProjectRule', name: 'a', when: { service: ['desk'], person: ['E-1'] }, project: 'R-1' },
    { kind: 'ProjectRule', name: 'old', order: 1, until: '2026-10-15', when: { service: ['desk'] }, project: 'R-old' },
    { kind: 'ProjectRule', name: 'by phone', when: { 'peer-begins': ['+4420'] }, project: 'R-phone' },
    { kind: 'ProjectRule', name: 'by name', when: { 'participant-contains': ['ACME'] }, project: 'R-name' },
  ])
  const call = { account: 'R100', service: 'desk', source: 'x', peers: [], participants: [], on }
  const origin = (given: Partial<CallOrigin>): CallOrigin => ({
    codeProject: '',
    owner: null,
    pieces: [],
    rules,
    call,
    ...given,
  })
  const owner = { person: 'E-1', costCentre: '', project: '' }

  it.each<[what: string, given: Partial<CallOrigin>, expected: ReadonlyArray<string>]>([
    [
      'the code wins',
      { codeProject: 'P', owner: { ...owner, project: 'O' }, pieces: [piece({ project: 'A' })] },
      ['E-1 P code'],
    ],
    [
      'then the owner',
      { owner: { person: '', costCentre: '', project: 'O' }, pieces: [piece({ person: 'E-2', project: 'A' })] },
      ['E-2 O owner'],
    ],
    ['then the assignment', { pieces: [piece({ person: 'E-2', project: 'A' })] }, ['E-2 A assignment']],
    [
      'an owner is a person of the service’s project',
      { owner, pieces: [piece({ person: 'E-2', project: 'A' })] },
      ['E-1 A assignment'],
    ],
    ['then a rule, the first by name', { owner }, ['E-1 R-1 rule']],
    ['a rule that is not over', { call: { ...call, on: '2026-10-14' as LocalDate } }, [' R-old rule']],
    ['a rule by the number', { call: { ...call, service: 'x', peers: ['1', '+44201'] } }, [' R-phone rule']],
    ['a rule by a name', { call: { ...call, service: 'x', participants: ['Acme Legal'] } }, [' R-name rule']],
    ['nothing', { call: { ...call, service: 'x' } }, ['  ']],
    [
      'a split has a part for each project',
      {
        pieces: [
          piece({ person: 'E-1', project: 'A', sharePpm: 600_000 }),
          piece({ person: 'E-1', project: 'B', sharePpm: 400_000 }),
        ],
      },
      ['E-1 A assignment', 'E-1 B assignment'],
    ],
    [
      'a code makes one of a split',
      {
        codeProject: 'P',
        pieces: [piece({ project: 'A', sharePpm: 600_000 }), piece({ project: 'B', sharePpm: 400_000 })],
      },
      [' P code'],
    ],
  ])('%s', (_, given, expected) => {
    expect(resolveProject(origin(given)).map(({ person, project, by }) => `${person} ${project} ${by}`)).toEqual(
      expected,
    )
  })

  it.each([
    [{ when: {} }, 'when: must say what the rule is about'],
    [{ when: { service: [] } }, 'when.service: must name at least one'],
    [{ when: { service: ['x'] }, from: '2026-10-01', until: '2026-10-01' }, 'until: is not after 2026-10-01'],
    [{ when: { service: ['x'], colour: ['x'] } }, 'when: has no key "colour"'],
  ])('refuses the rule %j', (given, issue) => {
    expect(issuesOfProjectRule({ kind: 'ProjectRule', name: 'r', project: 'P', ...given })).toEqual([issue])
  })
})

describe('a project', () => {
  const row = (given: Partial<Project>): Project => ({
    fact: 'project',
    project: 'P',
    client: 'C',
    name: '',
    rate: '',
    incrementMinutes: null,
    from: null,
    to: null,
    extra: {},
    ...given,
  })
  it('has the row of the day', () => {
    const book = new ProjectBook([
      row({ rate: '100', to: '2026-10-01' as LocalDate }),
      row({ rate: '120', from: '2026-10-01' as LocalDate, to: '2026-11-01' as LocalDate }),
    ])
    const days = ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01'] as LocalDate[]
    expect(days.map((day) => book.projectOn('P', day)?.rate)).toEqual(['100', '120', '120', undefined])
    expect([book.newest('P')?.rate, book.ofClient('C'), book.ofClient('D')]).toEqual(['120', ['P'], []])
  })
})

describe('billable time', () => {
  it.each([
    [0, 6, 0],
    [1, 6, 360],
    [360, 6, 360],
    [361, 6, 720],
    [3600, 15, 3600],
    [61, 1, 120],
  ])('%i seconds by %i minutes are %i', (seconds, increment, expected) => {
    expect(billableSeconds(seconds, increment)).toBe(expected)
  })

  it.each([
    [360, '250.00', 'USD', 2500n],
    [360, '333.33', 'USD', 3333n],
    [360, '0.05', 'USD', 1n],
    [360, '0.04', 'USD', 0n],
    [720, '12.345', 'USD', 247n],
    [360, '15000', 'JPY', 1500n],
    [360, '15.5', 'KWD', 1550n],
    [0, '250', 'USD', 0n],
  ])('%i seconds at %s %s an hour are %s', (seconds, ratePerHour, currency, expected) => {
    expect(amountOfTime(seconds, { ratePerHour, currency })).toBe(expected)
  })

  it('shares a cost over calls so that nothing is lost', () => {
    expect(
      shareOverCalls(100n, [
        { weight: 0n, tieBreak: 'a' },
        { weight: 0n, tieBreak: 'b' },
        { weight: 0n, tieBreak: 'c' },
      ]),
    ).toEqual([34n, 33n, 33n])
    const calls = fc.uniqueArray(fc.record({ tieBreak: fc.string(), weight: fc.bigInt({ min: 0n, max: 9999n }) }), {
      minLength: 1,
      maxLength: 20,
      selector: ({ tieBreak }) => tieBreak,
    })
    fc.assert(
      fc.property(fc.bigInt({ min: -99999n, max: 99999n }), calls, (total, given) => {
        expect(shareOverCalls(total, given).reduce((sum, part) => sum + part, 0n)).toBe(total)
      }),
    )
  })
})
