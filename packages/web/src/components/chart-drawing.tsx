// The drawing of a chart: a piece of its own, since its library is larger than the rest of a screen.
import '@mantine/charts/styles.css'
import { AreaChart, BarChart, LineChart } from '@mantine/charts'
import type { ChartProps } from './chart-props.ts'

/** The table beneath says the same: nobody needs to step through a drawing that is hidden from them. */
const UNREACHED = { accessibilityLayer: false }

export function ChartDrawing({ kind, points, along, series, format, height, reference }: ChartProps) {
  const shared = {
    h: height ?? 240,
    data: points.map((point) => ({ ...point })),
    dataKey: along,
    series: series.map(({ key, label, color }) => ({ name: key, label, color })),
    valueFormatter: format,
    withLegend: series.length > 1,
    gridAxis: 'x' as const,
    tickLine: 'none' as const,
    referenceLines: reference
      ? [
          {
            ...{ y: reference.value, label: reference.label, color: 'var(--spillway-more)' },
            // What is far from it is seen as such.
            ifOverflow: 'extendDomain' as const,
          },
        ]
      : [],
    // Every line of the grid says its value, on one line.
    yAxisProps: { width: 84, interval: 0 as const },
  }
  switch (kind) {
    case 'line':
      return <LineChart {...shared} lineChartProps={UNREACHED} curveType="linear" withDots />
    case 'area':
      return <AreaChart {...shared} areaChartProps={UNREACHED} curveType="stepAfter" withDots={false} />
    case 'bar':
    case 'stacked':
      return (
        <BarChart
          {...shared}
          barChartProps={UNREACHED}
          type={kind === 'stacked' ? 'stacked' : 'default'}
          maxBarWidth={44}
        />
      )
  }
}
