// The roles and permissions of the contract, whose table the server enforces, with the words that the screens have for them.

import type { Permission, Role, RoleMeaning } from '@spillway/server/contract/permissions'
import * as contract from '@spillway/server/contract/permissions'

export const { PERMISSION_NAMES, ROLE_NAMES } = contract
export const ROLES: Readonly<Record<Role, RoleMeaning>> = contract.ROLES

export const ROLE_NAME: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  manager: 'Manager',
  analyst: 'Analyst',
  'department-head': 'Department head',
  employee: 'Employee',
  auditor: 'Auditor',
  machine: 'Machine',
}

const WORDS: Readonly<Record<Permission, string>> = {
  'report:read': 'Read figures and export them',
  'explain:read': 'Ask why a figure is what it is',
  'run:read': 'Read runs, compare and check them',
  'period:change': 'Close, publish and reopen months',
  'configuration:read': 'Read policies and the catalogue',
  'configuration:change': 'Change policies and the catalogue',
  'import:read': 'See what was imported',
  'import:change': 'Import files, and take imports back',
  'event:send': 'Send usage events',
  'sub-account:verify': 'Check user ids and passcodes',
  'sub-account:read': 'See sub-accounts',
  'sub-account:request': 'Ask for sub-accounts',
  'sub-account:change': 'Change sub-accounts, answer requests',
  'job:read': 'See jobs',
  'job:change': 'Cancel jobs, and try them again',
  'webhook:read': 'See webhooks',
  'webhook:change': 'Change webhooks',
  'schedule:read': 'See schedules',
  'schedule:change': 'Change schedules',
  'backup:change': 'Back up',
  'user:read': 'See users and what they are granted',
  'user:change': 'Make users, and grant roles',
  'audit:read': 'Read the audit log',
  'metrics:read': 'Read the metrics of the server',
}

/** In words, and whether a grant on a part of the company counts. */
export const ABILITIES = Object.fromEntries(
  PERMISSION_NAMES.map((name) => [name, { words: WORDS[name], reach: contract.PERMISSIONS[name] }]),
) as Readonly<Record<Permission, { readonly words: string; readonly reach: 'tenant' | 'rows' }>>
