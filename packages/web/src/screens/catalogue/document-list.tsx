// The documents of a kind, narrowed by what is typed. The rows in sight alone are in the page, as many as there may be.
import { Badge, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { client } from '../../api/client.ts'
import { itemsOf, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { FailureState, LoadingState } from '../../components/states.tsx'
import classes from './document/document.module.css'
import type { Heading } from './document/names.ts'
import type { CatalogueKind } from './kinds.ts'

const ROW_HEIGHT = 48
const PAGE_ROWS = 200
const SEARCH_AFTER_MS = 200

/** Of a kind, those whose name has the text; asked for once, whoever of a screen asks. */
export function useDocuments(shown: CatalogueKind, text: string) {
  return usePages(['listDocuments', shown.kind, text], (cursor, signal) =>
    client.ask('listDocuments', {
      query: { kind: shown.kind, text, limit: PAGE_ROWS, sort: 'name', ...cursor },
      signal,
    }),
  )
}

export function DocumentList({ shown }: { readonly shown: CatalogueKind }) {
  const { q = '' } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const [settled] = useDebouncedValue(q, SEARCH_AFTER_MS)
  const text = settled.slice(0, 200)
  const documents = useDocuments(shown, text)
  const rows = useMemo(() => itemsOf(documents.data), [documents.data])
  if (documents.isError) return <FailureState error={documents.error} onRetry={() => documents.refetch()} />
  return (
    <Stack gap="xs">
      <TextInput
        type="search"
        size="sm"
        aria-label={`Find ${shown.anyOne}`}
        placeholder="Find"
        leftSection={<IconSearch size={15} aria-hidden />}
        value={q}
        onChange={({ currentTarget: { value } }) =>
          setSearch({ q: value === '' ? undefined : value }, { replaces: true })
        }
      />
      {!documents.data ? (
        <LoadingState rows={5} />
      ) : rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {q === '' ? `No ${shown.one} yet.` : 'Nothing of that name.'}
        </Text>
      ) : (
        <Rows
          rows={rows}
          shown={shown}
          hasMore={documents.hasNextPage}
          onEnd={() => {
            if (documents.hasNextPage && !documents.isFetchingNextPage) void documents.fetchNextPage()
          }}
        />
      )}
    </Stack>
  )
}

type RowsProps = {
  readonly rows: ReadonlyArray<Heading>
  readonly shown: CatalogueKind
  readonly hasMore: boolean
  readonly onEnd: () => void
}

function Rows({ rows, shown, hasMore, onEnd }: RowsProps) {
  const { chosen, q } = useSearch({ strict: false })
  const format = useFormat()
  const frame = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  const isAtEnd = hasMore && last >= rows.length - 20
  useEffect(() => {
    if (isAtEnd) onEnd()
  }, [isAtEnd, onEnd])
  return (
    <>
      <nav ref={frame} className={classes.list} aria-label={shown.title}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const { name, label, version } = rows[index] as Heading
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                data-chosen={name === chosen || undefined}
                className={classes.entry}
                style={{ position: 'absolute', top: start, left: 0, right: 0, minHeight: ROW_HEIGHT }}
              >
                <Link
                  to="/catalogue"
                  search={{ tab: shown.tab, chosen: name, ...(q === undefined ? {} : { q }) } as never}
                  aria-current={name === chosen ? 'true' : undefined}
                >
                  <Text size="sm" fw={500} lh={1.3}>
                    {label === '' ? name : label}
                  </Text>
                  {label !== '' && (
                    <Text size="xs" c="dimmed" lh={1.3}>
                      {name}
                    </Text>
                  )}
                </Link>
                <Badge size="xs" variant="light" color="gray" tt="none" aria-label={`version ${version}`}>
                  v{version}
                </Badge>
              </div>
            )
          })}
        </div>
      </nav>
      <Text size="xs" c="dimmed" role="status">
        {hasMore ? 'The first ' : ''}
        {format.count(rows.length)} {rows.length === 1 ? shown.one : shown.title.toLowerCase()}
      </Text>
    </>
  )
}
