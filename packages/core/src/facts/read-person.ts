// A row of people.csv (spec, import, "Facts"; spec, accounts, "People").
import type { Person } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'

export const PERSON_COLUMNS = ['employee', 'name', 'email', 'aliases', 'cost_centre', 'manager', 'from', 'to'] as const
export type PersonColumn = (typeof PERSON_COLUMNS)[number]
export const PERSON_REQUIRED = ['employee'] as const satisfies ReadonlyArray<PersonColumn>

export function readPerson(cell: CellOf<PersonColumn>, context: RowContext<PersonColumn>): FactReading<Person> {
  const row = new RowCells(cell, context)
  const employee = row.requiredId('employee')
  const email = row.id('email')
  const aliases = row.id('aliases')
  const costCentre = row.id('cost_centre')
  const manager = row.id('manager')
  const { from, to } = row.openRange('from', 'to')
  if (row.hasProblems || employee === null || email === null || aliases === null) return row.refused()
  if (costCentre === null || manager === null) return row.refused()
  const fact: Person = {
    fact: 'person',
    employee,
    name: row.text('name'),
    email,
    aliases: splitAliases(aliases),
    costCentre,
    manager,
    from,
    to,
    extra: row.extra,
  }
  return { fact }
}

/** Separated by `;`; blanks and repetitions fall away. */
function splitAliases(text: string): ReadonlyArray<string> {
  const aliases = text.split(';').map((alias) => alias.trim())
  return [...new Set(aliases.filter((alias) => alias !== ''))]
}
