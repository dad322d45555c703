// What each role may do, to be shown: the page does not load the contract, whose table the server enforces; roles.test.ts compares
// the two.
import type { Permission, Role, ScopeKind } from '@spillway/server/contract'

export const ROLE_NAME: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  manager: 'Manager',
  analyst: 'Analyst',
  'department-head': 'Department head',
  employee: 'Employee',
  auditor: 'Auditor',
  machine: 'Machine',
}

/** In words, and whether a grant on a part of the company counts. */
export const ABILITIES: Readonly<Record<Permission, { readonly words: string; readonly reach: 'tenant' | 'rows' }>> = {
  'report:read': { words: 'Read figures and export them', reach: 'rows' },
  'explain:read': { words: 'Ask why a figure is what it is', reach: 'rows' },
  'run:read': { words: 'Read runs, compare and check them', reach: 'tenant' },
  'period:change': { words: 'Close, publish and reopen months', reach: 'tenant' },
  'configuration:read': { words: 'Read policies and the catalogue', reach: 'tenant' },
  'configuration:change': { words: 'Change policies and the catalogue', reach: 'tenant' },
  'import:read': { words: 'See what was imported', reach: 'tenant' },
  'import:change': { words: 'Import files, and take imports back', reach: 'tenant' },
  'event:send': { words: 'Send usage events', reach: 'rows' },
  'sub-account:verify': { words: 'Check user ids and passcodes', reach: 'tenant' },
  'sub-account:read': { words: 'See sub-accounts', reach: 'rows' },
  'sub-account:request': { words: 'Ask for sub-accounts', reach: 'rows' },
  'sub-account:change': { words: 'Change sub-accounts, answer requests', reach: 'rows' },
  'job:read': { words: 'See jobs', reach: 'tenant' },
  'job:change': { words: 'Cancel jobs, and try them again', reach: 'tenant' },
  'webhook:read': { words: 'See webhooks', reach: 'rows' },
  'webhook:change': { words: 'Change webhooks', reach: 'rows' },
  'schedule:read': { words: 'See schedules', reach: 'tenant' },
  'schedule:change': { words: 'Change schedules', reach: 'tenant' },
  'backup:change': { words: 'Back up', reach: 'tenant' },
  'user:read': { words: 'See users and what they are granted', reach: 'tenant' },
  'user:change': { words: 'Make users, and grant roles', reach: 'tenant' },
  'audit:read': { words: 'Read the audit log', reach: 'tenant' },
  'metrics:read': { words: 'Read the metrics of the server', reach: 'tenant' },
}
export const PERMISSIONS = Object.keys(ABILITIES) as ReadonlyArray<Permission>

type ShownRole = {
  readonly summary: string
  readonly grantedOn: ReadonlyArray<ScopeKind>
  readonly permissions: ReadonlyArray<Permission>
}

const READS = PERMISSIONS.filter((name) => name.endsWith(':read'))
const READS_FIGURES: ReadonlyArray<Permission> = ['report:read', 'explain:read']

export const ROLES: Readonly<Record<Role, ShownRole>> = {
  owner: {
    summary: 'Does everything, and says who else may.',
    grantedOn: ['tenant'],
    permissions: PERMISSIONS,
  },
  manager: {
    summary: 'Imports, configures, closes and publishes; on an account, reads it and answers for its sub-accounts.',
    grantedOn: ['tenant', 'account'],
    permissions: PERMISSIONS.filter((name) => name !== 'user:change'),
  },
  analyst: {
    summary: 'Reads figures, runs and configuration.',
    grantedOn: ['tenant', 'account', 'cost-centre'],
    permissions: [
      ...READS_FIGURES,
      'run:read',
      'configuration:read',
      'import:read',
      'job:read',
      'sub-account:read',
      'sub-account:request',
    ],
  },
  'department-head': {
    summary: 'Reads what their cost centres, and those below, carry.',
    grantedOn: ['cost-centre'],
    permissions: [...READS_FIGURES, 'sub-account:request'],
  },
  employee: {
    summary: 'Reads what they carry themselves, and asks for sub-accounts.',
    grantedOn: ['person'],
    permissions: [...READS_FIGURES, 'sub-account:request'],
  },
  auditor: {
    summary: 'Reads all, the audit log among it, and changes nothing.',
    grantedOn: ['tenant', 'account', 'cost-centre'],
    permissions: READS,
  },
  machine: {
    summary: 'A program: sends events and files, and reads what they came to; on an account, sends its events.',
    grantedOn: ['tenant', 'account'],
    permissions: [
      'event:send',
      'import:read',
      'import:change',
      'job:read',
      'sub-account:verify',
      'report:read',
      'run:read',
      'metrics:read',
    ],
  },
}
export const ROLE_NAMES = Object.keys(ROLES) as ReadonlyArray<Role>
