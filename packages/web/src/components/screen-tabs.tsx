// Tabs whose choice is in the address; the first is shown where it names none.
import { Tabs } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useScreenSearch, useSetSearch } from '../app/go.ts'

export type ScreenTab = { readonly value: string; readonly label: string; readonly content: ReactNode }

export function ScreenTabs({ tabs, label }: { readonly tabs: ReadonlyArray<ScreenTab>; readonly label: string }) {
  const { tab } = useScreenSearch()
  const setSearch = useSetSearch()
  const shown = tabs.find(({ value }) => value === tab) ?? tabs[0]
  const list = useRef<HTMLDivElement>(null)
  const chosen = shown?.value
  // In a small window the tabs scroll, and the address may name one that is out of sight.
  useEffect(() => {
    if (chosen !== undefined) list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  if (!shown) return null
  return (
    <Tabs
      value={shown.value}
      onChange={(value) =>
        setSearch({ tab: value === tabs[0]?.value ? undefined : (value ?? undefined), sort: undefined })
      }
      keepMounted={false}
    >
      <Tabs.List ref={list} aria-label={label} mb="md">
        {tabs.map(({ value, label: name }) => (
          <Tabs.Tab key={value} value={value}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
