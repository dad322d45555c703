// A reader of LEDES 1998B for tests. It shares no code with what writes the format, and holds every rule of its fields: says
// what is wrong with a file, line by line, and recomputes all totals in whole ten-thousandths.

type Kind = 'date' | 'text' | 'long' | 'type' | 'number' | 'total'
type Rule = { readonly name: string; readonly kind: Kind; readonly most: number; readonly isRequired: boolean }

const rule = (name: string, kind: Kind, most: number, isRequired = true): Rule => ({ name, kind, most, isRequired })

/** Lengths: of numbers the digits before the point, of which there are at most four behind it. */
const RULES: ReadonlyArray<Rule> = [
  rule('INVOICE_DATE', 'date', 8),
  rule('INVOICE_NUMBER', 'text', 20),
  rule('CLIENT_ID', 'text', 20),
  rule('LAW_FIRM_MATTER_ID', 'text', 20),
  rule('INVOICE_TOTAL', 'total', 12),
  rule('BILLING_START_DATE', 'date', 8),
  rule('BILLING_END_DATE', 'date', 8),
  rule('INVOICE_DESCRIPTION', 'long', 15_360, false),
  rule('LINE_ITEM_NUMBER', 'text', 20),
  rule('EXP/FEE/INV_ADJ_TYPE', 'type', 2),
  rule('LINE_ITEM_NUMBER_OF_UNITS', 'number', 10),
  rule('LINE_ITEM_ADJUSTMENT_AMOUNT', 'number', 10, false),
  rule('LINE_ITEM_TOTAL', 'number', 10),
  rule('LINE_ITEM_DATE', 'date', 8),
  rule('LINE_ITEM_TASK_CODE', 'text', 20, false),
  rule('LINE_ITEM_EXPENSE_CODE', 'text', 20, false),
  rule('LINE_ITEM_ACTIVITY_CODE', 'text', 20, false),
  rule('TIMEKEEPER_ID', 'text', 20, false),
  rule('LINE_ITEM_DESCRIPTION', 'long', 15_360, false),
  rule('LAW_FIRM_ID', 'text', 20),
  rule('LINE_ITEM_UNIT_COST', 'number', 10),
  rule('TIMEKEEPER_NAME', 'text', 30, false),
  rule('TIMEKEEPER_CLASSIFICATION', 'text', 10, false),
  rule('CLIENT_MATTER_ID', 'text', 20, false),
]

export type LedesRecord = Readonly<Record<string, string>>
export type LedesReading = { readonly records: ReadonlyArray<LedesRecord>; readonly faults: ReadonlyArray<string> }

export function readLedes(file: string): LedesReading {
  const faults: string[] = []
  const lines = file.split('\r\n')
  if (lines.pop() !== '') faults.push('the file does not end with a line')
  for (const [index, line] of lines.entries()) {
    if (!line.endsWith('[]')) faults.push(`line ${index + 1} does not end with []`)
    if (/[[\]]/.test(line.slice(0, -2))) faults.push(`line ${index + 1} has a bracket`)
    for (const character of line)
      if (character < ' ' || character > '~') faults.push(`line ${index + 1} has ${JSON.stringify(character)}`)
  }
  const [version, header, ...rows] = lines.map((line) => line.slice(0, -2))
  if (version !== 'LEDES1998B') faults.push(`the format is ${version}`)
  if (header !== RULES.map(({ name }) => name).join('|')) faults.push('the header has other fields')
  const records = rows.map((row, index) => readRow(row, index + 3, faults))
  checkTotals(records, faults)
  return { records, faults }
}

function readRow(row: string, line: number, faults: string[]): LedesRecord {
  const cells = row.split('|')
  if (cells.length !== RULES.length) faults.push(`line ${line} has ${cells.length} fields`)
  const record = Object.fromEntries(RULES.map(({ name }, index) => [name, cells[index] ?? '']))
  for (const one of RULES) {
    const fault = faultOf(one, record[one.name] ?? '')
    if (fault !== '') faults.push(`line ${line}: ${one.name} ${fault}`)
  }
  const type = record['EXP/FEE/INV_ADJ_TYPE']
  const keeper = ['TIMEKEEPER_ID', 'TIMEKEEPER_NAME', 'TIMEKEEPER_CLASSIFICATION'].map((name) => record[name] !== '')
  if (type === 'F' && keeper.includes(false)) faults.push(`line ${line}: a fee without a timekeeper`)
  if (type === 'F' && record.LINE_ITEM_EXPENSE_CODE !== '') faults.push(`line ${line}: a fee with an expense code`)
  if (type === 'E' && record.LINE_ITEM_EXPENSE_CODE === '') faults.push(`line ${line}: an expense without its code`)
  if (type === 'E' && record.LINE_ITEM_TASK_CODE !== '') faults.push(`line ${line}: an expense with a task code`)
  const [first = '', last = '', on = ''] = ['BILLING_START_DATE', 'BILLING_END_DATE', 'LINE_ITEM_DATE'].map(
    (name) => record[name],
  )
  if (first > last || on < first || on > last) faults.push(`line ${line}: its date is not in the billing period`)
  return record
}

function faultOf({ kind, most, isRequired }: Rule, value: string): string {
  if (value === '') return isRequired ? 'is empty' : ''
  if (kind === 'text' || kind === 'long') return value.length > most ? `has more than ${most} characters` : ''
  if (kind === 'type') return ['F', 'E', 'IF', 'IE'].includes(value) ? '' : `is ${value}`
  if (kind === 'date') {
    const iso = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`
    const day = /^\d{8}$/.test(value) ? new Date(`${iso}T00:00:00Z`) : new Date(Number.NaN)
    return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== iso ? `is no YYYYMMDD: ${value}` : ''
  }
  const match = /^-?(\d+)(?:\.(\d{1,4}))?$/.exec(value)
  return match && (match[1] as string).length <= most ? '' : `is no number of ${most}.4 digits: ${value}`
}

/** Ten-thousandths. */
function scaled(decimal = ''): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.')
  const magnitude = BigInt(`${whole}${fraction.padEnd(4, '0')}`)
  return decimal.startsWith('-') ? -magnitude : magnitude
}

function checkTotals(records: ReadonlyArray<LedesRecord>, faults: string[]): void {
  const invoices = new Map<string, { total: bigint; sum: bigint; numbers: Set<string> }>()
  for (const [index, record] of records.entries()) {
    const line = index + 3
    const product = scaled(record.LINE_ITEM_NUMBER_OF_UNITS) * scaled(record.LINE_ITEM_UNIT_COST)
    const exact = product + scaled(record.LINE_ITEM_ADJUSTMENT_AMOUNT) * 10_000n
    if (exact !== scaled(record.LINE_ITEM_TOTAL) * 10_000n)
      faults.push(`line ${line}: units × cost + adjustment is not its total`)
    const total = scaled(record.INVOICE_TOTAL)
    const invoice = invoices.get(record.INVOICE_NUMBER ?? '') ?? { total, sum: 0n, numbers: new Set<string>() }
    invoices.set(record.INVOICE_NUMBER ?? '', invoice)
    invoice.sum += scaled(record.LINE_ITEM_TOTAL)
    if (total !== invoice.total) faults.push(`line ${line}: another invoice total than on the lines before`)
    const number = record.LINE_ITEM_NUMBER ?? ''
    if (invoice.numbers.has(number)) faults.push(`line ${line}: line item ${number} stands twice`)
    invoice.numbers.add(number)
  }
  for (const [number, { total, sum }] of invoices)
    if (total !== sum) faults.push(`the lines of ${number} sum to ${sum}, its total is ${total}`)
}
