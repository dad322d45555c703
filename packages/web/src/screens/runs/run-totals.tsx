// What a run came to, in each currency, in both views; an amount says its own currency.
import { Table } from '@mantine/core'
import { Amount } from '../../components/amount.tsx'
import { figureClass } from '../../components/sides.tsx'
import type { Run } from './months.ts'

export function RunTotals({ run }: { readonly run: Pick<Run, 'id' | 'totals'> }) {
  if (run.totals.length === 0) return null
  return (
    <Table mt="sm" fz="sm" maw={420} aria-label={`Totals of ${run.id}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col" className={figureClass}>
            Actual
          </Table.Th>
          <Table.Th scope="col" className={figureClass}>
            Adjusted
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {run.totals.map(({ currency, actual, adjusted }) => (
          <Table.Tr key={currency}>
            <Table.Td className={figureClass}>
              <Amount value={actual} currency={currency} />
            </Table.Td>
            <Table.Td className={figureClass}>
              <Amount value={adjusted} currency={currency} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
