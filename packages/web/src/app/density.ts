// How high the rows of tables are, as the viewer prefers them.
import { type MantineThemeOverride, Table } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { createContext, use } from 'react'

export type Density = AnswerOf<'getPreferences'>['density']

export const DensityContext = createContext<Density>('comfortable')

const ROW_HEIGHT_PX: Readonly<Record<Density, number>> = { comfortable: 36, compact: 28 }

/** Of one line of a long table. */
export function useRowHeight(): number {
  return ROW_HEIGHT_PX[use(DensityContext)]
}

export const TABLES: Readonly<Record<Density, MantineThemeOverride>> = {
  comfortable: {},
  compact: { components: { Table: Table.extend({ vars: () => ({ table: { '--table-vertical-spacing': '2px' } }) }) } },
}
