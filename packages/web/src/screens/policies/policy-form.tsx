// Everything that a policy says: which pools it is for, and how each component of their cost is shared.
import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { listAt, textAt, valueAt } from '../catalogue/document/body.ts'
import {
  ChoiceField,
  FixedField,
  LongTextField,
  OpenNameField,
  OptionalChoiceField,
  TextField,
} from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { ComponentFields } from './component-fields.tsx'
import { useKnownNames } from './known-names.ts'
import { DayField, TagsField } from './policy-fields.tsx'
import { MODEL_CHOICES, PARTIAL_PERIOD_CHOICES, TAX_CHOICES, USAGE_CHOICES } from './policy-words.ts'

export function PolicyForm() {
  const { name } = useDraft()
  return (
    <Stack>
      {name === null ? (
        <TextField at={['name']} label="Name" isRequired />
      ) : (
        <FixedField label="Name" value={name} why="Runs know it by this name" />
      )}
      <LongTextField at={['description']} label="Description" />
      <TargetFields />
      <Components />
      <WholePolicyFields />
    </Stack>
  )
}

/** By name or by kind, never both. */
function TargetFields() {
  const { body, set, isReadOnly, issues } = useDraft()
  const { pools, vendors } = useKnownNames()
  const isByName = valueAt(body, ['applies-to', 'pools']) !== undefined
  const error = issues.find(({ path }) => path === 'applies-to')?.message
  return (
    <section aria-labelledby="applies-to">
      <Title order={3} size="h5" id="applies-to" mb="xs">
        Which pools
      </Title>
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="How its pools are named"
          disabled={isReadOnly}
          data={[
            { value: 'name', label: 'By name' },
            { value: 'kind', label: 'By kind' },
          ]}
          value={isByName ? 'name' : 'kind'}
          onChange={(value) => set(['applies-to'], value === 'name' ? { pools: [] } : {})}
        />
        {isByName ? (
          <TagsField at={['applies-to', 'pools']} label="Pools" names={pools} isRequired placeholder="Name pools" />
        ) : (
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <OptionalChoiceField
              at={['applies-to', 'model']}
              label="Model"
              choices={MODEL_CHOICES}
              nothing="Any model"
            />
            <OptionalChoiceField
              at={['applies-to', 'usage-type']}
              label="Usage type"
              choices={USAGE_CHOICES}
              nothing="Any usage"
            />
            <OpenNameField
              at={['applies-to', 'vendor']}
              label="Vendor"
              names={vendors.map((value) => ({ value, label: value }))}
            />
          </SimpleGrid>
        )}
        {error !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {error}
          </Text>
        )}
      </Stack>
    </section>
  )
}

function Components() {
  const { body, set, isReadOnly } = useDraft()
  const components = listAt(body, ['components'])
  const add = () => set(['components'], [...components, { name: '', charges: [{ category: 'overage' }] }])
  return (
    <section aria-labelledby="components">
      <Title order={3} size="h5" id="components">
        Components
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Each takes some of the charges and shares their sum. A charge goes to the first that takes it; what none takes
        stays where the vendor put it.
      </Text>
      <Stack gap="sm">
        {components.map((_, index) => (
          <ComponentFields key={`component ${index}`} index={index} components={components} />
        ))}
        {!isReadOnly && (
          <Group>
            <Button size="sm" variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
              Add a component
            </Button>
          </Group>
        )}
      </Stack>
    </section>
  )
}

function WholePolicyFields() {
  const { body } = useDraft()
  const { costCentres } = useKnownNames()
  const needsCentre = listAt(body, ['components']).some((component) => textAt(component, ['unused']) === 'central')
  return (
    <section aria-labelledby="whole-policy">
      <Title order={3} size="h5" id="whole-policy" mb="xs">
        For all components
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <ChoiceField
          at={['partial-period']}
          label="Part-month members"
          choices={PARTIAL_PERIOD_CHOICES}
          fallback="full"
        />
        <ChoiceField at={['taxes']} label="Taxes and surcharges" choices={TAX_CHOICES} fallback="retained" />
        <OpenNameField
          at={['central-cost-centre']}
          label="Central cost centre"
          description="Carries capacity that nobody used"
          isRequired={needsCentre}
          names={costCentres.map((value) => ({ value, label: value }))}
        />
        <TextField
          at={['currency']}
          label="Currency of floors and caps"
          description="Where its pools have several"
          placeholder="USD"
        />
        <DayField at={['from']} label="From" description="Left empty: ever since" />
        <DayField at={['until']} label="Until" description="The first day that it is not in force" />
      </SimpleGrid>
    </section>
  )
}
