// One thing that is known of what a screen is about: its name above, small, and what it is beneath.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

export type FactProps = { readonly label: string; readonly children: ReactNode }

export function Fact({ label, children }: FactProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div" fw={550}>
        {children}
      </Text>
    </div>
  )
}
