// Values for a JSON Schema: mostly such as it asks for, with what is known to the workspace, and some as nobody should send.
import type { Chance } from './chance.ts'

export type Schema = {
  readonly $ref?: string
  readonly type?: string | ReadonlyArray<string>
  readonly enum?: ReadonlyArray<unknown>
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: ReadonlyArray<string>
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: ReadonlyArray<Schema>
  readonly oneOf?: ReadonlyArray<Schema>
  readonly allOf?: ReadonlyArray<Schema>
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

export const HOSTILE: ReadonlyArray<string> = [
  ...[
    '',
    ' ',
    "'",
    '"',
    '`',
    '\\',
    '%',
    '%00',
    '%ff',
    '\u0000',
    '\n',
    '\r\nX-Other: 1',
    '\t',
    '\u202e',
    '\ud800',
    '💥',
  ],
  ...["' OR 1=1 --", '"; DROP TABLE run; --', '$tenant', '#{7*7}', '{{7*7}}', '=1+1', '@SUM(A1)', '../../etc/passwd'],
  ...['..', '.', '/', '//', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN'],
  ...[
    '-0',
    '-1',
    '1e309',
    '0x10',
    '9007199254740993',
    '99999999999999999999',
    '2026-13',
    '0000-00',
    '9999-12',
    '2026-1',
  ],
  ...[
    '2026-02-30',
    '+275760-09-13T00:00:00Z',
    'T',
    'é'.normalize('NFD'),
    'ß'.repeat(50),
    'x'.repeat(300),
    'x'.repeat(20_000),
  ],
]

/** By the name of a parameter or a member: what leads somewhere. */
const KNOWN: Readonly<Record<string, ReadonlyArray<string>>> = {
  period: ['2026-10', '2026-09', '2026-01', '9999-12', '0000-01'],
  report: [
    ...[
      'charges',
      'allocation',
      'usage',
      'pools',
      'trend',
      'movers',
      'unused',
      'missing-bills',
      'bills',
      'balances',
      'buckets',
      'alerts',
    ],
    ...['reconciliation', 'quarantine', 'runs', 'problems', 'cost-centres', 'sub-accounts', 'conflicts', 'uncoded'],
    ...['billable-time', 'bill', 'run-changes', 'none'],
  ],
  service: ['phone-1', 'phone-2', 'phone-3', 'phone-4', 'idle-3'],
  id: ['2026-10.1', '2026-09.1', 'usr_owner', 'usr_analyst', 'gr_analyst', 'tok_analyst', '2026-10-1'],
  since: ['2026-09.1', '2026-10.1'],
  run: ['2026-10.1', '2026-09.1'],
  kind: ['Pool', 'AllocationPolicy', 'SubAccount', 'Account', 'SharePlan', 'Source', 'Journal', 'Bridge'],
  name: ['P-1', 'A-1 fuzz', 'A-1', 'fuzz'],
  account: ['A-1', 'A-2'],
  userId: ['fuzz', 'other'],
  'user-id': ['fuzz', 'other'],
  by: ['person', 'cost-centre', 'service', 'vendor', 'account', 'pool', 'project', 'usage-type'],
  at: ['2026-10-17T12:00:00Z', '2026-10-17'],
  from: ['2026-10-01', '2026-10-31'],
  until: ['2026-11-01', '2026-09-01'],
  cursor: [
    Buffer.from('["rows","1",""]').toString('base64url'),
    Buffer.from('["rows","-1",""]').toString('base64url'),
    Buffer.from('["people","E-1","1.1"]').toString('base64url'),
    Buffer.from('[1,2,3]').toString('base64url'),
    Buffer.from('["name","\\u0000","\\u0000"]').toString('base64url'),
  ],
  text: [
    'kind: Pool\nname: fuzz\nmodel: bulk\nusage-type: data\n',
    'kind: AllocationPolicy\nname: fuzz\n',
    '- 1',
    '&a [*a]',
  ],
  request: ['1', '2', '999999999'],
  number: ['B-1', '2026-10-A-1'],
  passcode: ['135790', '83920174'],
  months: ['1', '13', '999'],
  count: ['1', '10', '9999'],
  email: ['new@company.example', 'owner@company.example'],
  password: ['correct horse battery', 'another horse battery'],
  url: ['https://hooks.example/in', 'http://127.0.0.1:1/in'],
  endsAt: ['2026-12-22T00:00:00Z', '2027-11-01T00:00:00.000Z'],
  scopeKey: ['C-1', 'A-2', 'E-3', ''],
  user: ['usr_analyst', 'usr_machine'],
  bridge: ['none'],
  plan: ['fleet'],
  code: ['not-found', 'bad-command'],
  bill: ['B-1'],
  invoice: ['INV-2026-10'],
  format: ['json', 'csv', 'ndjson', 'xlsx', 'parquet'],
}

export type Making = {
  readonly chance: Chance
  readonly definitions: Readonly<Record<string, Schema>>
  /** How much of what is made is not as the schema says. */
  readonly wrongShare: number
}

/** `name` is that of the parameter or member. */
export function valueFor(schema: Schema, making: Making, name = '', depth = 0): unknown {
  const { chance, definitions, wrongShare } = making
  if (chance.isIn(wrongShare)) return wrongValue(chance, depth)
  if (schema.$ref !== undefined) {
    const found = definitions[schema.$ref.replace('#/components/schemas/', '')]
    return found === undefined || depth > 6 ? {} : valueFor(found, making, name, depth)
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return valueFor(chance.oneOf(choices), making, name, depth)
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((one) => valueFor(one, making, name, depth) as object))
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return chance.oneOf(schema.enum)
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['string'])
  switch (chance.oneOf(types)) {
    case 'object':
      return objectFor(schema, making, depth)
    case 'array':
      return Array.from({ length: chance.oneOf([0, 1, 2, 5]) }, () =>
        valueFor(schema.items ?? {}, making, name, depth + 1),
      )
    case 'integer':
    case 'number':
      return numberFor(schema, making)
    case 'boolean':
      return chance.isIn(0.5)
    case 'null':
      return null
    default:
      return textFor(schema, making, name)
  }
}

function objectFor(schema: Schema, making: Making, depth: number): Record<string, unknown> {
  const { chance } = making
  const made: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(schema.properties ?? {}))
    if (schema.required?.includes(key) ? !chance.isIn(making.wrongShare) : chance.isIn(0.5))
      made[key] = valueFor(member, making, key, depth + 1)
  if (schema.properties === undefined)
    for (const key of ['kind', 'name', 'account', 'user-id']) if (chance.isIn(0.7)) made[key] = textFor({}, making, key)
  if (chance.isIn(making.wrongShare)) made[chance.oneOf(HOSTILE)] = wrongValue(chance, depth)
  return made
}

