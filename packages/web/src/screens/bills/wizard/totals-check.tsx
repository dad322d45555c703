// Each bill of a file: what its lines sum to beside what the vendor asks for.
import { Paper, Table, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useFormat } from '../../../app/format.ts'
import { Amount } from '../../../components/amount.tsx'
import { Note } from '../note.tsx'
import type { DraftLook } from './upload.ts'

const isZero = (text: string) => !/[1-9]/.test(text)

export function TotalsCheck({ look: { invoices, covers } }: { readonly look: DraftLook }) {
  const format = useFormat()
  if (invoices.length === 0) return null
  const off = invoices.filter(({ difference }) => difference !== null && !isZero(difference))
  const unknown = invoices.filter(({ total }) => total === null)
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="totals">
      <Title order={3} size="h5" id="totals" mb="xs">
        Totals
      </Title>
      <Verdict off={off.length} unknown={unknown.length} count={invoices.length} />
      <Table.ScrollContainer minWidth={520} mah={320}>
        <Table mt="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Invoice</Table.Th>
              <Table.Th scope="col">Account</Table.Th>
              <Table.Th scope="col" ta="right">
                Lines
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Sum of lines
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Vendor's total
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Difference
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {invoices.map(({ vendor, account, invoice, currency, lines, charges, total, difference }) => (
              <Table.Tr key={`${vendor} ${account} ${invoice} ${currency}`}>
                <Table.Th scope="row" fw={500}>
                  {invoice}
                </Table.Th>
                <Table.Td>{account}</Table.Td>
                <Table.Td ta="right">{format.count(lines)}</Table.Td>
                <Table.Td ta="right">
                  <Amount value={charges} currency={currency} />
                </Table.Td>
                <Table.Td ta="right">
                  {total === null ? 'none given' : <Amount value={total} currency={currency} />}
                </Table.Td>
                <Table.Td ta="right">
                  {difference === null ? '' : <Amount value={difference} currency={currency} isChange />}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {covers.invoiceCount > invoices.length && (
        <p>
          The first {format.count(invoices.length)} of {format.count(covers.invoiceCount)} invoices; those that do not
          foot come first.
        </p>
      )}
    </Paper>
  )
}

function Verdict({ off, unknown, count }: { off: number; unknown: number; count: number }) {
  const format = useFormat()
  if (off > 0)
    return (
      <Note color="yellow" icon={<IconAlertTriangle size={18} />}>
        {format.count(off)} of {format.count(count)} {count === 1 ? 'invoice does' : 'invoices do'} not foot. It can be
        imported; before the month is published somebody mends it, or accepts the difference.
      </Note>
    )
  if (unknown > 0)
    return (
      <Note color="gray" icon={<IconInfoCircle size={18} />}>
        {format.count(unknown)} of {format.count(count)} {count === 1 ? 'invoice' : 'invoices'} came without a total:
        nobody can check whether all lines are here.
      </Note>
    )
  return (
    <Note color="teal" icon={<IconCircleCheck size={18} />}>
      Every invoice foots: the lines sum to the vendor's total.
    </Note>
  )
}
