// Something to be told, by a colour and an icon; its words are in the colour of text, which every background here lets one read.
import { Alert, type AlertProps } from '@mantine/core'

const STYLES = { title: { color: 'var(--mantine-color-text)' } }

export function Note(props: AlertProps) {
  return <Alert variant="outline" styles={STYLES} {...props} />
}
