// Every policy, what pools have that none of them is for, and a new one to begin.
import { Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useAsk } from '../../api/use-ask.ts'
import { useGo, useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import type { Body } from '../catalogue/document/body.ts'
import { DocumentEditor } from '../catalogue/document/document-editor.tsx'
import { DefaultPolicies } from './default-policies.tsx'
import { DEFAULTS, documentOfDefault } from './policy-defaults.ts'
import { PolicyList } from './policy-list.tsx'
import { PolicyPanel } from './policy-panel.tsx'

export function Screen() {
  const here = useScreenSearch()
  const mayChange = useMay('configuration:change')
  const go = useGo()
  if (here.of === 'new' && mayChange) return <NewPolicy />
  return (
    <>
      <PageHeader
        title="Policies"
        summary="How the cost of pools is shared among their members"
        actions={
          mayChange && (
            <Button
              size="sm"
              leftSection={<IconPlus size={16} />}
              onClick={() => go('/policies', { ...keepPeriod(here), of: 'new' })}
            >
              New policy
            </Button>
          )
        }
      />
      <PolicyList />
      <DefaultPolicies />
    </>
  )
}

const EMPTY: Body = {
  ...{ kind: 'AllocationPolicy', name: '', 'applies-to': { pools: [] } },
  components: [{ name: 'access', charges: [{ category: 'access' }], method: 'prorated' }],
}

/** From nothing, from a default, or from another policy. */
function NewPolicy() {
  const { key, chosen } = useScreenSearch()
  const navigate = useNavigate()
  const params = { kind: 'AllocationPolicy', name: key ?? '' }
  const copied = useAsk('getDocument', { params }, { isReady: key !== undefined })
  const begun = DEFAULTS.find(({ usageType }) => usageType === chosen)
  const initial: Body = copied.data
    ? { ...copied.data.body, name: '', 'applies-to': { pools: [] } }
    : begun
      ? documentOfDefault(begun.usageType)
      : EMPTY
  return (
    <>
      <PageHeader title="New policy" crumbs={[{ label: 'Policies', to: '/policies' }]} />
      {copied.isError ? (
        <FailureState error={copied.error} />
      ) : key !== undefined && !copied.data ? (
        <LoadingState />
      ) : (
        <>
          {(key ?? begun) !== undefined && (
            <Text size="sm" mb="sm">
              {key === undefined ? `It begins as the default for ${begun?.title.toLowerCase()}.` : `A copy of ${key}.`}{' '}
              Name it, and say which pools it is for.
            </Text>
          )}
          <DocumentEditor
            kind="AllocationPolicy"
            name={null}
            initial={initial}
            leavesBy={['of']}
            onSaved={({ name }) =>
              void navigate({
                to: `/policies/${encodeURIComponent(name)}`,
                search: keepPeriod as never,
                ignoreBlocker: true,
              })
            }
          >
            <PolicyPanel />
          </DocumentEditor>
        </>
      )}
    </>
  )
}
