// Two versions of a document beside each other, as lines of their files.
import { Code, Text } from '@mantine/core'
import { useMemo } from 'react'
import classes from './document.module.css'
import { lineDifferences, onlyChanges } from './line-differences.ts'

const SIGNS = { '-': 'taken out: ', '+': 'put in: ', ' ': '' }

export function Differences({
  before,
  after,
  label,
}: {
  readonly before: string
  readonly after: string
  readonly label: string
}) {
  const lines = useMemo(() => onlyChanges(lineDifferences(before, after)), [before, after])
  if (lines.every((line) => line === null))
    return (
      <Text size="sm" c="dimmed">
        They say the same.
      </Text>
    )
  return (
    <section className={classes.differences} aria-label={label} tabIndex={0}>
      {lines.map((line, index) =>
        line === null ? (
          <Text key={`gap ${index}`} size="xs" c="dimmed" className={classes.line ?? ''}>
            …
          </Text>
        ) : (
          <div key={`${index} ${line.text}`} className={`${classes.line} ${classes[NAMES[line.sign]] ?? ''}`}>
            <span aria-hidden="true" className={classes.sign}>
              {line.sign}
            </span>
            <span className={classes.unseen}>{SIGNS[line.sign]}</span>
            {line.text}
          </div>
        ),
      )}
    </section>
  )
}

const NAMES = { '-': 'out', '+': 'in', ' ': 'same' } as const

export function DocumentText({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Code block tabIndex={0} role="region" aria-label={label} className={classes.text ?? ''}>
      {text}
    </Code>
  )
}
