// The four files of the raw data download, one importer each.
import type { Importer } from '@spillway/core'
import { verizonAccountSummary } from './account-summary.ts'
import { verizonDetail } from './detail.ts'
import { verizonUsage } from './usage.ts'
import { verizonWirelessSummary } from './wireless-summary.ts'

export const VERIZON_IMPORTERS: ReadonlyArray<Importer> = [
  verizonAccountSummary,
  verizonWirelessSummary,
  verizonDetail,
  verizonUsage,
]
