// The company's own files: who is who, which centres and projects there are, who has which service, and the pools.
import type { WrittenFile } from './bill.ts'
import { COST_CENTRES, PROJECTS } from './cost-centres.ts'
import type { Line } from './line.ts'
import { emailOf, firstStints, type Person, SECOND_FEED_ON, type Stint } from './people.ts'
import { CONFERENCE_MINUTES, LONG_DISTANCE_MINUTES } from './rheinklang-bill.ts'
import { R_CONFERENCE, R_LONG_DISTANCE, R_VOICE, RHEINKLANG } from './rheinklang-lines.ts'
import { type Cell, delimited } from './tables.ts'
import { DRIVERS_MINUTES, PUDDLE_GB } from './tessaline-charges.ts'
import { PUDDLE_MEMBERS_MAX, PUDDLES, T_DEPOT, T_DRIVERS, T_FIELD, TESSALINE } from './tessaline-lines.ts'
import { V_DATA, V_TABLETS, V_TEXT, V_VOICE, VERIZON_PHONES, VERIZON_TABLETS } from './verizon-lines.ts'

const PROFILE = '4471902'

export function writeDirectory(people: ReadonlyArray<Person>, lines: ReadonlyArray<Line>): WrittenFile[] {
  const file = (name: string, header: string, rows: ReadonlyArray<ReadonlyArray<Cell>>) => ({
    path: `directory/${name}.csv`,
    content: delimited(header.split(','), rows),
  })
  const services = 'service,vendor,account,product,service_type,person,cost_centre,project,from,to,share,device_type'
  const persons = 'employee,name,email,aliases,cost_centre,manager,from,to'
  return [
    file('accounts', 'account,parent,usage_invoicer,name,currency,time_zone,cycle_day', ACCOUNTS),
    file(
      'cost_centres',
      'cost_centre,parent,name,gl_code,budget',
      COST_CENTRES.map(({ id, parent, name, glCode, budget }) => [id, parent, name, glCode, budget]),
    ),
    file(
      'projects',
      'project,client,name,rate,increment_minutes,from,to',
      PROJECTS.map(({ id, client, name, rate, from, to }) => [id, client, name, rate, rate === '' ? '' : 6, from, to]),
    ),
    file('people', persons, peopleRows(people, firstStints)),
    file(
      'people-2026-04',
      persons,
      peopleRows(people, ({ stints }) => stints),
    ),
    file('services', services, serviceRows(lines.filter(({ from }) => from < SECOND_FEED_ON))),
    file('services-2026-04', services, serviceRows(lines)),
    file('pools', 'pool,vendor,account,model,usage_type,allowance,unit,max_members,zone,network', POOLS),
    file('pool_members', 'pool,service,contribution,unit,from,to', memberRows(lines)),
  ]
}

const ACCOUNTS: ReadonlyArray<ReadonlyArray<Cell>> = [
  [PROFILE, '', '', 'Verizon profile', 'USD', 'America/New_York', 1],
  [VERIZON_PHONES, PROFILE, '', 'Verizon phones', 'USD', 'America/New_York', 1],
  [VERIZON_TABLETS, PROFILE, '', 'Verizon tablets and hotspots', 'USD', 'America/New_York', 1],
  [TESSALINE, '', '', 'Tessaline data', 'USD', 'America/New_York', 15],
  [RHEINKLANG, '', '', 'Rheinklang Telekom', 'EUR', 'Europe/Berlin', 1],
]

const POOLS: ReadonlyArray<ReadonlyArray<Cell>> = [
  [V_VOICE, 'verizon', VERIZON_PHONES, 'aggregate', 'voice', '', '', '', '', ''],
  [V_DATA, 'verizon', VERIZON_PHONES, 'data-plus', 'data', '', '', '', '', ''],
  [V_TEXT, 'verizon', VERIZON_PHONES, 'aggregate', 'messaging', '', '', '', '', ''],
  [V_TABLETS, 'verizon', VERIZON_TABLETS, 'aggregate', 'data', '', '', '', '', ''],
  [T_DRIVERS, 'tessaline', TESSALINE, 'bulk', 'voice', DRIVERS_MINUTES, 'min', '', '', ''],
  ...PUDDLES.map((pool) => [
    pool,
    'tessaline',
    TESSALINE,
    'group-share',
    'data',
    PUDDLE_GB,
    'GB',
    PUDDLE_MEMBERS_MAX,
    '',
    '',
  ]),
  [T_FIELD, 'tessaline', TESSALINE, 'data-plus', 'data', '', '', '', '', ''],
  [T_DEPOT, 'tessaline', TESSALINE, 'aggregate', 'data', '', '', '', '', ''],
  [R_VOICE, 'rheinklang', RHEINKLANG, 'aggregate', 'voice', '', '', '', 'domestic', ''],
  [R_LONG_DISTANCE, 'rheinklang', RHEINKLANG, 'bulk', 'voice', LONG_DISTANCE_MINUTES, 'min', '', 'long-distance', ''],
  [R_CONFERENCE, 'rheinklang', RHEINKLANG, 'bulk', 'conference', CONFERENCE_MINUTES, 'min', '', '', ''],
]

function peopleRows(people: ReadonlyArray<Person>, known: (person: Person) => ReadonlyArray<Stint>): Cell[][] {
  return people.flatMap((person) =>
    known(person).map(({ costCentre, from, to }) => {
      const email = emailOf(person, people)
      return [
        person.employee,
        person.name,
        email,
        `ext-${person.employee.slice(1)}`,
        costCentre,
        person.manager,
        from,
        to,
      ]
    }),
  )
}

/** Cards in a drawer: in the inventory, and never on a bill. */
const DRAWER = ['SIM-60001', 'SIM-60002', 'SIM-60003']

function serviceRows(lines: ReadonlyArray<Line>): Cell[][] {
  const rows = lines
    .filter(({ isInInventory }) => isInInventory)
    .flatMap((line) =>
      line.assignments.map(({ person, costCentre, project, from, to, share }) => {
        const { service, vendor, account, product, serviceType, deviceType } = line
        return [
          service,
          vendor,
          account,
          product,
          serviceType,
          person,
          costCentre,
          project,
          from,
          to,
          share,
          deviceType,
        ]
      }),
    )
  const drawer = DRAWER.map((service) => [
    service,
    'tessaline',
    TESSALINE,
    'FIELD-2GB',
    'data',
    '',
    'QH-114',
    '',
    '',
    '',
    '',
    'data card',
  ])
  return [...rows, ...drawer]
}

function memberRows(lines: ReadonlyArray<Line>): Cell[][] {
  const rows = lines.flatMap(({ service, memberships }) =>
    memberships.map(({ pool, contribution, unit, from, to }): string[] => [
      pool,
      service,
      contribution,
      unit,
      from,
      to,
    ]),
  )
  return rows.sort((left, right) => (left.join() < right.join() ? -1 : 1))
}
