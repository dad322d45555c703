// Which canonical column a title probably means. Proposes; a person decides.
import { normaliseName } from '../intake/column-lookup.ts'
import type { ColumnKind } from './guess-writing.ts'

type Guess = { readonly column: string; readonly title: RegExp; readonly kinds?: ReadonlyArray<ColumnKind> }

const DATE = ['date'] as const
const AMOUNT = ['amount', 'number'] as const

/** The first that fits; each column is given once. Titles as normalised: letters and digits, in lower case. */
const GUESSES: ReadonlyArray<Guess> = [
  {
    column: 'issued_on',
    title: /^(invoice|bill|statement|issue|rechnungs)d?(date|on|datum)|issuedon|billdate/,
    kinds: DATE,
  },
  {
    column: 'period_start',
    title: /periodstart|periodfrom|(start|from|begin)(date)?$|^(von|du|desde)$|^from/,
    kinds: DATE,
  },
  { column: 'period_end', title: /periodend|periodto|(end|to|until)(date)?$|^(bis|au|hasta)$/, kinds: DATE },
  {
    column: 'started_at',
    title: /^(call|event|usage|start|connect)?(date|time|datetime|timestamp)$|startedat/,
    kinds: DATE,
  },
  { column: 'vendor', title: /^(vendor|carrier|supplier|provider|lieferant|anbieter)(name)?$/ },
  { column: 'invoice', title: /^(invoice|bill|statement|rechnung|facture|factura)s?(no|nr|number|id|nummer)?$/ },
  { column: 'account', title: /^(account|customer|client|kunden?|compte|cuenta)(no|nr|number|id|nummer|code)?$/ },
  { column: 'currency', title: /^(currency|wahrung|devise|moneda)(code)?$/ },
  {
    column: 'service',
    title:
      /(phone|mobile|wireless|telephone|service|line|msisdn|subscriber|circuit|extension|rufnummer)(no|nr|number|id|nummer)?$|^(number|cli|ctn)$/,
  },
  { column: 'amount', title: /amount|charge|cost|total|price|net|gross|fee|betrag|montant|importe/, kinds: AMOUNT },
  {
    column: 'quantity',
    title: /quantity|qty|usage|duration|minutes|seconds|volume|menge|units?$|^(data|mb|gb|kb)/,
    kinds: AMOUNT,
  },
  { column: 'unit', title: /^(unit|uom|einheit)$/, kinds: ['text'] },
  { column: 'category', title: /category|chargetype|^type$|kategorie/, kinds: ['text'] },
  { column: 'description', title: /description|detail|item|text|beschreibung|libelle/, kinds: ['text'] },
  { column: 'product', title: /product|plan|tariff|produkt/, kinds: ['text'] },
]

/** In the order of the titles; null where nothing fits, or what fits was given to an earlier column. */
export function guessMeanings(
  columns: ReadonlyArray<{ readonly title: string; readonly kind: ColumnKind }>,
): ReadonlyArray<string | null> {
  const given = new Set<string>()
  return columns.map(({ title, kind }) => {
    const name = normaliseName(title)
    const guess = GUESSES.find(
      ({ column, title: form, kinds }) =>
        !given.has(column) && form.test(name) && (kinds === undefined || kinds.includes(kind)),
    )
    if (guess === undefined || kind === 'blank') return null
    given.add(guess.column)
    return guess.column
  })
}
