// Rows that would be refused, each with its reason and what to do; downloaded, mended and sent again, they join the others.
import { Badge, Button, Chip, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useFormat } from '../../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../../app/go.ts'
import { Hint } from '../../../components/hint.tsx'
import classes from '../bills.module.css'
import { DropRegion } from './drop-region.tsx'
import { keepDraft } from './keep-draft.ts'
import type { DraftFile, DraftLook, ImportDraft } from './upload.ts'

const COLOURS = { error: 'red', warning: 'yellow', info: 'gray' } as const

export type BadRowsProps = { readonly draft: ImportDraft; readonly file: DraftFile; readonly look: DraftLook }

export function BadRows({ draft, file, look }: BadRowsProps) {
  const format = useFormat()
  const { problems, badRows, rows } = look
  if (problems.length === 0 && badRows.length === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="bad-rows">
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5" id="bad-rows">
          {rows.quarantined === 0 ? 'Notes' : `${format.count(rows.quarantined)} refused rows`}
        </Title>
        {rows.quarantined > 0 && (
          <Button
            component="a"
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            href={`/v1/import-drafts/${encodeURIComponent(draft.id)}/files/${file.no}/rejects`}
            download
          >
            Download refused rows
          </Button>
        )}
      </Group>
      <Problems problems={problems} />
      {badRows.length > 0 && <RowTable badRows={badRows} count={rows.quarantined} />}
      {rows.quarantined > 0 && (
        <Stack gap="xs" mt="sm">
          <Text size="sm">
            Mend them in the download, leave its first three columns as they are, and send it here. Or commit without
            them: they wait in quarantine.
          </Text>
          <DropRegion label="Mended rows" draft={draft.id} isSmall onDraft={keepDraft}>
            Drop the mended rows here.
          </DropRegion>
        </Stack>
      )}
    </Paper>
  )
}

function Problems({ problems }: { readonly problems: DraftLook['problems'] }) {
  const format = useFormat()
  return (
    <div className={classes.problems}>
      {problems.map(({ code, severity, count, message, hint, places }) => (
        <Fragment key={`${code} ${message}`}>
          <Badge variant="dot" color={COLOURS[severity]} tt="none" miw="max-content">
            {format.count(count)} × {code}
          </Badge>
          <Text size="sm">
            {message}{' '}
            <Text span c="dimmed" size="sm">
              <Hint text={hint} />
            </Text>
            {places.length > 0 && (
              <Text span c="dimmed" size="sm">
                {' '}
                ({places.join(', ')}
                {count > places.length && ' …'})
              </Text>
            )}
          </Text>
        </Fragment>
      ))}
    </div>
  )
}

type RowTableProps = { readonly badRows: DraftLook['badRows']; readonly count: number }

function RowTable({ badRows, count }: RowTableProps) {
  const format = useFormat()
  const { of } = useScreenSearch()
  const setSearch = useSetSearch()
  const codes = [...new Set(badRows.map(({ code }) => code))]
  const shown = badRows.filter(({ code }) => of === undefined || !codes.includes(of) || code === of)
  return (
    <>
      {codes.length > 1 && (
        <Chip.Group
          value={of ?? 'all'}
          onChange={(code) => setSearch({ of: code === 'all' ? undefined : String(code) })}
        >
          <Group gap="xs" mb="xs" role="group" aria-label="Which problem">
            <Chip value="all" size="xs">
              All
            </Chip>
            {codes.map((code) => (
              <Chip key={code} value={code} size="xs">
                {code}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      )}
      <section className={`${classes.frame} more-aside`} tabIndex={0} aria-label="Refused rows">
        <Table fz="sm" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Line</Table.Th>
              <Table.Th scope="col">Column</Table.Th>
              <Table.Th scope="col">Value</Table.Th>
              <Table.Th scope="col">What is wrong</Table.Th>
              <Table.Th scope="col">The row as it is</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ line, member, sheet, column, value, code, message, raw }) => (
              <Table.Tr key={`${member} ${sheet} ${line} ${code} ${column}`}>
                <Table.Th scope="row" fw={500} ta="right">
                  {member === '' && sheet === '' ? line : `${member}${sheet === '' ? '' : ` ${sheet}`} ${line}`}
                </Table.Th>
                <Table.Td>{column}</Table.Td>
                <Table.Td className={classes.bad ?? ''} title={value}>
                  {value}
                </Table.Td>
                <Table.Td miw={320}>{message}</Table.Td>
                <Table.Td className={classes.raw ?? ''}>{raw}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {count > badRows.length && (
        <Text size="xs" c="dimmed" mt={4}>
          The first {format.count(badRows.length)} of {format.count(count)}; the download has all of them.
        </Text>
      )}
    </>
  )
}
