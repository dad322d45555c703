// A Source document while it is written: reading and changing its parts. What is right is the server's check to say; parts that no
// field here is for are kept as they are.

export type FieldSteps = {
  readonly map?: Readonly<Record<string, string>>
  readonly otherwise?: string
  readonly digits?: true
  readonly sign?: 'flip'
  readonly format?: string
  readonly shift?: { readonly days?: number; readonly months?: number }
  readonly duration?: string
}
export type SourceField =
  | string
  | { readonly value: string }
  | ({ readonly column: string } & FieldSteps)
  | ({ readonly template: string } & FieldSteps)
export type Fields = Readonly<Record<string, SourceField>>
export type Condition = unknown
export type Conditions = Readonly<Record<string, Condition>>
export type Emission = {
  readonly fact: string
  readonly when?: Conditions
  readonly 'skip-zero'?: boolean
  readonly 'skip-blank'?: boolean
  readonly fields: Fields
}
export type IgnoreRule = { readonly when: Conditions; readonly because: string }
export type SourceBody = {
  readonly kind: 'Source'
  readonly name: string
  readonly describes?: string
  readonly recognise?: { readonly columns: ReadonlyArray<string> }
  readonly file?: Readonly<Record<string, unknown>>
  readonly numbers?: Readonly<Record<string, unknown>>
  readonly dates?: Readonly<Record<string, unknown>>
  readonly 'time-zone'?: string
  readonly ignore?: ReadonlyArray<IgnoreRule>
  readonly fields?: Fields
  readonly emit: ReadonlyArray<Emission>
}

/** Without it where nothing is said: an empty part would be refused. */
export function withPart<K extends keyof SourceBody>(
  body: SourceBody,
  key: K,
  value: SourceBody[K] | undefined,
): SourceBody {
  const { [key]: _before, ...rest } = body
  const isEmpty = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)
  return (isEmpty ? rest : { ...rest, [key]: value }) as SourceBody
}

/** One setting within `file`, `numbers` or `dates`. */
export function withSetting(
  body: SourceBody,
  { part, key, value }: { part: 'file' | 'numbers' | 'dates'; key: string; value: unknown },
): SourceBody {
  const { [key]: _before, ...rest } = body[part] ?? {}
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return withPart(body, part, isEmpty ? rest : { ...rest, [key]: value })
}

/** Where a field stands: in one emission, or (null) once for all of them. */
export type Place = { readonly emission: number | null; readonly name: string }

export function fieldAt(body: SourceBody, { emission, name }: Place): SourceField | undefined {
  return emission === null ? body.fields?.[name] : body.emit[emission]?.fields[name]
}

export function withField(body: SourceBody, { emission, name }: Place, field: SourceField | undefined): SourceBody {
  const changed = (fields: Fields): Fields => {
    if (field !== undefined) return { ...fields, [name]: field }
    const { [name]: _before, ...rest } = fields
    return rest
  }
  if (emission === null) return withPart(body, 'fields', changed(body.fields ?? {}))
  return withEmission(body, emission, (one) => ({ ...one, fields: changed(one.fields) }))
}

export function withEmission(body: SourceBody, at: number, change: (emission: Emission) => Emission): SourceBody {
  return { ...body, emit: body.emit.map((one, index) => (index === at ? change(one) : one)) }
}

/** What every emission has from the same place is said once, so that a second emission has it too. */
export function hoisted(body: SourceBody, names: ReadonlyArray<string>): SourceBody {
  const [first, ...others] = body.emit
  if (!first || others.length > 0) return body
  const isShared = ([name]: readonly [string, SourceField]) => names.includes(name)
  const entries = Object.entries(first.fields)
  const fields = { ...Object.fromEntries(entries.filter(isShared)), ...body.fields }
  const own = Object.fromEntries(entries.filter((entry) => !isShared(entry)))
  return withPart({ ...body, emit: [{ ...first, fields: own }] }, 'fields', fields)
}

export type FieldOrigin = 'none' | 'column' | 'value' | 'template'

export function originOf(field: SourceField | undefined): { origin: FieldOrigin; text: string; steps: FieldSteps } {
  if (field === undefined) return { origin: 'none', text: '', steps: {} }
  if (typeof field === 'string') return { origin: 'column', text: field, steps: {} }
  if ('value' in field) return { origin: 'value', text: field.value, steps: {} }
  if ('column' in field) {
    const { column, ...steps } = field
    return { origin: 'column', text: column, steps }
  }
  const { template, ...steps } = field
  return { origin: 'template', text: template, steps }
}

/** A column alone is written as its title. */
export function columnField(column: string, steps: FieldSteps): SourceField {
  const said = Object.fromEntries(Object.entries(steps).filter(([, value]) => value !== undefined))
  return Object.keys(said).length === 0 ? column : { column, ...said }
}

/** The simple condition that the form has: a column is one of some values, or none of them; null of what only a text editor can say. */
export type SimpleCondition = {
  readonly column: string
  readonly isNot: boolean
  readonly values: ReadonlyArray<string>
}

export function simpleCondition(when: Conditions | undefined): SimpleCondition | null {
  const entries = Object.entries(when ?? {})
  const [entry] = entries
  if (!entry || entries.length > 1) return null
  const [column, condition] = entry
  const values = listOf(condition)
  if (values) return { column, isNot: false, values }
  const not = typeof condition === 'object' && condition !== null && 'not' in condition ? listOf(condition.not) : null
  return not ? { column, isNot: true, values: not } : null
}

export function conditionsOf({ column, isNot, values }: SimpleCondition): Conditions {
  return { [column]: isNot ? { not: [...values] } : [...values] }
}

function listOf(condition: unknown): ReadonlyArray<string> | null {
  if (typeof condition === 'string') return [condition]
  return Array.isArray(condition) && condition.every((one) => typeof one === 'string') ? condition : null
}
