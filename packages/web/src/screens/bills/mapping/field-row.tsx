// Where one column of a fact comes from: a column of the file, the same in every row, or put together of several.
import { Checkbox, Select, Stack, Text, TextInput } from '@mantine/core'
import { memo, type ReactNode } from 'react'
import classes from '../bills.module.css'
import { AMOUNTS, labelOfField, NUMBERS_OF_PHONES, WORDS } from './fact-shapes.ts'
import type { Preview } from './preview.ts'
import { columnField, type FieldSteps, originOf, type Place, type SourceField } from './source-body.ts'
import { WordMap } from './word-map.tsx'

export type FieldRowProps = {
  readonly emission: number | null
  readonly name: string
  readonly field: SourceField | undefined
  readonly onField: (place: Place, field: SourceField | undefined) => void
  readonly preview: Preview
  readonly isRequired: boolean
}

const VALUE = '= value'
const TEMPLATE = '= template'
const NONE = '= none'

/** Drawn again for a change of its own alone: a table has many, and each has a list of the columns. */
export const FieldRow = memo(DrawnFieldRow)

function DrawnFieldRow({ emission, name, field, onField, preview, isRequired }: FieldRowProps) {
  const { origin, text, steps } = originOf(field)
  const set = (next: SourceField | undefined) => onField({ emission, name }, next)
  const label = labelOfField(name)
  const column = preview.columns.find(({ title }) => title === text)
  const choose = (chosen: string | null) => {
    if (chosen === null || chosen === NONE) set(undefined)
    else if (chosen === VALUE) set({ value: '' })
    else if (chosen === TEMPLATE) set({ template: '' })
    else set(columnField(chosen, {}))
  }
  const chosen = origin === 'column' ? text : origin === 'value' ? VALUE : origin === 'template' ? TEMPLATE : NONE
  const titles = [...new Set([...preview.columns.map(({ title }) => title), ...(origin === 'column' ? [text] : [])])]
  return (
    <div className={classes.field}>
      <Text size="sm" fw={500}>
        {label}
        {isRequired && (
          <Text span c="var(--mantine-color-error)" aria-hidden>
            {' '}
            *
          </Text>
        )}
      </Text>
      <div>
        <Select
          aria-label={`${label} comes from`}
          aria-required={isRequired}
          size="xs"
          searchable
          allowDeselect={false}
          data={[
            { group: 'A column of the file', items: titles.filter((title) => title !== '') },
            {
              group: 'Else',
              items: [
                { value: VALUE, label: 'The same in every row' },
                { value: TEMPLATE, label: 'Put together of columns' },
                { value: NONE, label: isRequired ? 'Not said yet' : 'Nothing' },
              ],
            },
          ]}
          value={chosen}
          onChange={choose}
          error={isRequired && origin === 'none'}
        />
      </div>
      <Stack gap={6}>
        {origin === 'value' && <ConstantInput name={name} value={text} onValue={(value) => set({ value })} />}
        {origin === 'template' && (
          <TextInput
            size="xs"
            maw={260}
            aria-label={`${label}, put together`}
            placeholder="{Account}-{Bill date}"
            value={text}
            onChange={({ currentTarget }) => set({ ...steps, template: currentTarget.value })}
          />
        )}
        {origin === 'column' && (
          <>
            <Text size="xs" c="dimmed" lineClamp={2}>
              {column ? samplesOf(column.samples) : 'The file has no such column.'}
            </Text>
            <StepsOf
              {...{ name, label, steps, preview, column: text }}
              onSteps={(next) => set(columnField(text, next))}
            />
          </>
        )}
      </Stack>
    </div>
  )
}

const samplesOf = (samples: ReadonlyArray<string>) => (samples.length === 0 ? 'always empty' : samples.join(' · '))

type ConstantInputProps = { readonly name: string; readonly value: string; readonly onValue: (value: string) => void }

function ConstantInput({ name, value, onValue }: ConstantInputProps) {
  const label = `${labelOfField(name)} of every row`
  const words = WORDS[name]
  if (words)
    return (
      <Select
        size="xs"
        maw={260}
        aria-label={label}
        data={[...words]}
        searchable
        value={value === '' ? null : value}
        onChange={(chosen) => onValue(chosen ?? '')}
      />
    )
  return (
    <TextInput
      size="xs"
      maw={260}
      aria-label={label}
      placeholder={name === 'currency' ? 'such as USD' : ''}
      value={value}
      onChange={({ currentTarget }) =>
        onValue(name === 'currency' ? currentTarget.value.toUpperCase() : currentTarget.value)
      }
    />
  )
}

type StepsOfProps = {
  readonly name: string
  readonly label: string
  readonly column: string
  readonly steps: FieldSteps
  readonly preview: Preview
  readonly onSteps: (steps: FieldSteps) => void
}

function StepsOf({ name, label, column, steps, preview, onSteps }: StepsOfProps): ReactNode {
  if (WORDS[name]) return <WordMap {...{ name, label, column, steps, preview, onSteps }} />
  const { sign, digits, shift, ...rest } = steps
  if (AMOUNTS.has(name))
    return (
      <Checkbox
        size="xs"
        label="The other way round: what is owed stands as negative"
        checked={sign === 'flip'}
        onChange={({ currentTarget }) => onSteps(currentTarget.checked ? { ...steps, sign: 'flip' } : rest)}
      />
    )
  if (NUMBERS_OF_PHONES.has(name))
    return (
      <Checkbox
        size="xs"
        label="Keep the digits alone"
        checked={digits === true}
        onChange={({ currentTarget }) => onSteps(currentTarget.checked ? { ...steps, digits: true } : rest)}
      />
    )
  if (name === 'ended_at' || name === 'period_end')
    return (
      <Select
        size="xs"
        maw={220}
        aria-label={`${label}, moved by`}
        allowDeselect={false}
        data={[
          { value: '', label: 'As it stands there' },
          { value: 'days', label: 'A day later' },
          { value: 'months', label: 'A month later' },
        ]}
        value={shift?.months === 1 ? 'months' : shift?.days === 1 ? 'days' : ''}
        onChange={(unit) => onSteps(unit ? { ...steps, shift: { [unit]: 1 } } : rest)}
      />
    )
  return null
}
