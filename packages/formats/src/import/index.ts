// Every importer that needs no configuration, in the order in which they are listed to users.
import type { Importer } from '@spillway/core'
import { CANONICAL_IMPORTERS } from './canonical/canonical-importers.ts'
import { VERIZON_IMPORTERS } from './verizon/verizon-importers.ts'

export const IMPORTERS: ReadonlyArray<Importer> = [...CANONICAL_IMPORTERS, ...VERIZON_IMPORTERS]
