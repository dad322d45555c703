// How far a job is, asked for while it goes on.
import { Progress, Stack, Text } from '@mantine/core'
import { useAsk } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'

const ASKED_EVERY_SECONDS = 1

export function JobProgress({ job, label }: { readonly job: string; readonly label: string }) {
  const format = useFormat()
  const { data } = useAsk('getJob', { params: { id: job } }, { refetchSeconds: ASKED_EVERY_SECONDS })
  const { done, total, rows, stage } = data?.progress ?? { done: 0, total: 0, rows: 0, stage: '' }
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100))
  const words = [
    data?.state === 'waiting' ? 'waits for its turn' : stage,
    rows > 0 ? `${format.count(rows)} rows` : '',
  ].filter((text) => text !== '')
  return (
    <Stack gap="xs" maw={560}>
      <Text role="status">
        {label}
        {words.length > 0 && `: ${words.join(', ')}`}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={percent} animated={total === 0} striped={total === 0} aria-label={label} />
      </Progress.Root>
    </Stack>
  )
}
