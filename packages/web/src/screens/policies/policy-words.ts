// What the words of a policy mean, for whoever chooses one.
import { CHARGE_CATEGORIES, NETWORKS, POOL_MODELS, TIME_BANDS, USAGE_TYPES, ZONES } from '@spillway/core'
import type { Choice } from '../catalogue/document/fields.tsx'

const choicesOf = (values: ReadonlyArray<string>): ReadonlyArray<Choice> =>
  values.map((value) => ({ value, label: capital(value.replaceAll('-', ' ')) }))
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const METHOD_CHOICES: ReadonlyArray<Choice> = [
  { value: 'prorated', label: 'Prorated: in proportion to usage' },
  { value: 'even', label: 'Even: the same for everybody' },
  { value: 'excess', label: 'Excess: by usage beyond one’s own contribution' },
  { value: 'weighted', label: 'Weighted: by weights given here' },
  { value: 'as-billed', label: 'As billed: stays where the vendor put it' },
]

export const BASIS_CHOICES: ReadonlyArray<Choice> = [
  { value: 'total', label: 'All usage' },
  { value: 'peak', label: 'Peak' },
  { value: 'peak-minus-mobile-to-mobile', label: 'Peak, minus mobile to mobile' },
  { value: 'domestic', label: 'Domestic' },
]
/** No word of the document: its place holds a filter. */
export const FILTER = 'filter'

export const PARTIAL_PERIOD_CHOICES: ReadonlyArray<Choice> = [
  { value: 'full', label: 'Whole: a member of one day counts as one of all' },
  { value: 'by-day', label: 'By day: as many parts as days of membership' },
]
export const NO_USAGE_CHOICES: ReadonlyArray<Choice> = [
  { value: 'even', label: 'Share evenly' },
  { value: 'as-billed', label: 'Leave as billed' },
]
export const UNUSED_CHOICES: ReadonlyArray<Choice> = [
  { value: 'recover', label: 'Members carry the whole charge' },
  { value: 'central', label: 'Central cost centre carries what is unused' },
]
export const TAX_CHOICES: ReadonlyArray<Choice> = [
  { value: 'retained', label: 'Stay where the vendor put them' },
  { value: 'follow', label: 'Follow the charges that they are on' },
]
export const WEIGHT_CHOICES: ReadonlyArray<Choice> = [
  { value: 'services', label: 'Services' },
  { value: 'cost-centres', label: 'Cost centres' },
  { value: 'service-types', label: 'Service types' },
]

export const MODEL_CHOICES = choicesOf(POOL_MODELS)
export const USAGE_CHOICES = choicesOf(USAGE_TYPES)
export const ZONE_CHOICES = choicesOf(ZONES)
export const TIME_BAND_CHOICES = choicesOf(TIME_BANDS)
export const NETWORK_CHOICES = choicesOf(NETWORKS)
export const CATEGORY_CHOICES = choicesOf(CHARGE_CATEGORIES.filter((word) => word !== 'payment'))
