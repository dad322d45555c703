// Fields that policies have and other documents have not: names that need not be known, days, several words of a few.
import { MultiSelect, TagsInput, TextInput } from '@mantine/core'
import { type Choice, type FieldProps, useField } from '../catalogue/document/fields.tsx'

/** Names of anything; those that are known are offered. */
export function TagsField({ names, ...props }: FieldProps & { readonly names: ReadonlyArray<string> }) {
  const { value, set, shown } = useField(props)
  const chosen = wordsOf(value)
  return (
    <TagsInput
      {...shown}
      data={[...names]}
      value={chosen}
      limit={100}
      splitChars={[',', ';']}
      placeholder={chosen.length === 0 ? (props.placeholder ?? '') : ''}
      clearable={!shown.readOnly}
      clearButtonProps={{ 'aria-label': `No ${props.label.toLowerCase()}` }}
      onChange={(next) => set(next)}
    />
  )
}

export function WordsField({ choices, ...props }: FieldProps & { readonly choices: ReadonlyArray<Choice> }) {
  const { value, set, shown } = useField(props)
  const chosen = wordsOf(value)
  return (
    <MultiSelect
      {...shown}
      data={[...choices]}
      value={chosen}
      placeholder={chosen.length === 0 ? 'Any' : ''}
      onChange={(next) => set(next.length > 0 ? next : undefined)}
    />
  )
}

/** A document may name one word without a list around it. */
const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []

export function DayField(props: FieldProps) {
  const { text, set, shown } = useField(props)
  return (
    <TextInput
      {...shown}
      type="date"
      value={text}
      onChange={({ currentTarget }) => set(currentTarget.value === '' ? undefined : currentTarget.value)}
    />
  )
}
