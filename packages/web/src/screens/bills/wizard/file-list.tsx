// The files of a draft: what each was recognised as, and what would come of it.
import { Badge, Paper, Table, Text, UnstyledButton } from '@mantine/core'
import { useFormat } from '../../../app/format.ts'
import { Amount } from '../../../components/amount.tsx'
import type { DraftFile } from './upload.ts'

export type FileListProps = {
  readonly files: ReadonlyArray<DraftFile>
  readonly chosen: number | undefined
  readonly onChoose: (no: number) => void
}

export function FileList({ files, chosen, onChoose }: FileListProps) {
  const format = useFormat()
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">File</Table.Th>
              <Table.Th scope="col">What it is</Table.Th>
              <Table.Th scope="col">Would be</Table.Th>
              <Table.Th scope="col" ta="right">
                Rows
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Refused
              </Table.Th>
              <Table.Th scope="col" ta="right">
                Amount
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map((file) => (
              <Table.Tr key={file.no} {...(file.no === chosen ? { bg: 'var(--mantine-primary-color-light)' } : {})}>
                <Table.Th scope="row" fw={500}>
                  <UnstyledButton
                    fz="sm"
                    fw={600}
                    td="underline"
                    aria-pressed={file.no === chosen}
                    onClick={() => onChoose(file.no)}
                  >
                    {file.name}
                  </UnstyledButton>
                </Table.Th>
                <Table.Td>{whatItIs(file)}</Table.Td>
                <Table.Td>
                  <OutcomeBadge file={file} />
                </Table.Td>
                <Table.Td ta="right">{format.count(file.look?.rows.read ?? 0)}</Table.Td>
                <Table.Td ta="right">{format.count(file.look?.rows.quarantined ?? 0)}</Table.Td>
                <Table.Td ta="right">
                  {file.look?.amounts.map(({ currency, accepted }) => (
                    <div key={currency}>
                      <Amount value={accepted} currency={currency} />
                    </div>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

/** `kestrel-bill@4261850016`: the number tells versions of a mapping apart, and is nothing to read. */
export const formatName = (format: string) => format.replace(/@\w+$/, '')

function whatItIs({ look }: DraftFile): string {
  if (look === null || look.recognised.length === 0) return 'not recognised'
  const names = [...new Set(look.recognised.map(({ format, describes }) => describes || formatName(format)))]
  return look.supplements === '' ? names.join(', ') : `mended rows (${names.join(', ')})`
}

function OutcomeBadge({ file: { look } }: { readonly file: DraftFile }) {
  if (look === null) return <Text size="sm">not looked at</Text>
  const [label, color] =
    look.outcome === 'refused'
      ? ['left out', 'red']
      : look.outcome === 'unchanged'
        ? ['known already', 'gray']
        : look.rows.quarantined > 0
          ? ['imported in part', 'yellow']
          : ['imported', 'teal']
  return (
    <Badge variant="dot" color={color ?? 'gray'} tt="none" miw="max-content">
      {label}
    </Badge>
  )
}
