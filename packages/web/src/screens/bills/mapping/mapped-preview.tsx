// What the mapping makes of the first rows, as it is typed: the facts, and the rows that it cannot read with the reason.
import { Badge, Group, List, Paper, SegmentedControl, Table, Text, Title } from '@mantine/core'
import { useFormat } from '../../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../../app/go.ts'
import { Amount } from '../../../components/amount.tsx'
import { Hint } from '../../../components/hint.tsx'
import { FailureState } from '../../../components/states.tsx'
import classes from '../bills.module.css'
import { Note } from '../note.tsx'
import { labelOfField, shapeOf } from './fact-shapes.ts'
import type { Preview } from './preview.ts'
import { fieldAt, type SourceBody } from './source-body.ts'

export type Mapped = NonNullable<Preview['mapped']>

export type MappedPreviewProps = {
  readonly body: SourceBody
  readonly mapped: Mapped | null
  readonly isWhole: boolean
  readonly isStale: boolean
  readonly error: unknown
}

export function MappedPreview({ body, mapped, isWhole, isStale, error }: MappedPreviewProps) {
  const format = useFormat()
  const lacking = lackingOf(body)
  const issues = (mapped?.issues ?? []).filter(({ path }) => !/^emit\[\d+\]\.fields$/.test(path))
  const isReady = mapped !== null && mapped.issues.length === 0
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="preview">
      <Title order={3} size="h5" id="preview" mb="xs">
        What comes of it
        {isStale && (
          <Text span size="sm" c="dimmed">
            {' '}
            reading …
          </Text>
        )}
      </Title>
      {error !== null && error !== undefined && <FailureState error={error} />}
      {(lacking.length > 0 || issues.length > 0) && (
        <Note color="yellow" title="Still to be said" mb="xs">
          <List size="sm">
            {lacking.map((text) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
            {issues.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                {path}: {message}
              </List.Item>
            ))}
          </List>
        </Note>
      )}
      {isReady && (
        <>
          <Group gap="md" mb="xs" role="status">
            <Text size="sm">
              {isWhole ? 'All' : 'The first'} {format.count(mapped.counts.read)} rows:{' '}
              {format.count(mapped.counts.accepted)} read, {format.count(mapped.counts.quarantined)} with problems,{' '}
              {format.count(mapped.counts.ignored)} left out
            </Text>
            {mapped.amounts.map(({ currency, amount }) => (
              <Text size="sm" key={currency} component="div">
                Charges <Amount value={amount} currency={currency} />
              </Text>
            ))}
          </Group>
          <MappedRows mapped={mapped} />
        </>
      )}
    </Paper>
  )
}

/** Required columns that come from nowhere yet, in words. */
export function lackingOf(body: SourceBody): ReadonlyArray<string> {
  return body.emit.flatMap(({ fact }, emission) => {
    const { required, label } = shapeOf(fact)
    const isGiven = (name: string) =>
      fieldAt(body, { emission, name }) !== undefined || fieldAt(body, { emission: null, name }) !== undefined
    const names = required.filter((name) => !isGiven(name)).map(labelOfField)
    return names.length === 0 ? [] : [`For ${label}: ${names.join(', ')}`]
  })
}

function MappedRows({ mapped: { rows } }: { readonly mapped: Mapped }) {
  const { of } = useScreenSearch()
  const setSearch = useSetSearch()
  const isBad = ({ problems }: Mapped['rows'][number]) => problems.some(({ severity }) => severity === 'error')
  const shown = of === 'problems' ? rows.filter(isBad) : rows
  const names = [...new Set(rows.flatMap(({ facts }) => facts.flatMap(({ cells }) => Object.keys(cells))))].filter(
    (name) => rows.some(({ facts }) => facts.some(({ cells }) => (cells[name] ?? '') !== '')),
  )
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label="Which rows are shown"
        data={[
          { value: 'all', label: 'All rows' },
          { value: 'problems', label: `With problems (${rows.filter(isBad).length})` },
        ]}
        value={of === 'problems' ? 'problems' : 'all'}
        onChange={(value) => setSearch({ of: value === 'problems' ? 'problems' : undefined }, { replaces: true })}
      />
      <section className={`${classes.frame} more-aside`} tabIndex={0} aria-label="Rows as they would be read">
        <Table fz="xs" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Line</Table.Th>
              <Table.Th scope="col">Is</Table.Th>
              {names.map((name) => (
                <Table.Th key={name} scope="col">
                  {labelOfField(name)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <MappedRow key={row.line} row={row} names={names} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </>
  )
}

type MappedRowProps = { readonly row: Mapped['rows'][number]; readonly names: ReadonlyArray<string> }

function MappedRow({ row: { line, facts, problems, raw }, names }: MappedRowProps) {
  const lines = facts.map(({ fact, cells }, index) => (
    <Table.Tr key={`${line} ${index + 1}`}>
      <Table.Th scope="row" fw={500}>
        {line}
      </Table.Th>
      <Table.Td>{fact}</Table.Td>
      {names.map((name) => (
        <Table.Td key={name} className={classes.raw ?? ''}>
          {cells[name]}
        </Table.Td>
      ))}
    </Table.Tr>
  ))
  return (
    <>
      {lines}
      {facts.length === 0 && problems.length === 0 && (
        <Table.Tr>
          <Table.Th scope="row" fw={500}>
            {line}
          </Table.Th>
          <Table.Td colSpan={names.length + 1} c="dimmed">
            left out: {raw}
          </Table.Td>
        </Table.Tr>
      )}
      {problems.map(({ code, severity, message, hint, column, value }) => (
        <Table.Tr key={`${line} ${code} ${column} ${value}`} className={classes.bad ?? ''}>
          <Table.Th scope="row" fw={500}>
            {line}
          </Table.Th>
          <Table.Td colSpan={names.length + 1}>
            <Badge size="xs" color={severity === 'error' ? 'red' : 'gray'} variant="dot" tt="none" mr={6}>
              {code}
            </Badge>
            {message} <Hint text={hint} />
          </Table.Td>
        </Table.Tr>
      ))}
    </>
  )
}
