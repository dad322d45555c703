// The firm as its files say it: cost centres, people, projects, who has which service, and the user ids with their owners.
import { ACCOUNT, DEPARTMENTS, PEOPLE } from './firm-people.ts'
import { MATTERS } from './matters.ts'
import { PASSCODES, USER_IDS, type UserId } from './user-ids.ts'
import type { WrittenFile } from './written-file.ts'

const csv = (path: string, header: string, rows: ReadonlyArray<ReadonlyArray<string | number>>): WrittenFile => ({
  path,
  content: `${[header, ...rows.map((row) => row.map(cell).join(','))].join('\n')}\n`,
})

const cell = (value: string | number) => (/[",]/.test(String(value)) ? `"${value}"` : String(value))

export function directoryFiles(): WrittenFile[] {
  return [
    csv('directory/cost_centres.csv', 'cost_centre,parent,name,gl_code', [
      ['FIRM', '', 'Wychbold Tarn', '6100'],
      ...DEPARTMENTS.map(({ costCentre, name, glCode }) => [costCentre, 'FIRM', name, glCode]),
    ]),
    csv(
      'directory/people.csv',
      'employee,name,email,cost_centre,from,to',
      PEOPLE.map(({ employee, name, costCentre, from, to }) => [
        employee,
        name,
        `${name.toLowerCase().replace(' ', '.')}@wychboldtarn.example`,
        costCentre,
        from,
        to,
      ]),
    ),
    csv(
      'directory/projects.csv',
      'project,client,name,rate,increment_minutes,from,to',
      MATTERS.map(({ project, client, name, rate, increment, from, to }) => [
        project,
        client,
        name,
        rate,
        increment,
        from,
        to,
      ]),
    ),
    csv('directory/services.csv', 'service,account,product,person,cost_centre,project,from,to', [
      // What comes in under a code that nobody has stands on the account itself.
      [ACCOUNT, ACCOUNT, 'bridge-line', '', '', '', '', ''],
      ...USER_IDS.map(serviceRow),
    ]),
    csv(
      'sub-accounts.csv',
      'account,user_id,name,person,cost_centre,project,client,minutes,participants,call_minutes,at_limit',
      USER_IDS.map(({ userId, name, owner, limits }) => [
        ACCOUNT,
        userId,
        name,
        ...(['person', 'cost_centre', 'project', 'client'] as const).map((one) =>
          one === owner.column ? owner.id : '',
        ),
        ...(['minutes', 'participants', 'call_minutes', 'at_limit'] as const).map((one) => limits?.[one] ?? ''),
      ]),
    ),
    csv(
      'passcodes.csv',
      'account,user_id,passcode,given_on',
      PASSCODES.map(({ userId, passcode, givenOn }) => [ACCOUNT, userId, passcode, givenOn]),
    ),
  ]
}

/** A user id has the person who answers for it; one of a department has its cost centre, one of a matter its project. */
function serviceRow({ userId, owner, person }: UserId): string[] {
  const costCentre = owner.column === 'cost_centre' ? owner.id : ''
  const project = owner.column === 'project' ? owner.id : ''
  const { from = '', to = '' } = PEOPLE.find((one) => one.userId === userId) ?? {}
  return [userId, ACCOUNT, 'bridge-user', person, costCentre, project, from, to]
}
