// The first rows of a table as they stand in its file, under its titles.
import { Table, Text } from '@mantine/core'
import classes from '../bills.module.css'
import type { Preview } from './preview.ts'

const ROWS_SHOWN = 6

export function FieldTable({ preview: { columns, rawRows, isWhole } }: { readonly preview: Preview }) {
  return (
    <>
      <section className={`${classes.frame} more-aside`} tabIndex={0} aria-label="The first rows of the file">
        <Table fz="xs" mt="sm" withRowBorders={false}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ title }, index) => (
                <Table.Th key={`${index} ${title}`} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rawRows.slice(0, ROWS_SHOWN).map((cells, row) => (
              <Table.Tr key={`${row} ${cells.join()}`}>
                {columns.map(({ title }, index) => (
                  <Table.Td key={`${index} ${title}`} className={classes.raw ?? ''}>
                    {cells[index]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {!isWhole && (
        <Text size="xs" c="dimmed">
          The file is large: its beginning is shown.
        </Text>
      )}
    </>
  )
}
