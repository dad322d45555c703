// charges.csv and invoices.csv: the lines of vendors' bills, and what the vendors say that they come to.
import {
  CHARGE_COLUMNS,
  CHARGE_REQUIRED,
  type Importer,
  INVOICE_COLUMNS,
  INVOICE_REQUIRED,
  plainChargeReader,
  readBilledAmount,
  readCharge,
  readInvoice,
} from '@spillway/core'
import { canonicalImporter } from './canonical-importer.ts'

export const chargesImporter: Importer = canonicalImporter({
  name: 'charges',
  describes: 'charges.csv: the lines of bills (vendor, account, invoice, line, category, amount, ...)',
  columns: CHARGE_COLUMNS,
  required: CHARGE_REQUIRED,
  foreign: ['started_at'],
  readFact: readCharge,
  plainReader: plainChargeReader,
  amountOf: readBilledAmount,
  documentOf: ({ vendor, account, invoice }) => ({ part: 'charges', vendor, account, invoice }),
})

export const invoicesImporter: Importer = canonicalImporter({
  name: 'invoices',
  describes: 'invoices.csv: the control totals of bills (vendor, account, invoice, currency, total, ...)',
  columns: INVOICE_COLUMNS,
  required: INVOICE_REQUIRED,
  foreign: ['line', 'amount', 'category', 'started_at'],
  readFact: readInvoice,
  documentOf: ({ vendor, account, invoice }) => ({ part: 'totals', vendor, account, invoice }),
})
