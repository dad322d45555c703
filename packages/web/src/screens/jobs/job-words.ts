// What jobs are called on screens.
import type { Job } from '@spillway/server/contract'

export const JOB_NAME: Readonly<Record<Job['kind'], string>> = {
  import: 'Import',
  'import-draft': 'Look at files',
  close: 'Close',
  export: 'Export',
  backup: 'Backup',
  check: 'Check',
  'import-folder': 'Import of a folder',
  'close-when-complete': 'Close when complete',
  'mail-statements': 'Statements by mail',
}

export const JOB_STATE: Readonly<Record<Job['state'], { readonly label: string; readonly color: string }>> = {
  waiting: { label: 'Waiting', color: 'gray' },
  running: { label: 'Running', color: 'indigo' },
  done: { label: 'Done', color: 'green' },
  failed: { label: 'Failed', color: 'red' },
  cancelled: { label: 'Cancelled', color: 'gray' },
}

/** How far it is, 0 to 100; undefined where nobody knows. */
export function percentOf({ done, total }: Job['progress']): number | undefined {
  return total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : undefined
}

export function progressWords({ stage, done, total, rows }: Job['progress'], count: (value: number) => string): string {
  const parts = [
    stage === '' ? 'waits for its turn' : stage,
    ...(total > 0 ? [`${count(done)} of ${count(total)}`] : []),
    ...(rows > 0 ? [`${count(rows)} rows`] : []),
  ]
  return parts.join(', ')
}
