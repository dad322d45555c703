// What a view is narrowed to, as chips that can be taken off, and a way to add one: a dimension, then its key.

import { ActionIcon, Button, CloseButton, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilterPlus, IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import classes from './filter-chips.module.css'

/** `cost-centre=CC-100` in two; the key may hold anything. */
export function termOf(where: string): { readonly dimension: string; readonly key: string } {
  const at = where.indexOf('=')
  return at === -1 ? { dimension: where, key: '' } : { dimension: where.slice(0, at), key: where.slice(at + 1) }
}

export const labelOf = (dimension: string) => {
  const words = dimension.replaceAll(/[-_]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export type FilterChipsProps = {
  /** Dimensions that can be filtered by. */
  readonly dimensions: ReadonlyArray<string>
  /** Leaves out the box that searches the rows. */
  readonly hasSearch?: boolean
}

export function FilterChips({ dimensions, hasSearch = true }: FilterChipsProps) {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const terms = search.where ?? []
  const setTerms = (where: ReadonlyArray<string>) => setSearch({ where: where.length > 0 ? where : undefined })
  return (
    <Group gap="xs" mb="sm" role="group" aria-label="Filters">
      {hasSearch && <SearchBox />}
      {terms.map((term) => {
        const { dimension, key } = termOf(term)
        return (
          <span key={term} className={classes.chip}>
            <Text span size="sm">
              {labelOf(dimension)}: <b>{key === '' ? 'none' : key}</b>
            </Text>
            <CloseButton
              size="xs"
              aria-label={`Remove the filter ${labelOf(dimension)} ${key}`}
              onClick={() => setTerms(terms.filter((one) => one !== term))}
            />
          </span>
        )
      })}
      <AddFilter dimensions={dimensions} onAdd={(term) => setTerms([...new Set([...terms, term])])} />
      {terms.length > 1 && (
        <Button size="compact-sm" variant="subtle" onClick={() => setTerms([])}>
          Clear all
        </Button>
      )}
    </Group>
  )
}

/** Writes what is searched for into the address when Enter is pressed or the box is left. */
export function SearchBox({ label = 'Search rows' }: { readonly label?: string }) {
  const { q = '' } = useScreenSearch()
  const setSearch = useSetSearch()
  const set = (text: string) => {
    if (text !== q) setSearch({ q: text === '' ? undefined : text })
  }
  const input = useRef<HTMLInputElement>(null)
  // The box stays, and with it the focus of whoever pressed Enter in it; the address may change without it.
  useEffect(() => {
    if (input.current && input.current.value.trim() !== q) input.current.value = q
  }, [q])
  return (
    <TextInput
      ref={input}
      type="search"
      size="sm"
      aria-label={label}
      placeholder={label}
      defaultValue={q}
      leftSection={<IconSearch size={15} aria-hidden />}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') set(currentTarget.value.trim())
      }}
      onBlur={({ currentTarget }) => set(currentTarget.value.trim())}
    />
  )
}

type AddFilterProps = { readonly dimensions: ReadonlyArray<string>; readonly onAdd: (term: string) => void }

function AddFilter({ dimensions, onAdd }: AddFilterProps) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const [dimension, setDimension] = useState<string | null>(dimensions[0] ?? null)
  const [key, setKey] = useState('')
  const add = () => {
    if (dimension === null) return
    onAdd(`${dimension}=${key.trim()}`)
    setKey('')
    close()
  }
  return (
    <Popover opened={isOpen} onChange={(opened) => !opened && close()} trapFocus returnFocus withArrow>
      <Popover.Target>
        <ActionIcon variant="default" size="lg" aria-label="Add a filter" onClick={toggle}>
          <IconFilterPlus size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Select
            label="What"
            data={dimensions.map((value) => ({ value, label: labelOf(value) }))}
            value={dimension}
            onChange={setDimension}
            comboboxProps={{ withinPortal: false }}
            allowDeselect={false}
          />
          <TextInput
            label="Is"
            description="Its key; empty for none"
            value={key}
            onChange={({ currentTarget }) => setKey(currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && add()}
          />
          <Button size="sm" onClick={add}>
            Filter
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
