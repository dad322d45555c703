// A chart and, beneath it, the same numbers as a table. Drawn by a part of the app that is loaded when the first chart is.
import { Box, Paper, ScrollArea, Skeleton, Table, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ChartProps } from './chart-props.ts'

const Drawing = lazy(() => import('./chart-drawing.tsx').then((found) => ({ default: found.ChartDrawing })))

export function Chart(props: ChartProps) {
  const { label, points, along, series, format, cellOf, height = 240, hidesTable = false, isBare = false } = props
  return (
    <Paper withBorder={!isBare} p={isBare ? 0 : 'md'} component="figure" m={0} aria-label={label}>
      <Box h={height} aria-hidden="true">
        <Suspense fallback={<Skeleton height={height} />}>
          <Drawing {...props} height={height} />
        </Suspense>
      </Box>
      <Text component="figcaption" size="sm" c="dimmed" mt={6}>
        {label}
      </Text>
      {!hidesTable && (
        <details>
          <summary>The same as a table</summary>
          <ScrollArea>
            <Table fz="sm" mt="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col"> </Table.Th>
                  {series.map(({ key, label: name }) => (
                    <Table.Th key={key} scope="col" ta="right">
                      {name}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {points.map((point) => (
                  <Table.Tr key={String(point[along])}>
                    <Table.Th scope="row" fw={500}>
                      {point[along]}
                    </Table.Th>
                    {series.map(({ key }) => {
                      const value = point[key]
                      return (
                        <Table.Td key={key} ta="right">
                          {cellOf?.(point, key) ?? (typeof value === 'number' ? format(value) : (value ?? ''))}
                        </Table.Td>
                      )
                    })}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </details>
      )}
    </Paper>
  )
}
