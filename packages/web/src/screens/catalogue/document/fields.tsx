// Fields of a form that edits a document: each stands for one place in it, shows what is there, and what is wrong with it.
import {
  Autocomplete,
  Group,
  Input,
  MultiSelect,
  NativeSelect,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core'
import type { UsageType } from '@spillway/core'
import { IconLock } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { type Place, pathOf, textAt, valueAt } from './body.ts'
import { partsOf, quantityOf, unitsOf, usualUnitOf } from './quantity.ts'
import { useDraft } from './use-draft.ts'

export type FieldProps = {
  readonly at: Place
  readonly label: string
  readonly description?: string
  readonly isRequired?: boolean
  /** For those who do not see the label: of a cell in a table, whose column has it. */
  readonly hidesLabel?: boolean
  readonly placeholder?: string
  readonly width?: number | string
  /** Left empty it is still there: what was chosen needs it, and without it would be something else. */
  readonly keepsEmpty?: boolean
}

/** What every input shows of a place: its label, whether it must be there, what is wrong with it. */
export function useField({
  at,
  label,
  description,
  isRequired = false,
  hidesLabel = false,
  width,
  keepsEmpty = false,
}: FieldProps) {
  const { body, set, issues, isReadOnly } = useDraft()
  const path = pathOf(at)
  const error = issues.find((issue) => issue.path === path)?.message
  return {
    text: textAt(body, at),
    value: valueAt(body, at),
    set: (value: unknown) => set(at, value === undefined && keepsEmpty ? '' : value),
    isReadOnly,
    shown: {
      ...(hidesLabel ? { 'aria-label': label } : { label }),
      ...(description === undefined || hidesLabel ? {} : { description }),
      ...(isRequired ? { withAsterisk: !hidesLabel, 'aria-required': true } : {}),
      ...(width === undefined ? {} : { w: width }),
      ...(error === undefined ? {} : { error: capital(error) }),
      ...(isReadOnly ? READ_ONLY : {}),
      ...(hidesLabel ? { size: 'xs' as const } : {}),
    },
  }
}

const READ_ONLY = { readOnly: true, variant: 'filled' as const }
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const orNothing = (text: string) => (text === '' ? undefined : text)

/** Text that nobody changes: what other documents and runs know it by. */
export function FixedField({
  label,
  value,
  why,
}: {
  readonly label: string
  readonly value: string
  readonly why: string
}) {
  return (
    <TextInput
      label={label}
      description={why}
      value={value}
      readOnly
      variant="filled"
      rightSection={<IconLock size={15} aria-hidden />}
    />
  )
}

export function TextField(props: FieldProps) {
  const { text, set, shown } = useField(props)
  const { placeholder } = props
  return (
    <TextInput
      {...shown}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={text}
      autoComplete="off"
      onChange={({ currentTarget }) => set(orNothing(currentTarget.value))}
    />
  )
}

export function LongTextField(props: FieldProps) {
  const { text, set, shown } = useField(props)
  return (
    <Textarea
      {...shown}
      autosize
      minRows={2}
      value={text}
      onChange={({ currentTarget }) => set(orNothing(currentTarget.value))}
    />
  )
}

/** A number of a file has lost its last zero: 1.4 was 1.40. */
const priceText = (value: unknown, text: string) =>
  typeof value === 'number' && /^\d+\.\d$/.test(text) ? `${text}0` : text

/** A plain decimal; it stays the text that was typed. */
export function PriceField(props: FieldProps) {
  const { text, value, set, shown } = useField(props)
  return (
    <TextInput
      {...shown}
      placeholder={props.placeholder ?? '0.00'}
      inputMode="decimal"
      autoComplete="off"
      value={priceText(value, text)}
      styles={FIGURES}
      onChange={({ currentTarget }) => set(orNothing(currentTarget.value.trim()))}
    />
  )
}

const FIGURES = { input: { fontVariantNumeric: 'tabular-nums', textAlign: 'right' as const } }

export function WholeNumberField(props: FieldProps) {
  const { text, set, shown } = useField(props)
  const read = (typed: string) => (/^-?\d{1,9}$/.test(typed) ? Number(typed) : orNothing(typed))
  return (
    <TextInput
      {...shown}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      inputMode="numeric"
      autoComplete="off"
      value={text}
      styles={FIGURES}
      onChange={({ currentTarget }) => set(read(currentTarget.value.trim()))}
    />
  )
}

export type Choice = { readonly value: string; readonly label: string }

export type ChoiceFieldProps = FieldProps & {
  readonly choices: ReadonlyArray<Choice>
  /** What the document means where it says nothing. */
  readonly fallback?: string
  /** Does more than put the choice there. */
  readonly onChoose?: (value: string) => void
}

/** One of a few. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { text, set, shown, isReadOnly } = useField(props)
  const { choices, fallback = '', onChoose } = props
  const { readOnly: _, ...rest } = { readOnly: false, ...shown }
  return (
    <NativeSelect
      {...rest}
      disabled={isReadOnly}
      data={[...choices]}
      value={text === '' ? fallback : text}
      onChange={({ currentTarget }) => (onChoose ?? set)(currentTarget.value)}
    />
  )
}

/** One of a few, or none of them. */
export function OptionalChoiceField({ choices, nothing, ...props }: ChoiceFieldProps & { readonly nothing: string }) {
  const { set } = useDraft()
  return (
    <ChoiceField
      {...props}
      choices={[{ value: '', label: nothing }, ...choices]}
      onChoose={(value) => set(props.at, orNothing(value))}
    />
  )
}

export function SwitchField({ fallback = false, ...props }: FieldProps & { readonly fallback?: boolean }) {
  const { value, set, isReadOnly } = useField(props)
  return (
    <Switch
      label={props.label}
      {...(props.description === undefined ? {} : { description: props.description })}
      checked={value === undefined ? fallback : value === true}
      disabled={isReadOnly}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
    />
  )
}

export type NameFieldProps = FieldProps & {
  /** What there is to name; what stands there already is offered too. */
  readonly names: ReadonlyArray<Choice>
  /** Where the names are not all there are: asks for those with a text in them. */
  readonly onSearch?: (text: string) => void
  /** Left out, nothing is a choice. */
  readonly isRequired?: boolean
}

const SHOWN_MAX = 100

/** Another document, by its id. */
export function NameField({ names, onSearch, ...props }: NameFieldProps) {
  const { text, set, shown } = useField(props)
  const isKnown = text === '' || names.some(({ value }) => value === text)
  return (
    <Select
      {...shown}
      data={isKnown ? [...names] : [...names, { value: text, label: text }]}
      value={text === '' ? null : text}
      placeholder={props.placeholder ?? (props.isRequired ? 'Choose one' : 'None')}
      searchable
      limit={SHOWN_MAX}
      clearable={!props.isRequired && !shown.readOnly}
      clearButtonProps={{ 'aria-label': `No ${props.label.toLowerCase()}` }}
      nothingFoundMessage="Nothing of that name"
      {...(onSearch === undefined ? {} : { onSearchChange: onSearch })}
      onChange={(value) => set(value ?? undefined)}
    />
  )
}

/** An id that needs no document of its own: those that are known are offered. */
export function OpenNameField({ names, onSearch: _, ...props }: NameFieldProps) {
  const { text, set, shown } = useField(props)
  return (
    <Autocomplete
      {...shown}
      data={names.map(({ value }) => value)}
      value={text}
      limit={SHOWN_MAX}
      onChange={(value) => set(orNothing(value))}
    />
  )
}

export function NamesField({ names, onSearch, ...props }: NameFieldProps) {
  const { value, set, shown } = useField(props)
  const chosen = Array.isArray(value) ? value.map(String) : []
  const known = new Set(names.map((one) => one.value))
  const others = chosen.filter((one) => !known.has(one)).map((one) => ({ value: one, label: one }))
  return (
    <MultiSelect
      {...shown}
      data={[...names, ...others]}
      value={chosen}
      searchable
      limit={SHOWN_MAX}
      placeholder={chosen.length === 0 ? 'None' : ''}
      nothingFoundMessage="Nothing of that name"
      {...(onSearch === undefined ? {} : { onSearchChange: onSearch })}
      onChange={(next) => set(next.length > 0 ? next : undefined)}
    />
  )
}

export type QuantityFieldProps = FieldProps & { readonly usageType: UsageType | undefined }

/** How much, and in which unit; what is only counted has none. */
export function QuantityField({ usageType, ...props }: QuantityFieldProps) {
  const { value, set, shown, isReadOnly } = useField(props)
  const id = useId()
  const {
    label: _,
    description: __,
    error,
    w,
    withAsterisk,
    readOnly,
    ...rest
  } = {
    ...{ label: '', description: '', w: undefined, withAsterisk: false, error: undefined, readOnly: false },
    ...shown,
  }
  const [chosen, setChosen] = useState('')
  const known = unitsOf(usageType)
  const parts = partsOf(value, known)
  const usual = chosen === '' ? usualUnitOf(usageType) : chosen
  const unit = parts.unit === '' && parts.amount === '' ? usual : parts.unit
  const units = unit === '' || known.includes(unit) ? known : [...known, unit]
  const hasUnit = units.length > 0
  return (
    <Input.Wrapper
      {...(props.hidesLabel ? {} : { label: props.label, labelProps: { htmlFor: id } })}
      {...(props.description === undefined || props.hidesLabel ? {} : { description: props.description })}
      withAsterisk={withAsterisk}
      {...(error === undefined ? {} : { error })}
      {...(w === undefined ? {} : { w })}
    >
      <Group gap={4} wrap="nowrap" align="flex-start" mt={props.description === undefined || props.hidesLabel ? 0 : 5}>
        <TextInput
          {...rest}
          id={id}
          aria-label={props.hidesLabel ? props.label : undefined}
          error={error !== undefined}
          readOnly={readOnly}
          inputMode="decimal"
          autoComplete="off"
          placeholder={props.placeholder ?? ''}
          value={parts.amount}
          styles={FIGURES}
          flex={1}
          miw={60}
          onChange={({ currentTarget }) => {
            if (unit !== '') setChosen(unit)
            set(quantityOf({ amount: currentTarget.value, unit: hasUnit ? unit : '' }))
          }}
        />
        {hasUnit && (
          <NativeSelect
            aria-label={`Unit of ${props.label}`}
            size={rest.size ?? 'sm'}
            w={props.hidesLabel ? 74 : 84}
            disabled={isReadOnly}
            data={unit === '' ? ['', ...units] : [...units]}
            value={unit}
            onChange={({ currentTarget }) => {
              setChosen(currentTarget.value)
              set(quantityOf({ amount: parts.amount, unit: currentTarget.value }))
            }}
          />
        )}
      </Group>
    </Input.Wrapper>
  )
}
