// A bucket by itself: on each service of the products that name it, or on an account.
import { Fieldset, Group, SegmentedControl, Stack } from '@mantine/core'
import { LifeFields, UsageOfBucket, useUsageType } from '../document/bucket-fields.tsx'
import { NameField, QuantityField, SwitchField, WholeNumberField } from '../document/fields.tsx'
import { useFoundAccounts } from '../document/names.ts'
import { useDraft } from '../document/use-draft.ts'
import { NameFields } from './name-fields.tsx'

export function BucketForm() {
  const { body } = useDraft()
  const usageType = useUsageType(body)
  return (
    <Stack>
      <NameFields />
      <UsageOfBucket at={[]} bucket={body} />
      <Group align="flex-start">
        <QuantityField
          at={['amount']}
          label="Amount"
          description="in each period of its life"
          usageType={usageType}
          isRequired
          width={220}
        />
        <WholeNumberField
          at={['priority']}
          label="Priority"
          description="the lowest is drawn first"
          placeholder="100"
          width={180}
        />
      </Group>
      <LifeFields at={[]} bucket={body} />
      <PlaceFields />
    </Stack>
  )
}

function PlaceFields() {
  const { body, set, isReadOnly } = useDraft()
  const accounts = useFoundAccounts()
  const isOnAccount = body.on !== undefined
  return (
    <Fieldset legend="Where it is">
      <Stack gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Where it is"
          readOnly={isReadOnly}
          data={[
            { value: 'account', label: 'On an account' },
            { value: 'service', label: 'On each service of products that name it' },
          ]}
          value={isOnAccount ? 'account' : 'service'}
          onChange={(value) => set(['on'], value === 'account' ? { account: '' } : undefined)}
        />
        {isOnAccount && (
          <>
            <NameField at={['on', 'account']} label="Account" {...accounts} isRequired width={360} />
            <SwitchField at={['on', 'shared-to-children']} label="Shared with the accounts below it" />
          </>
        )}
      </Stack>
    </Fieldset>
  )
}
