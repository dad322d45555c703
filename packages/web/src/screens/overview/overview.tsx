// What the month cost, what changed, what somebody should look at.
import { PageHeader } from '../../components/page-header.tsx'

export function Screen() {
  return <PageHeader title="Overview" />
}
