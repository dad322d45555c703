// Forms of documents that say little: service types, base buckets, the provider, plans of accounts.
import { Alert, SimpleGrid, Stack } from '@mantine/core'
import { textAt } from '../document/body.ts'
import { ClassesField } from '../document/classes-field.tsx'
import { FixedField, NameField, TextField } from '../document/fields.tsx'
import { useFoundAccounts, useFoundNames } from '../document/names.ts'
import { useDraft } from '../document/use-draft.ts'
import { NameFields } from './name-fields.tsx'

export function NamedForm() {
  return <NameFields />
}

export function BaseBucketForm() {
  return (
    <Stack>
      <NameFields />
      <ClassesField at={['accepts']} />
    </Stack>
  )
}

export function AccountSharePlanForm() {
  const { isNew, body } = useDraft()
  const accounts = useFoundAccounts()
  const plans = useFoundNames('SharePlan')
  const until = (
    <TextField
      at={['until']}
      label="Until"
      description="From then on no longer; leave it empty while it has it"
      placeholder="2026-12-01"
    />
  )
  if (!isNew)
    return (
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <FixedField
            label="Account"
            value={textAt(body, ['account'])}
            why="To change it, add it to the other account"
          />
          <FixedField
            label="Share plan"
            value={textAt(body, ['plan'])}
            why="To change it, end this and add the other"
          />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <FixedField label="From" value={textAt(body, ['from'])} why="Usage before it is not shared" />
          {until}
        </SimpleGrid>
      </Stack>
    )
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NameField at={['account']} label="Account" {...accounts} isRequired />
        <NameField at={['plan']} label="Share plan" {...plans} isRequired />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextField
          at={['from']}
          label="From"
          description="A day, or an instant such as 2026-10-15T12:00:00Z"
          placeholder="2026-12-01"
          isRequired
        />
        {until}
      </SimpleGrid>
      <Alert variant="outline" color="indigo">
        Only an active share plan can be added to an account.
      </Alert>
    </Stack>
  )
}
