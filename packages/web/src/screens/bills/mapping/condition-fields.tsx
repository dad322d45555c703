// Which rows: those whose column has one of some values, or none of them.
import { Group, Select, TagsInput, Text } from '@mantine/core'
import type { Preview } from './preview.ts'
import { type Conditions, conditionsOf, simpleCondition } from './source-body.ts'

export type ConditionFieldsProps = {
  readonly label: string
  readonly when: Conditions | undefined
  readonly onWhen: (when: Conditions | undefined) => void
  readonly preview: Preview
  /** Whether there may be none. */
  readonly isOptional: boolean
}

const ALL = '= all'

export function ConditionFields({ label, when, onWhen, preview, isOptional }: ConditionFieldsProps) {
  const simple = simpleCondition(when)
  if (when !== undefined && Object.keys(when).length > 0 && simple === null)
    return <Text size="xs">By a condition that is written in the document itself; it is kept.</Text>
  const titles = [...new Set(preview.columns.map(({ title }) => title))].filter((title) => title !== '')
  const at = preview.columns.findIndex(({ title }) => title === simple?.column)
  const values =
    at === -1 ? [] : [...new Set(preview.rawRows.map((cells) => cells[at] ?? ''))].filter((one) => one !== '')
  return (
    <Group gap="xs" align="flex-end">
      <Select
        size="xs"
        label={label}
        data={[...(isOptional ? [{ value: ALL, label: 'All rows' }] : []), ...titles]}
        value={simple?.column ?? (isOptional ? ALL : null)}
        allowDeselect={false}
        onChange={(column) =>
          onWhen(
            column === null || column === ALL
              ? undefined
              : conditionsOf({ column, isNot: simple?.isNot ?? false, values: [] }),
          )
        }
      />
      {simple && (
        <>
          <Select
            size="xs"
            w={110}
            aria-label={`${label}: is or is not`}
            data={[
              { value: 'is', label: 'is' },
              { value: 'not', label: 'is not' },
            ]}
            value={simple.isNot ? 'not' : 'is'}
            allowDeselect={false}
            onChange={(chosen) => onWhen(conditionsOf({ ...simple, isNot: chosen === 'not' }))}
          />
          <TagsInput
            size="xs"
            miw={220}
            aria-label={`${label}: values`}
            placeholder="a value"
            data={values}
            value={[...simple.values]}
            onChange={(chosen) => onWhen(conditionsOf({ ...simple, values: chosen }))}
          />
        </>
      )}
    </Group>
  )
}
