// By which policies a pool was divided in the month's run, each a link.
import { Text } from '@mantine/core'
import { Fragment } from 'react'
import { rowsOf, useReport } from '../../api/use-report.ts'
import { useMay } from '../../app/session.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import type { OfPool } from './of-pool.ts'

export function PolicyNames({ pool, period }: OfPool) {
  const answer = useReport('allocation', { period, where: [`pool=${pool}`] })
  const names = [...new Set(rowsOf(answer.data).map(({ policy }) => policy ?? ''))].filter((name) => name !== '')
  if (names.length === 0) return null
  return (
    <Text size="sm" c="dimmed">
      Divided by{' '}
      {names.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ' and '}
          {isDefault(name) ? (
            <>the default policy for its model ({name})</>
          ) : (
            <>
              the policy <PolicyLink policy={name} />
            </>
          )}
        </Fragment>
      ))}
      .
    </Text>
  )
}

/** As the product names its own. */
const isDefault = (policy: string) => /^default-(?:aggregate|bulk|group-share|data-plus)-/.test(policy)

/** Amid a sentence, so underlined; a name alone for whoever may not read policies. */
export function PolicyLink({ policy }: { readonly policy: string }) {
  const mayRead = useMay('configuration:read')
  if (!mayRead) return policy
  return (
    <ScreenLink to={`/policies/${encodeURIComponent(policy)}`} style={{ textDecoration: 'underline' }}>
      {policy}
    </ScreenLink>
  )
}
