// The words of a file and what each is here: of a column that holds one of some words and nothing else.
import { Group, Select, Stack, Text } from '@mantine/core'
import { WORDS } from './fact-shapes.ts'
import type { Preview } from './preview.ts'
import type { FieldSteps } from './source-body.ts'

export type WordMapProps = {
  readonly name: string
  readonly label: string
  readonly column: string
  readonly steps: FieldSteps
  readonly preview: Preview
  readonly onSteps: (steps: FieldSteps) => void
}

const WORDS_SHOWN = 20
const PROBLEM = '= problem'
const NOTHING = '= nothing'

export function WordMap({ name, label, column, steps, preview, onSteps }: WordMapProps) {
  const words = WORDS[name] ?? []
  const at = preview.columns.findIndex(({ title }) => title === column)
  const { map = {}, otherwise, ...rest } = steps
  const inFile = at === -1 ? [] : preview.rawRows.map((cells) => cells[at] ?? '')
  const known = [...new Set([...Object.keys(map), ...inFile])].filter((word) => word !== '' && !words.includes(word))
  const stepsWith = (nextMap: Readonly<Record<string, string>>, next: string | undefined): FieldSteps => ({
    ...rest,
    ...(Object.keys(nextMap).length === 0 ? {} : { map: nextMap }),
    ...(next === undefined ? {} : { otherwise: next }),
  })
  const setWord = (word: string, to: string | null) => {
    const { [word]: _before, ...others } = map
    onSteps(stepsWith(to === null ? others : { ...others, [word]: to }, otherwise))
  }
  if (known.length === 0) return null
  return (
    <Stack gap={4}>
      {known.slice(0, WORDS_SHOWN).map((word) => (
        <Group key={word} gap="xs" wrap="nowrap">
          <Text size="xs" w={140} truncate="end" title={word}>
            {word}
          </Text>
          <Select
            size="xs"
            aria-label={`${label}: ${word} is`}
            placeholder="is …"
            data={[...words]}
            searchable
            clearable
            value={map[word] ?? null}
            onChange={(to) => setWord(word, to)}
          />
        </Group>
      ))}
      <Group gap="xs" wrap="nowrap">
        <Text size="xs" w={140}>
          any other word
        </Text>
        <Select
          size="xs"
          aria-label={`${label}: any other word is`}
          allowDeselect={false}
          data={[{ value: PROBLEM, label: 'a problem of its row' }, { value: NOTHING, label: 'nothing' }, ...words]}
          value={otherwise === undefined ? PROBLEM : otherwise === '' ? NOTHING : otherwise}
          onChange={(to) =>
            onSteps(stepsWith(map, to === PROBLEM || to === null ? undefined : to === NOTHING ? '' : to))
          }
        />
      </Group>
    </Stack>
  )
}
