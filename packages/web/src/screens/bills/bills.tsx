// What vendors sent for the month: whether every bill foots, which are still to come, and which rows nobody could read.
import { Button, Group } from '@mantine/core'
import { IconFileUpload, IconHistory } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { MissingTab } from './missing-tab.tsx'
import { QuarantineTab } from './quarantine-tab.tsx'
import { ReconciliationTab } from './reconciliation-tab.tsx'

export function Screen() {
  return (
    <>
      <PageHeader
        title="Bills"
        summary="What your vendors sent: whether it foots, what is missing, what could not be read"
        actions={<BillActions />}
      />
      <ScreenTabs
        label="Bills"
        tabs={[
          { value: 'reconciliation', label: 'Reconciliation', content: <ReconciliationTab /> },
          { value: 'missing', label: 'Missing bills', content: <MissingTab /> },
          { value: 'quarantine', label: 'Quarantine', content: <QuarantineTab /> },
        ]}
      />
    </>
  )
}

function BillActions() {
  const here = useScreenSearch()
  const mayRead = useMay('import:read')
  const mayImport = useMay('import:change')
  const search = keepPeriod(here) as never
  return (
    <Group gap="xs">
      {mayRead && (
        <Button
          variant="default"
          leftSection={<IconHistory size={16} aria-hidden />}
          renderRoot={(props) => <Link to={'/bills/imports' as string} search={search} {...props} />}
        >
          Imports
        </Button>
      )}
      {mayImport && (
        <Button
          leftSection={<IconFileUpload size={16} aria-hidden />}
          renderRoot={(props) => <Link to={'/bills/import' as string} search={search} {...props} />}
        >
          Import files
        </Button>
      )}
    </Group>
  )
}
