// The directory as files: services, people, cost centres, projects, accounts, pools and their members. Each file is one
// document that a later one of the same source replaces.
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_REQUIRED,
  COST_CENTRE_COLUMNS,
  COST_CENTRE_REQUIRED,
  type Importer,
  PERSON_COLUMNS,
  PERSON_REQUIRED,
  POOL_COLUMNS,
  POOL_MEMBER_COLUMNS,
  POOL_MEMBER_REQUIRED,
  POOL_REQUIRED,
  PROJECT_COLUMNS,
  PROJECT_REQUIRED,
  readAccount,
  readCostCentre,
  readPerson,
  readPool,
  readPoolMember,
  readProject,
  readService,
  SERVICE_COLUMNS,
  SERVICE_REQUIRED,
} from '@spillway/core'
import { canonicalImporter, directoryDocument } from './canonical-importer.ts'

/** What stands in bills and usage, and in no directory file. */
const OF_BILLS_AND_USAGE = ['invoice', 'amount', 'started_at', 'quantity']

export const poolsImporter: Importer = canonicalImporter({
  name: 'pools',
  describes: 'pools.csv: shared allowances (pool, model, usage_type, allowance, unit, ...)',
  columns: POOL_COLUMNS,
  required: POOL_REQUIRED,
  foreign: [...OF_BILLS_AND_USAGE, 'service', 'employee'],
  readFact: readPool,
  documentOf: directoryDocument('pools'),
  isDirectory: true,
})

export const poolMembersImporter: Importer = canonicalImporter({
  name: 'pool-members',
  describes: 'pool_members.csv: which services share a pool, and when (pool, service, contribution, unit, from, to)',
  columns: POOL_MEMBER_COLUMNS,
  required: POOL_MEMBER_REQUIRED,
  foreign: [...OF_BILLS_AND_USAGE, 'usage_type', 'model', 'person', 'cost_centre', 'project', 'employee'],
  readFact: readPoolMember,
  documentOf: directoryDocument('pool-members'),
  isDirectory: true,
})

export const servicesImporter: Importer = canonicalImporter({
  name: 'services',
  describes: 'services.csv: the inventory and whose each service is (service, person, cost_centre, project, ...)',
  columns: SERVICE_COLUMNS,
  required: SERVICE_REQUIRED,
  oneOf: ['person', 'cost_centre', 'project', 'product'],
  foreign: [...OF_BILLS_AND_USAGE, 'usage_type', 'contribution', 'employee'],
  readFact: readService,
  documentOf: directoryDocument('services'),
  isDirectory: true,
})

export const peopleImporter: Importer = canonicalImporter({
  name: 'people',
  describes: 'people.csv: employees (employee, name, email, aliases, cost_centre, manager, from, to)',
  columns: PERSON_COLUMNS,
  required: PERSON_REQUIRED,
  // Without the column everybody would move to no cost centre.
  oneOf: ['cost_centre'],
  foreign: OF_BILLS_AND_USAGE,
  readFact: readPerson,
  documentOf: directoryDocument('people'),
  isDirectory: true,
})

export const costCentresImporter: Importer = canonicalImporter({
  name: 'cost-centres',
  describes: 'cost_centres.csv: the tree of cost centres (cost_centre, parent, name, gl_code, budget)',
  columns: COST_CENTRE_COLUMNS,
  required: COST_CENTRE_REQUIRED,
  oneOf: ['parent', 'name', 'gl_code', 'budget'],
  foreign: [...OF_BILLS_AND_USAGE, 'service', 'employee', 'person', 'project', 'account', 'pool'],
  readFact: readCostCentre,
  documentOf: directoryDocument('cost-centres'),
  isDirectory: true,
})

export const projectsImporter: Importer = canonicalImporter({
  name: 'projects',
  describes: 'projects.csv: projects and their rates (project, client, name, rate, increment_minutes, from, to)',
  columns: PROJECT_COLUMNS,
  required: PROJECT_REQUIRED,
  oneOf: ['client', 'name', 'rate', 'increment_minutes'],
  foreign: [...OF_BILLS_AND_USAGE, 'service', 'employee', 'person', 'pool'],
  readFact: readProject,
  documentOf: directoryDocument('projects'),
  isDirectory: true,
})

export const accountsImporter: Importer = canonicalImporter({
  name: 'accounts',
  describes: 'accounts.csv: the tree of accounts (account, parent, usage_invoicer, currency, time_zone, cycle_day)',
  columns: ACCOUNT_COLUMNS,
  required: ACCOUNT_REQUIRED,
  oneOf: ['parent', 'usage_invoicer', 'time_zone', 'cycle_day'],
  foreign: [...OF_BILLS_AND_USAGE, 'service', 'employee', 'pool', 'person'],
  readFact: readAccount,
  documentOf: directoryDocument('accounts'),
  isDirectory: true,
})
