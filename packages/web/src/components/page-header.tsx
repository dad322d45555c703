// The head of a screen: where it stands, its name, what can be done with it. Sets the title of the page.
import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'

export type Crumb = {
  readonly label: string
  /** With the search that the way back keeps. */
  readonly to: string
  readonly search?: Readonly<Record<string, unknown>>
}

export type PageHeaderProps = {
  readonly title: string
  /** One sentence beneath: what is shown, of when. */
  readonly summary?: ReactNode
  readonly crumbs?: ReadonlyArray<Crumb>
  readonly actions?: ReactNode
}

export function PageHeader({ title, summary, crumbs = [], actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Spillway`
  }, [title])
  return (
    <Stack gap={4} mb="md">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb">
          <Breadcrumbs
            separatorMargin={6}
            styles={{ root: { flexWrap: 'wrap' }, breadcrumb: { whiteSpace: 'normal', overflowWrap: 'anywhere' } }}
          >
            {crumbs.map(({ label, to, search }) => (
              <Anchor
                key={`${to} ${label}`}
                size="sm"
                renderRoot={(props) => <Link to={to} search={(search ?? keepPeriod) as never} {...props} />}
              >
                {label}
              </Anchor>
            ))}
            <Text size="sm" c="dimmed" aria-current="page">
              {title}
            </Text>
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-end" gap="sm">
        <Stack gap={2} miw={0}>
          <Title order={1} size="h2" tabIndex={-1} id="page-title" style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {summary !== undefined && (
            <Text component="div" c="dimmed" size="sm">
              {summary}
            </Text>
          )}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  )
}

/** From one screen to another the month and the view stay. */
export function keepPeriod(search: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    ...(search.period === undefined ? {} : { period: search.period }),
    ...(search.view === undefined ? {} : { view: search.view }),
  }
}
