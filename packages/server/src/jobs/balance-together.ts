// How invoices would stand once all files of a draft are in. A look reads each file for itself: lines in one file and their total in
// another would each seem to lack the other.
import type { FileReport } from '@spillway/engine'

type Balance = FileReport['invoices'][number]
type Sums = Pick<Balance, 'chargesMinor' | 'lines' | 'totalMinor'>
type Invoice = Pick<Balance, 'vendor' | 'account' | 'invoice'>
/** A file, asked of each of its invoices, of which there may be as many as it has rows. */
type Asked = Pick<FileReport, 'batch' | 'supplements'> & {
  readonly currencies: ReadonlySet<string>
  readonly documents: ReadonlySet<string>
  /** Some of it takes the place of what is stored. */
  readonly replaces: boolean
}
/** What one file says of an invoice. */
type Said = { readonly file: Asked; readonly found: Balance }

/** The same files, each with the balances that its invoices have after the last of them. */
export function balanceTogether(files: ReadonlyArray<FileReport>): ReadonlyArray<FileReport> {
  const saidOf = new Map<string, Said[]>()
  for (const report of files.filter(({ outcome }) => outcome === 'imported')) {
    const file = askedOf(report)
    for (const found of report.invoices) {
      const said = saidOf.get(keyOf(found))
      if (said) said.push({ file, found })
      else saidOf.set(keyOf(found), [{ file, found }])
    }
  }
  const after = (balance: Balance) => balanceAfter(balance, saidOf.get(keyOf(balance)) ?? [])
  return files.map((file) => ({ ...file, invoices: file.invoices.map(after) }))
}

function balanceAfter(balance: Balance, said: ReadonlyArray<Said>): Balance {
  if (said.length < 2) return balance
  const charging = said.filter(hasCharges)
  const base = charging.findLast(({ file }) => file.supplements === '')
  // Of a file without lines of the invoice, all that it can say of it is a total.
  const total = said.findLast((one) => !charging.includes(one) && one.found.totalMinor !== null)
  const { chargesMinor, lines, totalMinor: own } = base ? withMended(base, charging) : balance
  const totalMinor = total?.found.totalMinor ?? own
  const differenceMinor = totalMinor === null ? null : chargesMinor - totalMinor
  return { ...balance, chargesMinor, lines, totalMinor, differenceMinor }
}

/** Mended rows add to the file that they came from; where that one replaces another, what they say holds of the other. */
function withMended({ file, found }: Said, charging: ReadonlyArray<Said>): Sums {
  const mended = file.replaces ? [] : charging.filter((one) => one.file.supplements === file.batch)
  return {
    chargesMinor: mended.reduce((sum, one) => sum + one.found.chargesMinor, found.chargesMinor),
    lines: mended.reduce((sum, one) => sum + one.found.lines, found.lines),
    totalMinor: found.totalMinor,
  }
}

/** Lines that are stored already stand in a balance too: those of a file with charges are its own. */
const hasCharges = ({ file: { currencies, documents }, found }: Said) =>
  found.lines > 0 && currencies.has(found.currency) && documents.has(invoiceOf(found))

function askedOf({ batch, supplements, amounts, documents }: FileReport): Asked {
  return {
    ...{ batch, supplements },
    currencies: new Set(amounts.map(({ currency }) => currency)),
    documents: new Set(documents.map(invoiceOf)),
    replaces: documents.some(({ supersedes }) => supersedes.length > 0),
  }
}

const invoiceOf = ({ vendor, account, invoice }: Invoice) => [vendor, account, invoice].join('\u0000')
const keyOf = (balance: Balance) => [invoiceOf(balance), balance.currency].join('\u0000')
