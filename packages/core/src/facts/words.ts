// The closed vocabularies of the canonical files (spec, import).

export const CHARGE_CATEGORIES = [
  'access',
  'bulk',
  'entry',
  'overage',
  'usage',
  'roaming',
  'international',
  'long-distance',
  'feature',
  'equipment',
  'download',
  'subscription',
  'tax',
  'surcharge',
  'credit',
  'payment',
  'other',
] as const
export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number]

export const ZONES = ['domestic', 'roaming', 'international', 'long-distance'] as const
export type Zone = (typeof ZONES)[number]

export const TIME_BANDS = ['peak', 'off-peak', 'weekend'] as const
export type TimeBand = (typeof TIME_BANDS)[number]

export const NETWORKS = ['on-net', 'off-net'] as const
export type Network = (typeof NETWORKS)[number]

export const POOL_MODELS = ['aggregate', 'bulk', 'group-share', 'data-plus'] as const
export type PoolModel = (typeof POOL_MODELS)[number]
