// What stands at an address that is no screen.
import { PageHeader } from '../components/page-header.tsx'
import { EmptyState } from '../components/states.tsx'

export function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState title="There is no such screen" action={{ label: 'To the overview', to: '/' }}>
        The address may be of something that was renamed, or mistyped.
      </EmptyState>
    </>
  )
}