function numberFor({ minimum, maximum }: Schema, { chance, wrongShare }: Making): number {
  const [least, most] = [minimum ?? (wrongShare === 0 ? 1 : -5), maximum ?? 1000]
  if (wrongShare === 0)
    return chance.oneOf([least, most, least + chance.below(Math.max(1, Math.min(most - least, 1e6)))])
  return chance.oneOf([
    least,
    most,
    least - 1,
    most + 1,
    least + chance.below(Math.max(1, Math.min(most - least, 1e6))),
  ])
}

function textFor({ minLength = 0, maxLength = 40, pattern }: Schema, making: Making, name: string): string {
  const { chance, wrongShare } = making
  const known = KNOWN[name]
  if (known !== undefined && chance.isIn(wrongShare === 0 ? 0.95 : 0.8)) return chance.oneOf(known)
  if (pattern !== undefined && chance.isIn(0.7)) return chance.oneOf(['2026-10', '12', '2026-10-01', '7'])
  if (chance.isIn(wrongShare === 0 ? 0.1 : 0.3)) return chance.oneOf(HOSTILE)
  const within = Math.min(maxLength, Math.max(minLength, 12))
  const length = chance.oneOf(
    wrongShare === 0 ? [within, minLength, maxLength] : [minLength - 1, maxLength + 1, within],
  )
  return chance.oneOf(['a', 'é', '7', '-']).repeat(Math.max(0, Math.min(length, 30_000)))
}

function wrongValue(chance: Chance, depth: number): unknown {
  const nested = () => {
    let value: unknown = 1
    for (let level = 0; level < 200; level += 1) value = level % 2 === 0 ? [value] : { a: value }
    return value
  }
  return chance.oneOf<() => unknown>([
    () => chance.oneOf(HOSTILE),
    () => null,
    () => -1,
    () => 1.5,
    () => 2 ** 60,
    () => true,
    () => [],
    () => ({}),
    () => ({ __proto__: 1, constructor: { prototype: {} } }),
    () => (depth > 2 ? 0 : nested()),
    () => Array.from({ length: 1000 }, () => 'x'),
  ])()
}
