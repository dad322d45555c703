// The fields of a share plan as a whole.
import { Fieldset, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { textAt } from '../catalogue/document/body.ts'
import {
  type Choice,
  ChoiceField,
  FixedField,
  LongTextField,
  NameField,
  SwitchField,
  TextField,
  WholeNumberField,
} from '../catalogue/document/fields.tsx'
import { useFoundNames } from '../catalogue/document/names.ts'
import { useDraft } from '../catalogue/document/use-draft.ts'

const LEVELS: ReadonlyArray<Choice> = [
  { value: 'account', label: 'The services of the account' },
  { value: 'usage-invoicer', label: 'Its services, and those of every account whose usage it invoices' },
]

const UNITS: ReadonlyArray<Choice> = [
  { value: 'day', label: 'days' },
  { value: 'week', label: 'weeks' },
  { value: 'month', label: 'months' },
  { value: 'year', label: 'years' },
]

export function PlanForm() {
  const { body, set } = useDraft()
  const products = useFoundNames('Product')
  const chooseUnit = (unit: string) => set(['usage-billing'], { every: 1, ...(body['usage-billing'] as object), unit })
  const hasBilling = body['usage-billing'] !== undefined
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <FixedField
          label="Id"
          value={textAt(body, ['id'])}
          why="Accounts and closed months know it by this; it stays"
        />
        <TextField at={['name']} label="Name" description="On screens, and on bills" isRequired />
      </SimpleGrid>
      <LongTextField at={['description']} label="Description" />
      <ChoiceField at={['share-level']} label="Who shares" choices={LEVELS} fallback="account" />
      <NameField
        at={['selling-product']}
        label="Selling product"
        description="Adding it to an account gives the account this plan, at once; none: the plan is added by hand"
        {...products}
      />
      <Fieldset legend="Usage billing">
        <Text size="sm" c="dimmed" mb="xs">
          How often usage that no bucket covers is billed, and buckets are filled again.
        </Text>
        <Group align="flex-end" gap="sm">
          {hasBilling ? (
            <WholeNumberField at={['usage-billing', 'every']} label="Every" placeholder="1" width={90} />
          ) : (
            <FixedField label="Every" value="1" why="unless said" />
          )}
          <ChoiceField
            at={['usage-billing', 'unit']}
            label="Unit"
            choices={UNITS}
            fallback="month"
            onChoose={chooseUnit}
            width={140}
            isRequired
          />
        </Group>
      </Fieldset>
      <SwitchField at={['show-on-bills']} label="Name and description stand on bills" fallback />
      <SwitchField
        at={['prorate-contributions']}
        label="Contributions count by day"
        description="Otherwise a service that was there on any day of the period contributes all of it"
      />
    </Stack>
  )
}
