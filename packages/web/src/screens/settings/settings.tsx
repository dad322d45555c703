// Settings: one's own, and for whoever may, those of the company.
import { useMay, useMe } from '../../app/session.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { AuditTab } from './audit-tab.tsx'
import { MeTab } from './me-tab.tsx'
import { TokensTab } from './tokens-tab.tsx'
import { UsersTab } from './users-tab.tsx'
import { ViewsTab } from './views-tab.tsx'
import { WebhooksTab } from './webhooks-tab.tsx'

export function Screen() {
  const { user } = useMe()
  const seesUsers = useMay('user:read')
  const seesAudit = useMay('audit:read')
  const seesWebhooks = useMay('webhook:read')
  return (
    <>
      <PageHeader title="Settings" summary={`${user.name}, ${user.email}`} />
      <ScreenTabs
        label="Settings"
        tabs={[
          { value: 'me', label: 'You', content: <MeTab /> },
          { value: 'views', label: 'Views', content: <ViewsTab /> },
          { value: 'tokens', label: 'Tokens', content: <TokensTab /> },
          ...(seesUsers ? [{ value: 'users', label: 'Users', content: <UsersTab /> }] : []),
          ...(seesWebhooks ? [{ value: 'webhooks', label: 'Webhooks', content: <WebhooksTab /> }] : []),
          ...(seesAudit ? [{ value: 'audit', label: 'Audit log', content: <AuditTab /> }] : []),
        ]}
      />
    </>
  )
}
