// Where the table is in its file, and how its numbers and days are written. What is left alone is found out.
import { Autocomplete, Checkbox, MultiSelect, NumberInput, Select, SimpleGrid, TagsInput } from '@mantine/core'
import type { Part, Preview } from './preview.ts'
import { type SourceBody, withSetting } from './source-body.ts'

export type ReadingFieldsProps = {
  readonly body: SourceBody
  readonly onBody: (body: SourceBody) => void
  readonly preview: Preview
  readonly onPart: (part: Part) => void
}

const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1', 'iso-8859-15', 'windows-1250']
const DELIMITERS = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: 'tab', label: 'Tab' },
  { value: '|', label: 'Bar |' },
]
const NEGATIVES = [
  { value: 'minus', label: '-5.00' },
  { value: 'parentheses', label: '(5.00)' },
  { value: 'trailing-minus', label: '5.00-' },
  { value: 'cr-suffix', label: '5.00 CR' },
]
const DATE_FORMATS = [
  ...['YYYY-MM-DD', 'DD/MM/YYYY', 'MM/DD/YYYY', 'DD.MM.YYYY', 'D MMM YYYY', 'MMM D, YYYY', 'YYYYMMDD'],
  ...['DD/MM/YYYY HH:mm', 'MM/DD/YYYY h:mm A', 'YYYY-MM-DD HH:mm:ss'],
]

export function ReadingFields({ body, onBody, preview, onPart }: ReadingFieldsProps) {
  const { file = {}, numbers = {}, dates = {} } = body
  const { parts, part, settings } = preview
  const isSheet = part.sheet !== ''
  const set = (place: 'file' | 'numbers' | 'dates', key: string) => (value: unknown) =>
    onBody(withSetting(body, { part: place, key, value: value ?? undefined }))
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        {parts.length > 1 && (
          <Select
            label={isSheet ? 'Sheet' : 'File within'}
            data={parts.map((one, index) => ({ value: String(index), label: labelOf(one) }))}
            value={String(parts.findIndex((one) => one.member === part.member && one.sheet === part.sheet))}
            allowDeselect={false}
            onChange={(index) => {
              const chosen = parts[Number(index)]
              if (!chosen) return
              onPart(chosen)
              if (chosen.sheet !== '') onBody(withSetting(body, { part: 'file', key: 'sheet', value: chosen.sheet }))
            }}
          />
        )}
        {!isSheet && (
          <>
            <Select
              label="Encoding"
              data={[...new Set([settings.encoding, ...ENCODINGS])]}
              value={text(file.encoding) || settings.encoding}
              allowDeselect={false}
              onChange={set('file', 'encoding')}
            />
            <Select
              label="Delimiter"
              data={DELIMITERS}
              value={text(file.delimiter) || settings.delimiter}
              allowDeselect={false}
              onChange={set('file', 'delimiter')}
            />
          </>
        )}
        <NumberInput
          label="Row of the titles"
          min={1}
          max={1000}
          allowDecimal={false}
          value={typeof file['header-row'] === 'number' ? file['header-row'] : (settings.headerRow ?? '')}
          placeholder="no titles"
          onChange={(row) => set('file', 'header-row')(typeof row === 'number' ? row : undefined)}
        />
        <Select
          label="Decimal sign"
          data={[
            { value: '.', label: 'Point: 1.50' },
            { value: ',', label: 'Comma: 1,50' },
          ]}
          value={text(numbers.decimal) || '.'}
          allowDeselect={false}
          onChange={(sign) => set('numbers', 'decimal')(sign === '.' ? undefined : sign)}
        />
        <Select
          label="Between thousands"
          data={[
            { value: '', label: 'Nothing: 1000' },
            { value: ',', label: 'Comma: 1,000' },
            { value: '.', label: 'Point: 1.000' },
            { value: ' ', label: 'Blank: 1 000' },
            { value: "'", label: "Apostrophe: 1'000" },
          ]}
          value={text(numbers.thousands)}
          allowDeselect={false}
          onChange={set('numbers', 'thousands')}
        />
        <MultiSelect
          label="Less than nothing"
          data={NEGATIVES}
          value={Array.isArray(numbers.negative) ? (numbers.negative as string[]) : ['minus']}
          onChange={(forms) => set('numbers', 'negative')(forms.join() === 'minus' ? undefined : forms)}
        />
        <TagsInput
          label="Currency signs"
          placeholder="such as £"
          value={Array.isArray(numbers['currency-signs']) ? (numbers['currency-signs'] as string[]) : []}
          onChange={set('numbers', 'currency-signs')}
        />
        <Autocomplete
          label="Days are written"
          data={DATE_FORMATS}
          value={text(dates.format) || 'YYYY-MM-DD'}
          onChange={(format) => set('dates', 'format')(format === 'YYYY-MM-DD' ? undefined : format)}
        />
      </SimpleGrid>
      <Checkbox
        my="sm"
        label="The last day named is part of the period"
        checked={dates.end === 'inclusive'}
        onChange={({ currentTarget }) => set('dates', 'end')(currentTarget.checked ? 'inclusive' : undefined)}
      />
    </>
  )
}

const labelOf = ({ member, sheet }: Part) => [member, sheet].filter((text) => text !== '').join(' · ') || 'the file'
