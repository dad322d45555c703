// The statement on paper, as a PDF.
import { Button } from '@mantine/core'
import { IconFileTypePdf } from '@tabler/icons-react'

export type StatementButtonProps = {
  readonly by: 'cost-centre' | 'person'
  readonly of: string
  readonly period: string
}

export function StatementButton({ by, of, period }: StatementButtonProps) {
  const address = `/v1/statements/${by}/${encodeURIComponent(of)}?${new URLSearchParams({ period })}`
  return (
    <Button
      component="a"
      href={address}
      download
      variant="default"
      size="sm"
      leftSection={<IconFileTypePdf size={16} />}
    >
      Statement
    </Button>
  )
}
