// Rows that are no facts, such as a total at the end, each with the reason; any other row that comes to nothing is refused.
import { ActionIcon, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { ConditionFields } from './condition-fields.tsx'
import type { MappingPartProps } from './shared-fields.tsx'
import { type IgnoreRule, withPart } from './source-body.ts'

export function IgnoredRows({ body, onBody, preview }: MappingPartProps) {
  const rules = body.ignore ?? []
  const set = (next: ReadonlyArray<IgnoreRule>) => onBody(withPart(body, 'ignore', next))
  const change = (at: number, rule: IgnoreRule) => set(rules.map((one, index) => (index === at ? rule : one)))
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="ignored">
      <Title order={3} size="h5" id="ignored" mb="xs">
        Rows to leave out
      </Title>
      <Stack gap="sm">
        {rules.length === 0 && (
          <Text size="sm" c="dimmed">
            None: a row that comes to nothing is refused, so that none is dropped unseen.
          </Text>
        )}
        {rules.map((rule, index) => (
          <Group key={`rule ${index + 1}`} gap="xs" align="flex-end">
            <ConditionFields
              label={`Left out ${index + 1}`}
              isOptional={false}
              when={rule.when}
              onWhen={(when) => change(index, { ...rule, when: when ?? {} })}
              preview={preview}
            />
            <TextInput
              size="xs"
              label="Because"
              value={rule.because}
              onChange={({ currentTarget }) => change(index, { ...rule, because: currentTarget.value })}
            />
            <ActionIcon
              variant="default"
              aria-label={`Do not leave out ${index + 1}`}
              onClick={() => set(rules.filter((_, at) => at !== index))}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => set([...rules, { when: {}, because: '' }])}
          >
            Leave rows out
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
