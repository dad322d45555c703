// What every row says alike: whose bill it is, and of when.
import { Paper, Title } from '@mantine/core'
import { SHARED, shapeOf } from './fact-shapes.ts'
import { FieldRow, type FieldRowProps } from './field-row.tsx'
import type { Preview } from './preview.ts'
import { fieldAt, type SourceBody } from './source-body.ts'

export type MappingPartProps = {
  readonly body: SourceBody
  readonly onBody: (body: SourceBody) => void
  readonly preview: Preview
}
export type FieldPartProps = MappingPartProps & Pick<FieldRowProps, 'onField'>

/** Those of the bill that its facts have, and what else the document says once. */
export function sharedNames(body: SourceBody): ReadonlyArray<string> {
  const shapes = body.emit.map(({ fact }) => shapeOf(fact))
  const ofBill = SHARED.filter((name) => shapes.some(({ columns }) => columns.includes(name)))
  const isOwn = (name: string) => body.emit.every((_, emission) => fieldAt(body, { emission, name }) !== undefined)
  return [...new Set([...ofBill.filter((name) => !isOwn(name)), ...Object.keys(body.fields ?? {})])]
}

export function SharedFields({ body, onField, preview }: FieldPartProps) {
  const shapes = body.emit.map(({ fact }) => shapeOf(fact))
  const names = sharedNames(body)
  if (names.length === 0) return null
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="shared">
      <Title order={3} size="h5" id="shared" mb="xs">
        What all rows have
      </Title>
      {names.map((name) => (
        <FieldRow
          key={name}
          emission={null}
          name={name}
          field={body.fields?.[name]}
          isRequired={shapes.some(({ required }) => required.includes(name))}
          {...{ onField, preview }}
        />
      ))}
    </Paper>
  )
}
