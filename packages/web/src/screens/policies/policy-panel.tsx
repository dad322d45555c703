// One policy: its form with who would pay beside it, its text, where it is used, its versions.
import { Button, CopyButton, Grid, Group, Paper, Stack, Tabs, Text } from '@mantine/core'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { DocumentText } from '../catalogue/document/differences.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { PolicyVersions } from './policy-changes.tsx'
import { PolicyDivided } from './policy-divided.tsx'
import { PolicyForm } from './policy-form.tsx'
import { toYaml } from './policy-text.ts'
import { WhatIfPanel } from './what-if.tsx'

export function PolicyPanel() {
  const { isNew } = useDraft()
  const { panel } = useScreenSearch()
  const setSearch = useSetSearch()
  const tabs = TABS.filter(({ isOfSaved }) => !(isNew && isOfSaved))
  const shown = tabs.find(({ value }) => value === panel)?.value ?? 'form'
  return (
    <Tabs
      value={shown}
      keepMounted={false}
      onChange={(value) => setSearch({ panel: value === 'form' ? undefined : (value ?? undefined), sort: undefined })}
    >
      <Tabs.List mb="md" aria-label="Of this policy">
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, Content }) => (
        <Tabs.Panel key={value} value={value}>
          <Content />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

function FormAndWhatIf() {
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Paper withBorder p="md">
          <PolicyForm />
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <div style={{ position: 'sticky', top: 76 }}>
          <WhatIfPanel />
        </div>
      </Grid.Col>
    </Grid>
  )
}

/** As it stands in the form, saved or not. */
function PolicyText() {
  const { body } = useDraft()
  const text = toYaml(body)
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          As it stands in the form, to keep in a file and apply with <code>spillway apply -f</code>.
        </Text>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <DocumentText text={text} label="The policy in YAML" />
    </Stack>
  )
}

const TABS = [
  { value: 'form', label: 'What it says', Content: FormAndWhatIf, isOfSaved: false },
  { value: 'yaml', label: 'YAML', Content: PolicyText, isOfSaved: false },
  { value: 'uses', label: 'Where it is used', Content: PolicyDivided, isOfSaved: true },
  { value: 'versions', label: 'Versions', Content: PolicyVersions, isOfSaved: true },
] as const
