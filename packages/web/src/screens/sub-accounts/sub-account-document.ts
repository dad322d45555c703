// A sub-account as somebody types it, and as the document that it stands for. Whatever of the document no field shows stays.

export const OWNER_KINDS = [
  ['person', 'A person'],
  ['cost-centre', 'A cost centre'],
  ['project', 'A project'],
  ['client', 'A client'],
] as const

export type SubAccountValues = {
  readonly userId: string
  readonly name: string
  /** '' for nobody. */
  readonly ownerKind: string
  readonly owner: string
  readonly spend: string
  readonly minutes: string
  readonly participants: string
  readonly callMinutes: string
  readonly atLimit: string
}

export const NO_VALUES: SubAccountValues = {
  ...{ userId: '', name: '', ownerKind: '', owner: '', spend: '', minutes: '', participants: '', callMinutes: '' },
  atLimit: 'alert',
}

export type Body = Readonly<Record<string, unknown>>

export function valuesOf(body: Body): SubAccountValues {
  const owner = partOf(body, 'owner')
  const limits = partOf(body, 'limits')
  const ownerKind = OWNER_KINDS.find(([kind]) => kind in owner)?.[0] ?? ''
  return {
    ...{ userId: textOf(body, 'user-id'), name: textOf(body, 'name') },
    ...{ ownerKind, owner: ownerKind === '' ? '' : textOf(owner, ownerKind) },
    ...{ spend: textOf(limits, 'spend'), minutes: textOf(limits, 'minutes') },
    ...{ participants: textOf(limits, 'participants'), callMinutes: textOf(limits, 'call-minutes') },
    atLimit: textOf(limits, 'at-limit') || 'alert',
  }
}

/** Its own rules say what is wrong with it: a limit that is no number stays as it was typed. */
export function documentOf(account: string, values: SubAccountValues, before: Body = {}): Record<string, unknown> {
  const { name: _, owner: __, limits: ___, ...rest } = before
  const limits = given({
    spend: values.spend,
    minutes: values.minutes,
    participants: values.participants,
    'call-minutes': values.callMinutes,
  })
  const owner = given(values.ownerKind === '' ? {} : { [values.ownerKind]: values.owner })
  const hasLimits = Object.keys(limits).length > 0
  return {
    ...rest,
    ...{ kind: 'SubAccount', account, 'user-id': values.userId.trim() },
    ...given({ name: values.name }),
    ...(Object.keys(owner).length > 0 ? { owner } : {}),
    ...(hasLimits ? { limits: { ...limits, ...(values.atLimit === 'refuse' ? { 'at-limit': 'refuse' } : {}) } } : {}),
  }
}

const COUNTS: ReadonlySet<string> = new Set(['minutes', 'participants', 'call-minutes'])

function given(keys: Readonly<Record<string, string>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, typed]) => {
      const text = typed.trim()
      return text === '' ? [] : [[key, COUNTS.has(key) && /^\d{1,9}$/.test(text) ? Number(text) : text]]
    }),
  )
}

function partOf(body: Body, key: string): Body {
  const part = body[key]
  return typeof part === 'object' && part !== null ? (part as Body) : {}
}

function textOf(body: Body, key: string): string {
  const value = body[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
