// What is done in the background: jobs, and the schedules that start them.
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconDatabaseExport, IconFileExport } from '@tabler/icons-react'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenTabs } from '../../components/screen-tabs.tsx'
import { BackupDialog } from './backup-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { JobsTab } from './jobs-tab.tsx'
import { SchedulesTab } from './schedules-tab.tsx'

export function Screen() {
  const { tab } = useScreenSearch()
  const setSearch = useSetSearch()
  // Whoever sees no job would not see what becomes of it.
  const mayExport = [useMay('report:read'), useMay('job:read')].every(Boolean)
  const mayBackUp = useMay('backup:change')
  const maySchedule = useMay('schedule:read')
  const [isExporting, exporting] = useDisclosure(false)
  const [isBackingUp, backingUp] = useDisclosure(false)
  const watch = (id: string) => {
    exporting.close()
    backingUp.close()
    setSearch({ tab: undefined, chosen: id, of: undefined, by: undefined })
  }
  return (
    <>
      <PageHeader
        title="Jobs"
        summary="Imports, closes, exports and whatever else goes on in the background"
        actions={
          tab !== 'schedules' && (
            <>
              {mayBackUp && (
                <Button
                  size="sm"
                  variant="default"
                  leftSection={<IconDatabaseExport size={16} aria-hidden />}
                  onClick={backingUp.open}
                >
                  Back up
                </Button>
              )}
              {mayExport && (
                <Button size="sm" leftSection={<IconFileExport size={16} aria-hidden />} onClick={exporting.open}>
                  New export
                </Button>
              )}
            </>
          )
        }
      />
      <ScreenTabs
        label="Jobs and schedules"
        tabs={[
          { value: 'jobs', label: 'Jobs', content: <JobsTab /> },
          ...(maySchedule ? [{ value: 'schedules', label: 'Schedules', content: <SchedulesTab /> }] : []),
        ]}
      />
      <ExportDialog isOpen={isExporting} onClose={exporting.close} onStarted={watch} />
      <BackupDialog isOpen={isBackingUp} onClose={backingUp.close} onStarted={watch} />
    </>
  )
}
