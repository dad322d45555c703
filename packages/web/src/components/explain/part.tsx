// One part of an explanation: a frame with its heading; and a formula with what it comes to.
import { Code, Paper, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={3} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

/** `result` as the formula gives it. */
export function Formula({ formula, result }: { readonly formula: string; readonly result: string }) {
  return (
    <Code block style={{ whiteSpace: 'pre-wrap' }}>
      {formula} = {result}
    </Code>
  )
}
