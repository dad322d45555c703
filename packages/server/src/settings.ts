// How a server is set up: a YAML or JSON file, and over it the environment (SPILLWAY_*). Everything has a default but single
// sign-on, so that `spillway serve` alone works.
import { readFile } from 'node:fs/promises'
import { Refusal } from '@spillway/core'
import { parse } from 'yaml'
import { z } from 'zod'
import { ROLE_NAMES, SCOPE_KINDS } from './contract/permissions.ts'

const groupRole = z.strictObject({
  group: z.string().min(1),
  role: z.enum(ROLE_NAMES),
  'scope-kind': z.enum(SCOPE_KINDS).default('tenant'),
  'scope-key': z.string().default(''),
})

const openId = z.strictObject({
  name: z.string().default('Single sign-on'),
  issuer: z.url(),
  'client-id': z.string().min(1),
  'client-secret': z.string().min(1),
  scope: z.string().default('openid email profile'),
  'groups-claim': z.string().default('groups'),
  /** What members of a group are granted; who is in none of them may not sign in. */
  groups: z.array(groupRole).default([]),
  /** For a provider on this machine, in tests. */
  'allow-http': z.boolean().default(false),
})
export type OpenIdSettings = z.infer<typeof openId>

const settings = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65535).default(7070),
  /** Where people reach it, such as https://spillway.example; needed for single sign-on and behind a proxy. */
  origin: z
    .url()
    .transform((url) => new URL(url).origin)
    .optional(),
  /** True where a proxy in front sets X-Forwarded-For; else that header is anybody's to write. */
  'trust-proxy': z.stringbool().or(z.boolean()).default(false),
  'session-idle-minutes': z.coerce.number().int().min(1).default(480),
  'session-days': z.coerce.number().int().min(1).max(90).default(7),
  /** Events are imported so often, or sooner where many wait. */
  'events-import-seconds': z.coerce.number().min(0.1).max(3600).default(60),
  /** More than so many megabytes of events that wait to be imported are refused. */
  'events-waiting-megabytes': z.coerce.number().int().min(1).default(1024),
  /** The largest upload. */
  'upload-megabytes': z.coerce.number().int().min(1).default(4096),
  /** Webhooks may go to addresses of this machine and of private networks. */
  'webhook-private-addresses': z.stringbool().or(z.boolean()).default(false),
  /** The folder whose folders a schedule may watch; `watched` in the workspace's if left out. */
  'watched-folders': z.string().min(1).optional(),
  /** Where statements are mailed, such as smtps://user:password@mail.example:465. */
  'smtp-url': z.url().optional(),
  'mail-from': z.string().min(3).default('spillway@localhost'),
  /** For how long the files that a job made, and those of an upload that failed, are kept. */
  'job-files-days': z.coerce.number().int().min(1).max(365).default(7),
  /** For how long a job that ended is listed. */
  'job-days': z.coerce.number().int().min(1).max(3650).default(90),
  /** Where backups are made; a folder on another disk is better. */
  'backup-folder': z.string().min(1).optional(),
  'stop-seconds': z.coerce.number().int().min(0).max(600).default(20),
  'log-level': z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  openid: openId.optional(),
})
export type ServerSettings = z.infer<typeof settings>

const PREFIX = 'SPILLWAY_'
const OPEN_ID = 'openid-'

/**
 * `SPILLWAY_TRUST_PROXY=true` is `trust-proxy`, `SPILLWAY_OPENID_CLIENT_SECRET` is `client-secret` of `openid`; an empty one
 * is not set. @throws Refusal `bad-configuration` naming what is wrong and where.
 */
export async function readSettings({
  file,
  environment,
  given = {},
}: {
  readonly file?: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  /** From the command line; over all else. */
  readonly given?: Readonly<Record<string, unknown>>
}): Promise<ServerSettings> {
  const fromFile = file === undefined ? {} : await readSettingsFile(file)
  const flat: Record<string, unknown> = {}
  const nested: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '') continue
    const key = name.slice(PREFIX.length).toLowerCase().replaceAll('_', '-')
    if (key.startsWith(OPEN_ID)) nested[key.slice(OPEN_ID.length)] = value
    else if (key in settings.shape) flat[key] = value
  }
  const openIdOfFile = typeof fromFile.openid === 'object' ? fromFile.openid : {}
  const openid = { ...openIdOfFile, ...nested }
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const merged = { ...fromFile, ...flat, ...chosen, ...(Object.keys(openid).length > 0 ? { openid } : {}) }
  const reading = settings.safeParse(merged)
  if (reading.success && (reading.data.openid === undefined || reading.data.origin !== undefined)) return reading.data
  const issues = reading.success
    ? ['origin: must be given for single sign-on']
    : reading.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Refusal('bad-configuration', `The server cannot be set up: ${issues.join('; ')}.`, {
    hint: file === undefined ? 'Mend the SPILLWAY_* variables.' : `Mend ${file} or the SPILLWAY_* variables.`,
  })
}

async function readSettingsFile(file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new Refusal('not-found', `${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      hint: 'Check the path.',
    })
  }
  const body: unknown = parseYaml(text, file)
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new Refusal('bad-configuration', `${file} holds no settings.`, { hint: 'Write `port: 7070`, one a line.' })
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 }) as unknown
  } catch (error) {
    throw new Refusal('bad-configuration', `${file} cannot be read: ${(error as Error).message}`, {
      hint: 'It is YAML, or JSON.',
    })
  }
}
