// Ctrl+K: go to a screen by its name, or look a service, person or cost centre up.
import { rem } from '@mantine/core'
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useAsk } from '../api/use-ask.ts'
import { keepPeriod } from '../components/page-header.tsx'
import { GO_TO_KEYS } from './go-to-keys.ts'
import { NAVIGATION } from './navigation.ts'
import { useMe } from './session.tsx'

const [store, spotlight] = createSpotlight()

export function GoTo() {
  const [query, setQuery] = useState('')
  const navigate = useNavigate()
  const { permissions } = useMe()
  useEffect(() => {
    // It is loaded when somebody asks for it.
    spotlight.open()
    document.addEventListener('spillway:go-to', spotlight.open)
    return () => document.removeEventListener('spillway:go-to', spotlight.open)
  }, [])
  const screens: SpotlightActionData[] = NAVIGATION.flatMap(({ destinations }) => destinations)
    .filter(({ needs }) => needs === undefined || permissions.includes(needs))
    .map(({ to, label, words, icon: Icon }) => ({
      id: to,
      label,
      keywords: words ?? '',
      leftSection: <Icon size={18} aria-hidden />,
      onClick: () => navigate({ to, search: keepPeriod }),
    }))
  const found = useFound(query)
  return (
    <Spotlight
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={GO_TO_KEYS}
      nothingFound="Nothing has this name"
      highlightQuery
      limit={12}
      lockScroll={false}
      searchProps={{
        leftSection: <IconSearch size={rem(18)} aria-hidden />,
        placeholder: 'Screen, service, person, cost centre',
      }}
      actions={[...screens, ...found]}
    />
  )
}

function useFound(query: string): SpotlightActionData[] {
  const navigate = useNavigate()
  const text = query.trim()
  const isReady = text.length >= 2
  const ask = { query: { text, limit: 4 } }
  const people = useAsk('listPeople', ask, { isReady, keepsPrevious: true })
  const services = useAsk('listServices', ask, { isReady, keepsPrevious: true })
  const centres = useAsk('listCostCentres', ask, { isReady, keepsPrevious: true })
  if (!isReady) return []
  const once = new Set<string>()
  const action = ({ id, label, description, to }: { id: string; label: string; description: string; to: string }) => {
    if (once.has(id)) return []
    once.add(id)
    return [{ id, label, description, keywords: text, onClick: () => navigate({ to, search: keepPeriod as never }) }]
  }
  const at = (kind: string, key: string) => `/${kind}/${encodeURIComponent(key)}`
  return [
    ...(people.data?.items ?? []).flatMap(({ employee: person, name }) =>
      action({
        id: `person ${person}`,
        label: name === '' ? person : name,
        description: `Person ${person}`,
        to: at('people', person),
      }),
    ),
    ...(services.data?.items ?? []).flatMap(({ service }) =>
      action({ id: `service ${service}`, label: service, description: 'Service', to: at('services', service) }),
    ),
    ...(centres.data?.items ?? []).flatMap(({ cost_centre: key, name }) =>
      action({
        id: `centre ${key}`,
        label: name === '' ? key : name,
        description: `Cost centre ${key}`,
        to: at('cost-centres', key),
      }),
    ),
  ]
}
