// The catalogue: what is sold, what it costs, who buys it. Each kind of document has its tab: the list, and the one that is chosen.
import { Button, Paper, Tabs, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../app/session.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import classes from './document/document.module.css'
import { DocumentList, useDocuments } from './document-list.tsx'
import { DocumentPanel } from './document-panel.tsx'
import { CATALOGUE, type CatalogueKind, kindOfTab } from './kinds.ts'

export function Screen() {
  const { tab, chosen, of } = useSearch({ strict: false })
  const navigate = useNavigate()
  const mayChange = useMay('configuration:change')
  const shown = kindOfTab(tab)
  const isNew = of === 'new' && mayChange
  const go = (search: { readonly chosen?: string; readonly of?: string }) =>
    void navigate({ to: '/catalogue', search: { tab: shown.tab, ...search } as never })
  return (
    <>
      <PageHeader
        title="Catalogue"
        summary={shown.summary}
        actions={
          mayChange && (
            <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => go({ of: 'new' })}>
              New {shown.one}
            </Button>
          )
        }
      />
      <Tabs
        value={shown.tab}
        onChange={(value) => navigate({ to: '/catalogue', search: { tab: value ?? undefined } as never })}
      >
        <Tabs.List mb="md" aria-label="Kinds of documents">
          {CATALOGUE.map((one) => (
            <Tabs.Tab key={one.tab} value={one.tab}>
              {one.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {CATALOGUE.map((one) => (
          <Tabs.Panel key={one.tab} value={one.tab}>
            {one === shown && (
              <div className={classes.sides}>
                <Paper withBorder p="sm">
                  <DocumentList shown={shown} />
                </Paper>
                <div>
                  {isNew || chosen !== undefined ? (
                    <DocumentPanel
                      key={`${shown.kind} ${isNew ? '' : chosen}`}
                      shown={shown}
                      name={isNew ? null : (chosen ?? null)}
                    />
                  ) : (
                    <NoneChosen shown={shown} mayChange={mayChange} />
                  )}
                </div>
              </div>
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

type NoneChosenProps = { readonly shown: CatalogueKind; readonly mayChange: boolean }

/** Where there is none yet, or none can be had, nobody is asked to choose one. */
function NoneChosen({ shown, mayChange }: NoneChosenProps) {
  const { data, isError } = useDocuments(shown, '')
  // The list beside it says what went wrong.
  if (isError) return null
  const isNone = data?.pages[0]?.items.length === 0
  const first = { label: `New ${shown.one}`, to: '/catalogue', search: { tab: shown.tab, of: 'new' } }
  return (
    <EmptyState
      title={isNone ? `No ${shown.one} yet` : `Choose ${shown.anyOne}`}
      {...(isNone ? (mayChange ? { action: first } : {}) : { why: 'no-choice' })}
    >
      <Text size="sm">{shown.summary}</Text>
    </EmptyState>
  )
}
