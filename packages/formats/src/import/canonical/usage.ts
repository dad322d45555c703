// usage.csv: events and summaries of usage.
import { type Importer, plainUsageReader, readUsage, USAGE_COLUMNS, USAGE_REQUIRED } from '@spillway/core'
import { canonicalImporter, directoryDocument } from './canonical-importer.ts'

export const usageImporter: Importer = canonicalImporter({
  name: 'usage',
  describes:
    'usage.csv: events or summaries of usage (source, id, service, usage_type, started_at, quantity, unit, ...)',
  columns: USAGE_COLUMNS,
  required: USAGE_REQUIRED,
  foreign: ['invoice', 'amount'],
  readFact: readUsage,
  plainReader: plainUsageReader,
  documentOf: directoryDocument('usage'),
})
