// What a chart is drawn from.
import type { ReactNode } from 'react'

export type ChartPoint = Readonly<Record<string, string | number | null>>
export type ChartSeries = { readonly key: string; readonly label: string; readonly color: string }

export type ChartProps = {
  readonly kind: 'bar' | 'line' | 'area'
  /** What the chart says, in a sentence for those who do not see it. */
  readonly label: string
  readonly points: ReadonlyArray<ChartPoint>
  /** Which key of a point is along the axis. */
  readonly along: string
  readonly series: ReadonlyArray<ChartSeries>
  /** A figure of the chart as text. */
  readonly format: (value: number) => string
  /** What values are counted in where their text is of another unit: 60 of seconds that are read as minutes. */
  readonly unit?: number
  /** The exact cell of the table, where a number would round it. */
  readonly cellOf?: (point: ChartPoint, key: string) => ReactNode
  readonly height?: number
  /** A level to compare with, such as an allowance. */
  readonly reference?: { readonly value: number; readonly label: string }
  readonly hidesTable?: boolean
  /** Within a panel that has a frame already. */
  readonly isBare?: boolean
}
