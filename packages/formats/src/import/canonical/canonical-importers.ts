// The canonical files of the specification (spec, import, "Facts"), one importer each.
import type { Importer } from '@spillway/core'
import { chargesImporter, invoicesImporter } from './bills.ts'
import {
  accountsImporter,
  costCentresImporter,
  peopleImporter,
  poolMembersImporter,
  poolsImporter,
  projectsImporter,
  servicesImporter,
} from './directory.ts'
import { usageImporter } from './usage.ts'

export const CANONICAL_IMPORTERS: ReadonlyArray<Importer> = [
  chargesImporter,
  invoicesImporter,
  usageImporter,
  poolsImporter,
  poolMembersImporter,
  servicesImporter,
  peopleImporter,
  costCentresImporter,
  projectsImporter,
  accountsImporter,
]
