// One line of a file that was imported, as it was stored, with its neighbours.

import { Badge, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { NotFound } from '../../app/not-found.tsx'
import { useMay } from '../../app/session.tsx'
import { Hint } from '../../components/hint.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'

type Line = AnswerOf<'getSourceLines'>['lines'][number]

export function Screen() {
  const { key: batch = '', of = '1', tab: member, chosen: sheet } = useScreenSearch()
  const format = useFormat()
  const at = {
    ...{ batch, line: Number(of), around: 2 },
    ...(member === undefined ? {} : { member }),
    ...(sheet === undefined ? {} : { sheet }),
  }
  const answer = useAsk('getSourceLines', { query: at }, { isReady: batch !== '' })
  if (batch === '') return <NotFound />
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  const { file, importedAt, importedBy, importer, lines } = answer.data
  return (
    <>
      <PageHeader
        title={`${member ?? file}, line ${of}`}
        crumbs={[{ label: 'Explore', to: '/explore' }]}
        summary={`Imported ${format.instant(importedAt)} by ${importedBy} as ${importer}`}
      />
      <Stack>
        {lines
          .filter(({ isAsked }) => isAsked)
          .map((line, index) => (
            <LinePaper key={`${line.fact} ${index}`} line={line} />
          ))}
        {lines.some(({ isAsked }) => !isAsked) && (
          <details>
            <summary>The lines around it</summary>
            <Stack mt="sm">
              {lines
                .filter(({ isAsked }) => !isAsked)
                .map((line, index) => (
                  <LinePaper key={`${line.line} ${index}`} line={line} />
                ))}
            </Stack>
          </details>
        )}
      </Stack>
    </>
  )
}

function LinePaper({ line: { line, isAsked, fact, cells, problem } }: { readonly line: Line }) {
  return (
    <Paper withBorder p="md">
      <Group justify="space-between">
        <Title order={2} size="h5">
          Line {line}{' '}
          <Badge variant="light" color={isAsked ? 'indigo' : 'gray'} tt="none">
            {fact}
          </Badge>
        </Title>
        {fact === 'usage' && <BecameButton cells={cells} />}
      </Group>
      {problem && (
        <Text size="sm" c="var(--mantine-color-error)">
          {problem.message} <Hint text={problem.hint} />
        </Text>
      )}
      <Table fz="sm" mt="xs" layout="fixed">
        <Table.Tbody>
          {cells
            .filter(({ value }) => (value ?? '') !== '')
            .map(({ name, value }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={200} fw={500} title={name}>
                  {wordsOf(name)}
                </Table.Th>
                <Table.Td>{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

const WORDS: Readonly<Record<string, string>> = {
  quantity_base: 'Quantity in base units',
  is_wall_time: 'Of no time zone',
}

/** Of the name of a column, as `period_start_on`. */
function wordsOf(name: string): string {
  const words = name.replace(/_(?:on|at)$/, '').replaceAll('_', ' ')
  return WORDS[name] ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** Of a usage event: which bucket, tier or rate took what of it. */
function BecameButton({ cells }: Pick<Line, 'cells'>) {
  const setSearch = useSetSearch()
  const mayExplain = useMay('explain:read')
  const cellOf = (key: string) => cells.find(({ name }) => name === key)?.value
  const [event, source] = [cellOf('id'), cellOf('source')]
  if (!mayExplain || !event) return null
  return (
    <Button size="compact-sm" variant="default" onClick={() => setSearch({ event, source })}>
      What became of it
    </Button>
  )
}
