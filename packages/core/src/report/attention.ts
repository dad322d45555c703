// What needs somebody's attention: which kinds there are, where each is looked at, and the order in which they stand.

/** In the order of a month's work. */
export const ATTENTION_KINDS = [
  'unreconciled',
  'missing-bill',
  'quarantine',
  'unassigned',
  'unallocated',
  'pool',
  'bucket',
  'limit',
  'conflict',
  'uncoded',
  'sub-account-request',
  'failed-job',
] as const
export type AttentionKind = (typeof ATTENTION_KINDS)[number]

/** A report of that name, or a list of the server. */
export const ATTENTION_PLACES = [
  'reconciliation',
  'quarantine',
  'charges',
  'allocation',
  'pools',
  'alerts',
  'conflicts',
  'uncoded',
  'sub-account-requests',
  'jobs',
] as const
export type AttentionPlace = (typeof ATTENTION_PLACES)[number]

/** `error` keeps a month from being right or published; `warning` costs money or time; `info` is to be known. */
export const ATTENTION_SEVERITIES = ['error', 'warning', 'info'] as const
export type AttentionSeverity = (typeof ATTENTION_SEVERITIES)[number]

export type Attention = {
  readonly severity: AttentionSeverity
  readonly kind: AttentionKind
  /** One sentence. */
  readonly what: string
  readonly amount: { readonly currency: string; readonly minor: bigint } | null
  /** Of what the kind is about: invoices, rows, pools … */
  readonly count: number
  /** `key` is the one that is meant, '' where it is the list. */
  readonly look: { readonly in: AttentionPlace; readonly key: string }
}

/** Worst first, then by kind, then by currency; what is equal keeps its order. */
export function sortAttention(items: ReadonlyArray<Attention>): Attention[] {
  return [...items].sort(
    (a, b) =>
      ATTENTION_SEVERITIES.indexOf(a.severity) - ATTENTION_SEVERITIES.indexOf(b.severity) ||
      ATTENTION_KINDS.indexOf(a.kind) - ATTENTION_KINDS.indexOf(b.kind) ||
      compareCurrencies(a.amount?.currency ?? '', b.amount?.currency ?? ''),
  )
}

function compareCurrencies(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
