// Where files are dropped or browsed for, and how far sending them is. A keyboard has the button.
import { Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { useFormat } from '../../../app/format.ts'
import { FailureState } from '../../../components/states.tsx'
import classes from '../bills.module.css'
import { type ImportDraft, type Sent, upload } from './upload.ts'

export type DropRegionProps = {
  readonly label: string
  readonly children: string
  /** Of the draft that they are added to; null begins one. */
  readonly draft: string | null
  readonly isSmall?: boolean
  readonly onDraft: (draft: ImportDraft) => void
}

export function DropRegion({ label, children, draft, isSmall = false, onDraft }: DropRegionProps) {
  const [isOver, setOver] = useState(false)
  const sending = useSending(draft, onDraft)
  useStrayDrops()
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    sending.send([...event.dataTransfer.files])
  }
  return (
    <section
      aria-label={label}
      className={`${classes.drop} ${isSmall ? classes.small : ''}`}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {sending.sent ? (
        <Sending sent={sending.sent} onStop={sending.stop} />
      ) : (
        <Stack align="center" gap="xs">
          <Text size={isSmall ? 'sm' : 'md'}>{children}</Text>
          <FileButton multiple onChange={sending.send}>
            {(props) => (
              <Button
                {...props}
                variant={isSmall ? 'default' : 'filled'}
                size={isSmall ? 'xs' : 'sm'}
                leftSection={<IconFileUpload size={16} aria-hidden />}
              >
                Browse for files
              </Button>
            )}
          </FileButton>
          {sending.error !== null && <FailureState error={sending.error} onRetry={sending.again} />}
        </Stack>
      )}
    </section>
  )
}

/** A file that misses the region would take the page away, and what was done on it. */
function useStrayDrops(): void {
  useEffect(() => {
    const keep = (event: globalThis.DragEvent) => event.preventDefault()
    for (const kind of ['dragover', 'drop'] as const) window.addEventListener(kind, keep)
    return () => {
      for (const kind of ['dragover', 'drop'] as const) window.removeEventListener(kind, keep)
    }
  }, [])
}

function Sending({ sent: { bytes, of }, onStop }: { readonly sent: Sent; readonly onStop: () => void }) {
  const format = useFormat()
  const percent = of === 0 ? 0 : Math.floor((bytes / of) * 100)
  return (
    <Stack gap="xs" maw={480} mx="auto">
      <Text size="sm" role="status">
        {bytes < of || of === 0
          ? `Sending: ${format.usage(String(bytes), 'data')} of ${format.usage(String(of), 'data')}`
          : 'Sent; the server writes it down'}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label="Sent" />
      </Progress.Root>
      <Group justify="center">
        <Button size="xs" variant="default" onClick={onStop}>
          Stop
        </Button>
      </Group>
    </Stack>
  )
}

function useSending(draft: string | null, onDraft: (draft: ImportDraft) => void) {
  const [sent, setSent] = useState<Sent | null>(null)
  const [error, setError] = useState<unknown>(null)
  const stopping = useRef(new AbortController())
  const last = useRef<ReadonlyArray<File>>([])
  const send = (files: ReadonlyArray<File>) => {
    if (files.length === 0) return
    last.current = files
    stopping.current = new AbortController()
    setError(null)
    setSent({ bytes: 0, of: 0 })
    upload({ draft, files, onSent: setSent, signal: stopping.current.signal })
      .then(onDraft)
      .catch((failure: unknown) => {
        if (!(failure instanceof DOMException && failure.name === 'AbortError')) setError(failure)
      })
      .finally(() => setSent(null))
  }
  return { sent, error, send, again: () => send(last.current), stop: () => stopping.current.abort() }
}
