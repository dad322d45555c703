// A Source document to begin with, made of what was guessed. What nobody can guess is left out, so that it is asked for.
import { normaliseName } from '../intake/column-lookup.ts'
import type { FilePreview } from './file-preview.ts'
import { currencyOfSigns } from './guess-writing.ts'

type Found = Pick<FilePreview, 'parts' | 'part' | 'settings' | 'numbers' | 'dateFormat' | 'columns'> & {
  readonly fileName: string
}

const BILL = ['vendor', 'account', 'invoice', 'issued_on', 'period_start', 'period_end', 'currency']
const CHARGE = ['service', 'category', 'product', 'description', 'amount', 'quantity', 'unit']
const USAGE = ['account', 'service', 'started_at', 'quantity', 'unit']

export function suggestSource(found: Found): Readonly<Record<string, unknown>> {
  const { columns, settings, numbers, dateFormat, part, parts } = found
  const titleOf = new Map(
    columns.flatMap(({ title, meaning }) => (meaning === null ? [] : [[meaning, title] as const])),
  )
  const fieldsOf = (names: ReadonlyArray<string>) =>
    Object.fromEntries(names.flatMap((name) => (titleOf.has(name) ? [[name, titleOf.get(name)]] : [])))
  const isBill = titleOf.has('amount')
  const currency = currencyOfSigns(numbers.currencySigns)
  const named = titleOf.has('currency') || currency === null ? {} : { currency: { value: currency } }
  const isNamed = parts.filter(({ sheet }) => sheet !== '').length > 1
  const hasHeader = settings.headerRow !== null
  const file = {
    ...(settings.headerRow !== null && settings.headerRow > 1 ? { 'header-row': settings.headerRow } : {}),
    ...(isNamed ? { sheet: part.sheet } : {}),
    ...(hasHeader ? {} : { columns: columns.map(({ title }) => title) }),
  }
  return {
    kind: 'Source',
    name: slugOf(found.fileName),
    ...(Object.keys(file).length > 0 ? { file } : {}),
    ...(hasHeader ? { recognise: { columns: distinctTitles(columns.map(({ title }) => title)) } } : {}),
    ...numbersOf(numbers),
    ...(dateFormat === null || dateFormat === 'YYYY-MM-DD' ? {} : { dates: { format: dateFormat } }),
    ...(isBill ? { fields: { ...fieldsOf(BILL), ...named } } : {}),
    emit: [isBill ? { fact: 'charge', fields: fieldsOf(CHARGE) } : { fact: 'usage', fields: fieldsOf(USAGE) }],
  }
}

/** Only what is otherwise than a Source takes it for. */
function numbersOf({
  decimal,
  thousands,
  negative,
  currencySigns,
}: Found['numbers']): Readonly<Record<string, unknown>> {
  const numbers = {
    ...(decimal === '.' ? {} : { decimal }),
    ...(thousands === '' ? {} : { thousands }),
    ...(negative.every((form) => form === 'minus') ? {} : { negative }),
    ...(currencySigns.length === 0 ? {} : { 'currency-signs': currencySigns }),
  }
  return Object.keys(numbers).length === 0 ? {} : { numbers }
}

const RECOGNISED_BY_MAX = 12

function distinctTitles(titles: ReadonlyArray<string>): string[] {
  const seen = new Set<string>()
  return titles
    .filter((title) => {
      const name = normaliseName(title)
      if (name === '' || seen.has(name)) return false
      seen.add(name)
      return true
    })
    .slice(0, RECOGNISED_BY_MAX)
}

/** `Kestrel Bill 2026-10.csv` is `kestrel-bill`: digits of a month are not the source's. */
function slugOf(fileName: string): string {
  const stem = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const slug = stem
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\d{4,}|\b\d{1,2}\b/g, ' ')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  return slug === '' ? 'new-source' : slug
}
