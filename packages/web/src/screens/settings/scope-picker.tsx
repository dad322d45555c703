// Which account, cost centre or person a role is of: looked for by key or name.
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { ScopeKind } from '@spillway/server/contract'
import { useState } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { SCOPE_NAME } from './grant-words.ts'

export type ScopePickerProps = {
  readonly kind: Exclude<ScopeKind, 'tenant'>
  readonly value: string
  readonly onChange: (key: string) => void
}

const WAIT_MS = 200
const SHOWN = 50

export function ScopePicker({ kind, value, onChange }: ScopePickerProps) {
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text, WAIT_MS)
  const found = useKeys(kind, asked)
  const chosen = value !== '' && !found.some((one) => one.value === value) ? [{ value, label: value }] : []
  return (
    <Select
      label={SCOPE_NAME[kind]}
      description="With what is below it, where it has a tree"
      placeholder="Key or name"
      required
      searchable
      // The server has looked already.
      filter={({ options }) => options}
      data={[...chosen, ...found]}
      value={value === '' ? null : value}
      onChange={(key) => onChange(key ?? '')}
      onSearchChange={setText}
      nothingFoundMessage="Nothing has that key or name"
    />
  )
}

type Option = { readonly value: string; readonly label: string }

function useKeys(kind: ScopePickerProps['kind'], text: string): ReadonlyArray<Option> {
  // What is chosen stands in the box as "KEY, name".
  const asked = text.split(', ')[0] ?? ''
  const question = { query: { limit: SHOWN, ...(asked === '' ? {} : { text: asked }) } }
  const options = { keepsPrevious: true }
  const accounts = useAsk('listAccounts', question, { ...options, isReady: kind === 'account' })
  const centres = useAsk('listCostCentres', question, { ...options, isReady: kind === 'cost-centre' })
  const people = useAsk('listPeople', question, { ...options, isReady: kind === 'person' })
  switch (kind) {
    case 'account':
      return once(accounts.data?.items.map(({ account, name }) => optionOf(account, name)))
    case 'cost-centre':
      return once(centres.data?.items.map(({ cost_centre, name }) => optionOf(cost_centre, name)))
    case 'person':
      return once(people.data?.items.map(({ employee, name }) => optionOf(employee, name)))
  }
}

const optionOf = (value: string, name: string): Option => ({ value, label: name === '' ? value : `${value}, ${name}` })

/** A person has a row for each time that something of them changed; the last one counts. */
const once = (options: ReadonlyArray<Option> = []) => [...new Map(options.map((one) => [one.value, one])).values()]
