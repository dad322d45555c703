// Who works at the firm, where, and whether they have a user id of their own. None of them exists.

export const ACCOUNT = 'WT7000'

export type Department = {
  readonly costCentre: string
  readonly name: string
  readonly glCode: string
  /** The user id that the department shares. */
  readonly userId: string
}

export const DEPARTMENTS: ReadonlyArray<Department> = [
  { costCentre: 'LIT', name: 'Litigation', glCode: '6110', userId: 'litigation' },
  { costCentre: 'CORP', name: 'Corporate', glCode: '6120', userId: 'corporate' },
  { costCentre: 'REAL', name: 'Real estate', glCode: '6130', userId: 'real-estate' },
  { costCentre: 'EMPL', name: 'Employment', glCode: '6140', userId: 'employment' },
  { costCentre: 'TAX', name: 'Tax', glCode: '6150', userId: 'tax' },
  { costCentre: 'OPS', name: 'Operations', glCode: '6190', userId: 'front-desk' },
]

/** As clients have them on electronic invoices: partner, associate, paralegal; '' for nobody who bills time. */
export type Classification = 'PT' | 'AS' | 'PL' | ''

export type Person = {
  readonly employee: string
  readonly name: string
  readonly costCentre: string
  readonly classification: Classification
  /** '' for those who use what their department shares. */
  readonly userId: string
  /** First and last day, exclusive; '' for no end. */
  readonly from: string
  readonly to: string
}

type Written = readonly [name: string, costCentre: string, classification: Classification, userId: string]

const WRITTEN: ReadonlyArray<Written> = [
  ['Marian Wychbold', 'LIT', 'PT', 'mwychbold'],
  ['Idris Calloway', 'LIT', 'PT', 'icalloway'],
  ['Nora Esterhaus', 'LIT', 'AS', 'nesterhaus'],
  ['Gideon Strand', 'LIT', 'AS', 'gstrand'],
  ['Priya Venkat', 'LIT', 'AS', 'pvenkat'],
  ['Leo Marchetti', 'LIT', 'PL', ''],
  ['Ottoline Reyes', 'LIT', 'PL', ''],
  ['Sam Dunmore', 'LIT', 'PL', ''],
  ['Hal Tarn', 'CORP', 'PT', 'htarn'],
  ['Beatriz Luz', 'CORP', 'PT', 'bluz'],
  ['Wen Zhao', 'CORP', 'AS', 'wzhao'],
  ['Clara Fennick', 'CORP', 'AS', 'cfennick'],
  ['Tomas Okoye', 'CORP', 'AS', ''],
  ['Ruth Abell', 'CORP', 'PL', ''],
  ['Jonas Pike', 'REAL', 'PT', 'jpike'],
  ['Delia Moss', 'REAL', 'AS', 'dmoss'],
  ['Arlo Finch', 'REAL', 'PL', ''],
  ['Simone Achterberg', 'EMPL', 'PT', 'sachterberg'],
  ['Kit Larkin', 'EMPL', 'AS', 'klarkin'],
  ['Yusuf Demir', 'EMPL', 'AS', 'ydemir'],
  ['Peggy Thorne', 'EMPL', 'PL', ''],
  ['Vera Lindqvist', 'TAX', 'PT', 'vlindqvist'],
  ['Emil Roth', 'TAX', 'AS', 'eroth'],
  ['Maud Garrity', 'OPS', '', 'mgarrity'],
  ['Felix Amado', 'OPS', '', 'famado'],
  ['Joy Whitlock', 'OPS', '', ''],
]

/** The day from which Gideon Strand is no longer there. */
export const LEFT_ON = '2026-07-01'
const JOINED: Readonly<Record<string, string>> = { ydemir: '2026-02-01' }

export const PEOPLE: ReadonlyArray<Person> = WRITTEN.map(([name, costCentre, classification, userId], index) => ({
  employee: `E-${101 + index}`,
  name,
  costCentre,
  classification,
  userId,
  from: JOINED[userId] ?? '',
  to: userId === 'gstrand' ? LEFT_ON : '',
}))

export function personOf(userId: string): Person {
  const person = PEOPLE.find((one) => one.userId === userId)
  if (!person) throw new Error(`nobody has the user id ${userId}`)
  return person
}
