// Who carries a service, on which days, and which lines of the directory say so.
import { Group, Text } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../amount.tsx'
import type { ServiceExplained } from '../explained.ts'
import { SourceLink } from '../source-link.tsx'
import { counted } from './counted.ts'
import { Part } from './part.tsx'

export function AssignmentPart({ of }: { readonly of: NonNullable<ServiceExplained['assignment']> }) {
  const format = useFormat()
  return (
    <Part title="Who carries it">
      {of.carried_by.map((one) => (
        <Group key={`${one.person} ${one.cost_centre} ${one.project} ${one.currency}`} justify="space-between" fz="sm">
          <Text size="sm">
            {[one.person_name || one.person, one.cost_centre_name || one.cost_centre, one.project_name || one.project]
              .filter((word) => word !== '')
              .join(' · ') || 'nobody: unassigned'}
          </Text>
          <Amount value={one.adjusted} currency={one.currency} />
        </Group>
      ))}
      {of.stays.length > 1 &&
        of.stays.map((stay) => (
          <Text key={`${stay.from} ${stay.person} ${stay.cost_centre} ${stay.project}`} size="xs" c="dimmed">
            {counted(stay.days, 'day', format)} from {format.date(stay.from)}:{' '}
            {[stay.person, stay.cost_centre, stay.project].filter((word) => word !== '').join(' · ') || 'nobody'}
            {stay.share_ppm === 1_000_000 ? '' : `, ${format.share(String(stay.share_ppm / 1_000_000))}`}
          </Text>
        ))}
      {of.lines.length > 0 && (
        <Group gap="xs" fz="xs">
          <Text size="xs" c="dimmed">
            As said by
          </Text>
          {of.lines.map((line, index) => (
            <SourceLink key={`${line.at?.place ?? ''} ${index}`} at={line.at} />
          ))}
          {of.line_count > of.lines.length && (
            <Text size="xs" c="dimmed">
              and {counted(of.line_count - of.lines.length, 'more line', format)}
            </Text>
          )}
        </Group>
      )}
    </Part>
  )
}
