// Which canonical column a title probably means. Proposes; a person decides.
import { normaliseName } from '../intake/column-lookup.ts'
import type { ColumnKind } from './guess-writing.ts'

type Guess = {
  readonly column: string
  readonly title: RegExp
  /** What it is called where no column of the file has a better name, the likeliest first: `Line` beside `Phone` counts lines. */
  readonly elseTitles?: ReadonlyArray<RegExp>
  readonly kinds?: ReadonlyArray<ColumnKind>
}

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
      /(phone|mobile|wireless|telephone|msisdn|subscriber|circuit|rufnummer)(no|nr|number|id|nummer)?$|service(no|nr|number|id|nummer)$|^(cli|ctn)$/,
    elseTitles: [/service$/, /^number$/, /(line|extension)(no|nr|number|id|nummer)?$/],
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
  const named = columns.map(({ title, kind }) => ({ name: normaliseName(title), kind }))
  const forms = new Map(GUESSES.map((guess) => [guess, bestForm(guess, named)]))
  const given = new Set<string>()
  return named.map(({ name, kind }) => {
    const guess = GUESSES.find(
      (one) => !given.has(one.column) && forms.get(one)?.test(name) === true && isOfKind(one, kind),
    )
    if (guess === undefined || kind === 'blank') return null
    given.add(guess.column)
    return guess.column
  })
}

type Named = { readonly name: string; readonly kind: ColumnKind }

const isOfKind = ({ kinds }: Guess, kind: ColumnKind) => kinds === undefined || kinds.includes(kind)

/** The likeliest of its titles that a column of the file has. */
function bestForm(guess: Guess, columns: ReadonlyArray<Named>): RegExp | undefined {
  const isThere = (form: RegExp) =>
    columns.some(({ name, kind }) => kind !== 'blank' && form.test(name) && isOfKind(guess, kind))
  return [guess.title, ...(guess.elseTitles ?? [])].find(isThere)
}
