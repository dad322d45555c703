// What a row is: a charge, a total, usage; a row may be several, and rows may differ.
import { Button, Checkbox, Group, Paper, Select, Stack, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { ConditionFields } from './condition-fields.tsx'
import { FACT_SHAPES, labelOfField, shapeOf } from './fact-shapes.ts'
import { FieldRow } from './field-row.tsx'
import { type FieldPartProps, sharedNames } from './shared-fields.tsx'
import { type Emission, type SourceBody, withEmission, withField } from './source-body.ts'

export function EmissionFields({ body, onBody, onField, preview }: FieldPartProps) {
  const add = () => {
    const last = body.emit.at(-1)
    onBody({
      ...body,
      emit: [...body.emit, last ? { fact: last.fact, fields: last.fields } : { fact: 'charge', fields: {} }],
    })
  }
  return (
    <Stack gap="sm">
      {body.emit.map((emission, index) => (
        <EmissionPaper key={`${index} ${emission.fact}`} {...{ body, onBody, onField, preview, index, emission }} />
      ))}
      <Group>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={add}>
          A row is something else too
        </Button>
      </Group>
    </Stack>
  )
}

type EmissionPaperProps = FieldPartProps & { readonly index: number; readonly emission: Emission }

function EmissionPaper({ body, onBody, onField, preview, index, emission }: EmissionPaperProps) {
  const { columns, required } = shapeOf(emission.fact)
  const shared = sharedNames(body)
  const own = Object.keys(emission.fields)
  const shown = columns.filter((name) => own.includes(name) || (required.includes(name) && !shared.includes(name)))
  const others = columns.filter((name) => !shown.includes(name) && !shared.includes(name))
  const change = (to: (emission: Emission) => Emission) => onBody(withEmission(body, index, to))
  const number = body.emit.length > 1 ? ` ${index + 1}` : ''
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={`emission-${index}`}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5" id={`emission-${index}`}>
          What a row is{number}
        </Title>
        {body.emit.length > 1 && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconTrash size={13} aria-hidden />}
            aria-label={`Remove what a row is ${index + 1}`}
            onClick={() => onBody({ ...body, emit: body.emit.filter((_, at) => at !== index) })}
          >
            Remove
          </Button>
        )}
      </Group>
      <Group gap="md" align="flex-end" mb="sm">
        <Select
          size="xs"
          label={`A row is${number}`}
          data={Object.entries(FACT_SHAPES).map(([value, { label }]) => ({ value, label }))}
          value={emission.fact}
          allowDeselect={false}
          onChange={(fact) => fact !== null && onBody(withFact(body, index, fact))}
        />
        <ConditionFields
          label={`Which rows${number}`}
          isOptional
          when={emission.when}
          onWhen={(when) => change(({ when: _before, ...rest }) => (when === undefined ? rest : { ...rest, when }))}
          preview={preview}
        />
        <Checkbox
          size="xs"
          mb={6}
          label="Leave out where it is 0"
          checked={emission['skip-zero'] === true}
          onChange={({ currentTarget: { checked } }) =>
            change(({ 'skip-zero': _before, ...rest }) => (checked ? { ...rest, 'skip-zero': true } : rest))
          }
        />
      </Group>
      {shown.map((name) => (
        <FieldRow
          key={name}
          emission={index}
          name={name}
          field={emission.fields[name]}
          isRequired={required.includes(name)}
          {...{ onField, preview }}
        />
      ))}
      <Select
        size="xs"
        mt="xs"
        w={250}
        aria-label={`Say more of it${number}`}
        placeholder="Say more of it …"
        searchable
        data={others.map((value) => ({ value, label: labelOfField(value) }))}
        value={null}
        onChange={(name) => name !== null && onBody(withField(body, { emission: index, name }, { value: '' }))}
      />
    </Paper>
  )
}

/** What the other kind of fact has not is left out. */
function withFact(body: SourceBody, index: number, fact: string): SourceBody {
  const { columns } = shapeOf(fact)
  // A total with a service would be the total of that service alone.
  const isOf = (name: string) => columns.includes(name) && !(fact === 'invoice' && name === 'service')
  const changed = withEmission(body, index, (emission) => ({
    ...emission,
    fact,
    fields: Object.fromEntries(Object.entries(emission.fields).filter(([name]) => isOf(name))),
  }))
  const all = new Set(changed.emit.flatMap((one) => shapeOf(one.fact).columns))
  return Object.keys(changed.fields ?? {}).reduce(
    (one, name) => (all.has(name) ? one : withField(one, { emission: null, name }, undefined)),
    changed,
  )
}
