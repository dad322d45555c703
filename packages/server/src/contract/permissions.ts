// Who may do what: permissions, the roles that hold them, and what a role can be granted on. The one table that the server
// enforces and the screens show.

/**
 * `tenant`: only a grant on the whole tenant counts. `rows`: a grant on a part counts, and what is read is that part.
 */
export const PERMISSIONS = {
  'report:read': 'rows',
  'explain:read': 'rows',
  'run:read': 'tenant',
  'period:change': 'tenant',
  'configuration:read': 'tenant',
  'configuration:change': 'tenant',
  'import:read': 'tenant',
  'import:change': 'tenant',
  /** For a part: events that name one of its accounts. */
  'event:send': 'rows',
  'sub-account:verify': 'tenant',
  /** For a part: of the master accounts in it. */
  'sub-account:read': 'rows',
  /** Asking changes nothing yet: whoever may change the account answers. */
  'sub-account:request': 'rows',
  'sub-account:change': 'rows',
  'job:read': 'tenant',
  'job:change': 'tenant',
  /** For a part: webhooks of one's own, which are told of its accounts. */
  'webhook:read': 'rows',
  'webhook:change': 'rows',
  'schedule:read': 'tenant',
  'schedule:change': 'tenant',
  'backup:change': 'tenant',
  'user:read': 'tenant',
  'user:change': 'tenant',
  'audit:read': 'tenant',
  'metrics:read': 'tenant',
} as const satisfies Record<string, 'tenant' | 'rows'>
export type Permission = keyof typeof PERMISSIONS
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]]

export const SCOPE_KINDS = ['tenant', 'account', 'cost-centre', 'person'] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]

export type RoleMeaning = {
  readonly summary: string
  /** An account or a cost centre is granted with all that is below it. */
  readonly grantedOn: ReadonlyArray<ScopeKind>
  readonly permissions: ReadonlyArray<Permission>
}

const READS = PERMISSION_NAMES.filter((name) => name.endsWith(':read'))
const READS_FIGURES = ['report:read', 'explain:read'] as const satisfies ReadonlyArray<Permission>

export const ROLES = {
  owner: {
    summary: 'Does everything, and says who else may.',
    grantedOn: ['tenant'],
    permissions: PERMISSION_NAMES,
  },
  manager: {
    summary: 'Imports, configures, closes and publishes; on an account, reads it and answers for its sub-accounts.',
    grantedOn: ['tenant', 'account'],
    permissions: PERMISSION_NAMES.filter((name) => name !== 'user:change'),
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
} as const satisfies Record<string, RoleMeaning>
export type Role = keyof typeof ROLES
export const ROLE_NAMES = Object.keys(ROLES) as [Role, ...Role[]]

export function permissionsOf(role: Role): ReadonlyArray<Permission> {
  return ROLES[role].permissions
}

export function isGrantable(role: Role, scopeKind: ScopeKind): boolean {
  return (ROLES[role].grantedOn as ReadonlyArray<ScopeKind>).includes(scopeKind)
}
