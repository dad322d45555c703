// A secret that is shown this once: to be copied now, for nobody can read it again.
import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react'

export type ShownOnceProps = {
  /** undefined: nothing to show. */
  readonly secret: string | undefined
  readonly title: string
  readonly children: string
  readonly onClose: () => void
}

export function ShownOnce({ secret, title, children, onClose }: ShownOnceProps) {
  return (
    <Modal opened={secret !== undefined} onClose={onClose} title={title} closeOnClickOutside={false} size="lg">
      <Stack>
        <Alert variant="outline" color="yellow" icon={<IconKey size={18} />} title="Shown this once">
          <Text size="sm">{children}</Text>
        </Alert>
        <Code block fz="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }} data-secret>
          {secret}
        </Code>
        <Group justify="space-between">
          <CopyButton value={secret ?? ''}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>I have kept it</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
