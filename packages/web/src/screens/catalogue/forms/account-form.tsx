// An account: where it stands in the tree, what it is billed in and when, and how its bill looks.
import { Fieldset, Group, SimpleGrid, Stack, Textarea } from '@mantine/core'
import { valueAt } from '../document/body.ts'
import {
  type Choice,
  NameField,
  OptionalChoiceField,
  PriceField,
  TextField,
  WholeNumberField,
} from '../document/fields.tsx'
import { type FoundNames, useFoundAccounts } from '../document/names.ts'
import { useDraft } from '../document/use-draft.ts'
import { NameFields } from './name-fields.tsx'

const SECTIONS: ReadonlyArray<Choice> = [
  { value: 'service', label: 'By service' },
  { value: 'user-id', label: 'By user id' },
  { value: 'cost-centre', label: 'By cost centre' },
  { value: 'project', label: 'By project' },
]

export function AccountForm() {
  const { name } = useDraft()
  const [parents, invoicers] = [useFoundAccounts(), useFoundAccounts()]
  const othersOf = ({ names, onSearch }: FoundNames) => ({
    names: names.filter(({ value }) => value !== name),
    onSearch,
  })
  return (
    <Stack>
      <NameFields />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NameField at={['parent']} label="Below" description="Its parent in the tree" {...othersOf(parents)} />
        <NameField
          at={['usage-invoicer']}
          label="Usage invoicer"
          description="Whose bill its usage is on; its own if none"
          {...othersOf(invoicers)}
        />
      </SimpleGrid>
      <Group align="flex-start">
        <TextField at={['currency']} label="Currency" description="ISO 4217" placeholder="EUR" isRequired width={140} />
        <TextField
          at={['time-zone']}
          label="Time zone"
          description="UTC if left out"
          placeholder="Europe/Berlin"
          width={240}
        />
        <WholeNumberField
          at={['cycle-day']}
          label="Cycle day"
          description="on which a period begins"
          placeholder="1"
          width={170}
        />
        <PriceField at={['minimum']} label="Minimum bill" description="before adjustments" width={170} />
      </Group>
      <Fieldset legend="Its bill">
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <OptionalChoiceField at={['bill', 'sections']} label="Sections" choices={SECTIONS} nothing="As usual" />
            <TextField at={['bill', 'name']} label="Name on the bill" description="Its own name if left out" />
          </SimpleGrid>
          <AddressField />
        </Stack>
      </Fieldset>
    </Stack>
  )
}

/** As many lines as stand on the bill. */
function AddressField() {
  const { body, set, isReadOnly, issues } = useDraft()
  const lines = valueAt(body, ['bill', 'address'])
  const error = issues.find(({ path }) => path.startsWith('bill.address'))?.message
  return (
    <Textarea
      label="Address"
      description="At most eight lines"
      autosize
      minRows={3}
      maxRows={8}
      readOnly={isReadOnly}
      {...(error === undefined ? {} : { error })}
      value={Array.isArray(lines) ? lines.join('\n') : ''}
      onChange={({ currentTarget: { value } }) =>
        set(['bill', 'address'], value === '' ? undefined : value.split('\n'))
      }
    />
  )
}
