// A product: how its usage is priced, which buckets come with it, what it costs whether it is used or not.
import { Fieldset, Group, SimpleGrid, Stack } from '@mantine/core'
import { textAt } from '../document/body.ts'
import { ChoiceField, NameField, NamesField, OpenNameField, PriceField } from '../document/fields.tsx'
import { useFoundNames, useServiceTypeNames } from '../document/names.ts'
import { useDraft } from '../document/use-draft.ts'
import { NameFields } from './name-fields.tsx'

const RECURRING_CHOICES = [
  { value: 'advance', label: 'In advance' },
  { value: 'arrears', label: 'In arrears' },
]

export function ProductForm() {
  const { body } = useDraft()
  const types = useServiceTypeNames()
  const ratePlans = useFoundNames('RatePlan')
  const buckets = useFoundNames('Bucket')
  const hasRecurring = textAt(body, ['recurring', 'amount']) !== ''
  return (
    <Stack>
      <NameFields />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <OpenNameField
          at={['service-type']}
          label="Service type"
          description="One there is, or a new one"
          names={types}
          isRequired
        />
        <NameField at={['rate-plan']} label="Rate plan" description="Prices what no bucket covers" {...ratePlans} />
      </SimpleGrid>
      <NamesField
        at={['buckets']}
        label="Buckets on each service"
        description="Drawn before anything that is shared"
        {...buckets}
      />
      <Fieldset legend="Recurring charge">
        <Group align="flex-start">
          <PriceField at={['recurring', 'amount']} label="Amount per billing period" width={220} />
          {hasRecurring && (
            <ChoiceField
              at={['recurring', 'in']}
              label="Billed"
              choices={RECURRING_CHOICES}
              fallback="advance"
              width={180}
            />
          )}
        </Group>
      </Fieldset>
      <PriceField
        at={['minimum']}
        label="Minimum"
        description="What the usage of each service comes to at least in a billing period"
        width={220}
      />
    </Stack>
  )
}
