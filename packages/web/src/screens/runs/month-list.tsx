// Every month with its state, and a box for one of which nothing is imported yet.
import { Badge, Button, Group, Table, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { figureClass, ListFrame } from '../../components/sides.tsx'
import { isMonth, MONTH_STATE, type Month, type MonthState } from './months.ts'

export function MonthBadge({ state }: { readonly state: MonthState }) {
  const { label, color } = MONTH_STATE[state]
  return (
    <Badge variant="light" color={color} tt="none" miw="max-content">
      {label}
    </Badge>
  )
}

export type MonthListProps = { readonly months: ReadonlyArray<Month>; readonly chosen: string | undefined }

export function MonthList({ months, chosen }: MonthListProps) {
  const format = useFormat()
  const here = useScreenSearch()
  return (
    <>
      <ListFrame label="Months">
        <Table verticalSpacing="xs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Month</Table.Th>
              <Table.Th scope="col">State</Table.Th>
              <Table.Th scope="col" className={figureClass}>
                Charges
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {months.map((month) => (
              <Table.Tr key={month.period} data-chosen={month.period === chosen || undefined}>
                <Table.Td>
                  <ScreenLink to="/runs" search={{ ...here, chosen: month.period }}>
                    {format.period(month.period)}
                  </ScreenLink>
                </Table.Td>
                <Table.Td>
                  <MonthBadge state={month.state} />
                </Table.Td>
                <Table.Td className={figureClass}>
                  <MonthCharges month={month} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ListFrame>
      <OtherMonth />
    </>
  )
}

function MonthCharges({ month: { run, state, invoices, files } }: { readonly month: Month }) {
  if (run === undefined || state === 'open')
    return (
      <Text span c="dimmed" size="sm">
        {invoices > 0
          ? `${invoices} ${invoices === 1 ? 'bill' : 'bills'}`
          : `${files} ${files === 1 ? 'file' : 'files'}`}
      </Text>
    )
  return run.totals.map(({ currency, actual }) => (
    <div key={currency}>
      <Amount value={actual} currency={currency} />
    </div>
  ))
}

function OtherMonth() {
  const setSearch = useSetSearch()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isMonth(text.trim())) {
      setWrong('')
      setSearch({ chosen: text.trim() })
    } else setWrong('Write year and month, such as 2026-11')
  }
  return (
    <form onSubmit={submit}>
      <Group mt="sm" gap="xs" align="flex-end">
        <TextInput
          label="Another month"
          placeholder="2026-11"
          size="sm"
          w={180}
          value={text}
          error={wrong}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button type="submit" size="sm" variant="default">
          Open
        </Button>
      </Group>
    </form>
  )
}
