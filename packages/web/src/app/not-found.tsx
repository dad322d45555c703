// What stands at an address that is no screen.
import { EmptyState } from '../components/states.tsx'

export function NotFound() {
  return (
    <EmptyState title="There is no such screen" action={{ label: 'To the overview', to: '/' }}>
      The address may be of something that was renamed, or mistyped.
    </EmptyState>
  )
}
