// The catalog's tables of the server as Kysely sees them. No secret stands here: tokens as SHA-256, passwords as Argon2id.

export type UserTable = {
  tenant: string
  id: string
  /** In lower case. */
  email: string
  name: string
  state: 'active' | 'disabled'
  /** null for those who sign in elsewhere, and for machines. */
  password_hash: string | null
  created_at: string
  created_by: string
}

/** Who somebody is at a provider of identities. */
export type IdentityTable = { tenant: string; issuer: string; subject: string; user_id: string; created_at: string }

/** A row is deleted when its session ends. */
export type SessionTable = {
  /** SHA-256 of the cookie's value. */
  digest: string
  tenant: string
  user_id: string
  agent: string
  created_at: string
  seen_at: string
}

export type ApiTokenTable = {
  tenant: string
  id: string
  user_id: string
  name: string
  /** Its first characters, by which people tell tokens apart. */
  hint: string
  digest: string
  /** JSON list. */
  permissions: string
  created_at: string
  ends_at: string
  used_at: string | null
  revoked_at: string | null
}

export type RoleGrantTable = {
  tenant: string
  id: string
  user_id: string
  role: string
  scope_kind: string
  /** '' for the tenant. */
  scope_key: string
  /** Grants that groups of a provider gave are its own: they come and go with the groups. */
  via: 'people' | 'groups'
  granted_at: string
  granted_by: string
}

export type KeptAnswerTable = {
  tenant: string
  who: string
  key: string
  request_digest: string
  /** 0 while it is being done. */
  status: number
  headers: string
  body: string
  kept_at: string
}

export type JobTable = {
  tenant: string
  id: string
  kind: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  /** JSON, as the kind of job defines it. */
  request: string
  progress: string
  outcome: string
  attempt: number
  retry_of: string | null
  created_at: string
  created_by: string
  started_at: string | null
  ended_at: string | null
}

export type WebhookEndpointTable = {
  tenant: string
  id: string
  url: string
  /** JSON list of types of events. */
  events: string
  /** Of the secret, which is made of it under a key that is in no database. */
  salt: string
  state: 'active' | 'paused'
  /** A user: it is told what that user may see. */
  owner: string
  created_at: string
}

/** What happened, as it is told. */
export type OutboxEventTable = {
  tenant: string
  id: string
  type: string
  subject: string
  /** '' where it is of no account: then it is for those who see the whole tenant. */
  account: string
  /** JSON. */
  body: string
  at: string
}

export type WebhookDeliveryTable = {
  tenant: string
  id: string
  endpoint: string
  event: string
  /** `withheld`: the owner of the endpoint may not see it. */
  state: 'waiting' | 'delivered' | 'failed' | 'withheld'
  attempts: number
  next_at: string
  last_at: string | null
  last_status: number | null
  last_error: string
  created_at: string
}

export type ScheduleTable = {
  tenant: string
  name: string
  kind: string
  cron: string
  time_zone: string
  /** JSON, as the kind defines it. */
  request: string
  state: 'active' | 'paused'
  next_at: string | null
  last_at: string | null
  last_job: string | null
  saved_at: string
  saved_by: string
}

export type MailedStatementTable = {
  tenant: string
  run: string
  kind: string
  key: string
  address: string
  mailed_at: string
}

/** A name for an address of a screen. */
export type SavedViewTable = {
  tenant: string
  id: string
  /** A user. */
  owner: string
  name: string
  path: string
  /** With its question mark; '' for none. */
  search: string
  is_shared: 0 | 1
  /** One more with every change. */
  version: number
  created_at: string
  changed_at: string
}

export type UserPreferenceTable = {
  tenant: string
  user_id: string
  /** JSON. */
  body: string
  changed_at: string
}

/** Wrong tries of one kind to sign in, in a window that ends. */
export type SignInTryTable = {
  tenant: string
  /** SHA-256 of what was tried, and how it is limited. */
  subject: string
  count: number
  ends_at: string
}

export type ServerTables = {
  app_user: UserTable
  identity: IdentityTable
  session: SessionTable
  api_token: ApiTokenTable
  role_grant: RoleGrantTable
  kept_answer: KeptAnswerTable
  job: JobTable
  webhook_endpoint: WebhookEndpointTable
  outbox_event: OutboxEventTable
  webhook_delivery: WebhookDeliveryTable
  schedule: ScheduleTable
  mailed_statement: MailedStatementTable
  saved_view: SavedViewTable
  user_preference: UserPreferenceTable
  sign_in_try: SignInTryTable
}
