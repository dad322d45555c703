// In place of figures before the first month is closed.
import { PageHeader } from './page-header.tsx'
import { EmptyState } from './states.tsx'

export function NoMonth({ title }: { readonly title: string }) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState title="No month is closed yet" action={{ label: 'Import bills', to: '/bills/import' }}>
        Import what your vendors sent, then close the month under <b>Runs</b>: what stands here comes from it.
      </EmptyState>
    </>
  )
}
