// A chart and, beneath it, the same numbers as a table.
import { Box, Paper, Text } from '@mantine/core'
import classes from './chart.module.css'
import { ChartDrawing } from './chart-drawing.tsx'
import type { ChartProps } from './chart-props.ts'

export function Chart(props: ChartProps) {
  const { label, points, along, series, format, cellOf, height = 240, hidesTable = false, isBare = false } = props
  return (
    <Paper withBorder={!isBare} p={isBare ? 0 : 'md'} component="figure" m={0} aria-label={label}>
      <Box h={height} aria-hidden="true">
        <ChartDrawing {...props} height={height} />
      </Box>
      <Text component="figcaption" size="sm" c="dimmed" mt={6}>
        {label}
      </Text>
      {!hidesTable && (
        <details>
          <summary>The same as a table</summary>
          <div className={`${classes.frame} more-aside`}>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col"> </th>
                  {series.map(({ key, label: name }) => (
                    <th key={key} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {points.map((point) => (
                  <tr key={String(point[along])}>
                    <th scope="row">{point[along]}</th>
                    {series.map(({ key }) => {
                      const value = point[key]
                      return (
                        <td key={key}>
                          {cellOf?.(point, key) ?? (typeof value === 'number' ? format(value) : (value ?? ''))}
                        </td>
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </Paper>
  )
}
