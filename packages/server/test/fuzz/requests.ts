// Requests that the OpenAPI document asks for, and such as it does not.
import { Chance } from './chance.ts'
import { HOSTILE, type Making, type Schema, valueFor } from './values.ts'

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly required?: boolean
  readonly schema?: Schema
}
export type Operation = {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly content: Readonly<Record<string, { readonly schema?: Schema }>>
}

export type FuzzRequest = {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | null
}

type Document = {
  readonly paths?: Readonly<Record<string, unknown>>
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> }
}
type Described = Omit<Operation, 'method' | 'path' | 'content' | 'parameters'> & {
  readonly parameters?: ReadonlyArray<Parameter>
  readonly requestBody?: { readonly content?: Operation['content'] }
}

export function operationsOf({ paths = {} }: Document): ReadonlyArray<Operation> {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Described>>).map(
      ([method, { operationId, parameters = [], requestBody }]) => ({
        ...{ operationId, method: method.toUpperCase(), path, parameters, content: requestBody?.content ?? {} },
      }),
    ),
  )
}

/** The same for the same seed and number; `credentials` are whole headers. */
export function requestOf(
  document: Document,
  { seed, number, credentials }: { seed: number; number: number; credentials: ReadonlyArray<Record<string, string>> },
): FuzzRequest {
  const chance = new Chance(seed * 1_000_003 + number)
  const operations = operationsOf(document)
  // Each in its turn, so that none is left out.
  const operation = operations[number % operations.length] as Operation
  const definitions = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>
  const making = { chance, definitions, wrongShare: chance.oneOf([0, 0, 0.03, 0.2]) }
  const { type, body } = bodyFor(operation, making)
  return {
    operationId: operation.operationId,
    method: operation.method,
    path: `${pathFor(operation, making)}${queryFor(operation, making)}`,
    headers: {
      ...chance.oneOf(credentials),
      'x-forwarded-for': `10.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`,
      ...(type === null ? {} : { 'content-type': type }),
      ...headersFor(operation, making),
    },
    body,
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function pathFor({ path, parameters }: Operation, making: Making): string {
  const { chance } = making
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (chance.isIn(0.02)) return chance.oneOf(['%', '%zz', '%ff', '%00', '%2e%2e', '%F0%9F', ';a=1', '*'])
    const schema = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? {}
    return escaped(textOf(valueFor(schema, making, name)))
  })
}

/** A lone half of a pair has no encoding: bytes that are no UTF-8 go in its place. */
function escaped(text: string): string {
  return /[\ud800-\udfff]/.test(text.replaceAll(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
    ? '%ED%A0%80'
    : encodeURIComponent(text)
}

function queryFor({ parameters }: Operation, making: Making): string {
  const { chance } = making
  const pairs = parameters
    .filter((one) => one.in === 'query' && (one.required === true || chance.isIn(0.4)))
    .map(({ name, schema = {} }) => `${name}=${escaped(textOf(valueFor(schema, making, name)))}`)
  if (chance.isIn(0.03))
    pairs.push(`${escaped(chance.oneOf(HOSTILE))}=${escaped(chance.oneOf(HOSTILE))}`, 'limit=1&limit=2')
  if (chance.isIn(0.01)) pairs.push('a=%ff%fe&b=%', '&&==')
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function headersFor({ parameters }: Operation, making: Making): Record<string, string> {
  const { chance } = making
  const headers: Record<string, string> = {}
  for (const { name, schema = {} } of parameters.filter((one) => one.in === 'header'))
    if (chance.isIn(0.5)) headers[name] = headerText(textOf(valueFor(schema, making, name)))
  if (headers['if-match'] !== undefined && chance.isIn(0.6))
    headers['if-match'] = chance.oneOf(['*', '"1-x"', 'W/"1"', '""'])
  if (chance.isIn(0.05))
    headers['idempotency-key'] = chance.oneOf(['fuzz-key-1', 'fuzz-key-2', 'short', 'k'.repeat(300)])
  if (chance.isIn(0.02)) headers.accept = chance.oneOf(['text/html', 'image/*;q=nonsense', ''])
  if (chance.isIn(0.02)) headers.range = 'bytes=0-1'
  if (chance.isIn(0.02)) headers['x-request-id'] = headerText(chance.oneOf(HOSTILE))
  if (chance.isIn(0.01)) headers['accept-encoding'] = 'gzip, nonsense;q=9'
  return headers
}

/** What a header may hold at all; anything else never leaves a client. */
const headerText = (text: string) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 4000)

type Body = { readonly type: string | null; readonly body: Uint8Array | null }
const bytes = (text: string) => new TextEncoder().encode(text)

function bodyFor({ content, method }: Operation, making: Making): Body {
  const { chance } = making
  const types = Object.keys(content)
  if (method === 'GET') return { type: null, body: null }
  if (types.length === 0)
    return chance.isIn(0.1) ? { type: 'application/json', body: bytes('{') } : { type: null, body: null }
  const type = chance.oneOf(types)
  const value = valueFor(content[type]?.schema ?? {}, making)
  if (chance.isIn(0.06)) return brokenBody(textOf(value), type, chance)
  if (type === 'multipart/form-data') return formFor(chance)
  if (type === 'application/x-ndjson') return { type, body: bytes(`${textOf(value)}\n${textOf({ id: '1' })}\n`) }
  return { type, body: bytes(/json$/.test(type) ? (JSON.stringify(value) ?? 'null') : textOf(value)) }
}

function brokenBody(text: string, type: string, chance: Chance): Body {
  return chance.oneOf<() => Body>([
    () => ({ type, body: bytes(text.slice(0, Math.floor(text.length / 2))) }),
    () => ({ type, body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }),
    () => ({ type, body: new Uint8Array(0) }),
    () => ({ type, body: bytes(`\ufeff${text}`) }),
    () => ({ type, body: bytes('['.repeat(100_000)) }),
    () => ({ type, body: bytes(`{"a":${'9'.repeat(5000)}}`) }),
    () => ({ type, body: bytes('{"__proto__":{"isOwner":true},"kind":"Pool"}') }),
    () => ({ type: 'text/plain', body: bytes(text) }),
    () => ({
      type: 'application/xml',
      body: bytes('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    }),
    () => ({ type: 'multipart/form-data; boundary=', body: bytes(text) }),
    () => ({ type: 'multipart/form-data', body: bytes(text) }),
    () => ({ type: 'application/json; charset=utf-16', body: bytes(text) }),
    () => ({ type: null, body: bytes(text) }),
    () => ({ type: headerText(chance.oneOf(HOSTILE)), body: bytes(text) }),
  ])()
}

function formFor(chance: Chance): Body {
  const boundary = 'fuzz'
  const name = headerText(chance.oneOf(['usage.csv', '../../x.csv', '', ...HOSTILE])).replaceAll('"', '')
  const content = chance.oneOf(['a,b\n1,2\n', '', '\u0000\u0001', 'PK\u0003\u0004nonsense', 'x'.repeat(10_000)])
  const end = chance.isIn(0.8) ? `--${boundary}--\r\n` : ''
  const text = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${content}\r\n${end}`
  return { type: `multipart/form-data; boundary=${boundary}`, body: bytes(text) }
}
