// What a role is granted on, in words.
import type { ScopeKind } from '@spillway/server/contract'

export const SCOPE_NAME: Readonly<Record<ScopeKind, string>> = {
  tenant: 'The whole company',
  account: 'An account',
  'cost-centre': 'A cost centre',
  person: 'A person',
}

export function scopeWords({ scopeKind, scopeKey }: { readonly scopeKind: ScopeKind; readonly scopeKey: string }) {
  switch (scopeKind) {
    case 'tenant':
      return 'the whole company'
    case 'account':
      return `account ${scopeKey} and what is below it`
    case 'cost-centre':
      return `cost centre ${scopeKey} and what is below it`
    case 'person':
      return `the person ${scopeKey}`
  }
}
