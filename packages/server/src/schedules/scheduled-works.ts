// What the jobs of schedules do, and how it is known beforehand that there is nothing to do.
import { join } from 'node:path'
import { type LocalDate, monthOf, type Period, Refusal, shiftPeriod } from '@spillway/core'
import { closePeriod, currentRun, missingBills, type Workspace } from '@spillway/engine'
import type { ScheduleKind } from '../contract/jobs.ts'
import type { ScheduleRequest } from '../contract/schedules.ts'
import { announceImport } from '../jobs/announce-import.ts'
import type { JobContext, JobWork } from '../jobs/job-runner.ts'
import type { WorkParts } from '../jobs/work-parts.ts'
import { scopeOfOwner, workspaceIn } from '../permissions/scope-of.ts'
import { mailStatements } from './mail-statements.ts'
import type { HasWork } from './scheduler.ts'
import { importFolder, wholeFilesIn } from './watched-folder.ts'

type Of<K extends ScheduleKind> = Extract<ScheduleRequest, { readonly kind: K }>

export function scheduledWorks(parts: WorkParts): Readonly<Record<ScheduleKind, JobWork>> {
  const { writing, watchedFolders, workspace } = parts
  return {
    'import-folder': {
      lane: 'change',
      run: async ({ request, who, signal, onProgress }) => {
        await scopeOfOwner(workspace, request.owner, 'import:change')
        const { folder, source } = request.parameters as Of<'import-folder'>
        const watched = { folder: join(watchedFolders, folder), source }
        const result = await writing.take({ who }, (acting) => importFolder(acting, watched, { signal, onProgress }))
        return { result, files: [] }
      },
      announce: announceImport,
    },
    'close-when-complete': { lane: 'change', run: (context) => closeWhenComplete(parts, context) },
    'mail-statements': { lane: 'read', run: (context) => mailFor(parts, context) },
  }
}

/** Asked before a job is started, so that a look that finds nothing leaves nothing behind. */
export function scheduledHasWork(parts: WorkParts): Readonly<Record<ScheduleKind, HasWork>> {
  const { workspace, writing, watchedFolders } = parts
  return {
    'import-folder': async (parameters) => {
      const { folder } = parameters as Of<'import-folder'>
      return (await wholeFilesIn(join(watchedFolders, folder), workspace.actor.now())).length > 0
    },
    'close-when-complete': async (parameters) => {
      const { expected } = parameters as Of<'close-when-complete'>
      const period = monthBefore(workspace)
      if (await isClosed(workspace, period)) return false
      return (await writing.beside({ who: 'schedules' }, (own) => missingBills(own, { period, expected }))).length === 0
    },
    // Who has been sent what is found out by the job itself: the owner's grants are asked there.
    'mail-statements': async () => (await stateOf(workspace, monthBefore(workspace))) === 'published',
  }
}

async function closeWhenComplete({ workspace, writing, intake }: WorkParts, context: JobContext) {
  const { request, who, signal, onProgress } = context
  await scopeOfOwner(workspace, request.owner, 'period:change')
  const { expected } = request.parameters as Of<'close-when-complete'>
  const period = monthBefore(workspace)
  await intake.importWaiting()
  const result = await writing.take({ who }, async (acting) => {
    const missing = await missingBills(acting, { period, expected })
    if (missing.length > 0 || (await isClosed(acting, period))) return { period: period.name, missing, run: null }
    const { run, problemCounts } = await closePeriod(acting, { period, signal, onProgress })
    return { period: period.name, missing, run, problems: problemCounts }
  })
  return { result, files: [] }
}

async function mailFor({ workspace, writing, mail }: WorkParts, context: JobContext) {
  const { request, who } = context
  const scope = await scopeOfOwner(workspace, request.owner, 'report:read')
  const { company } = request.parameters as Of<'mail-statements'>
  const period = monthBefore(workspace)
  const result = await writing.beside({ who }, (own) =>
    mailStatements(workspaceIn(own, scope), { period, company }, { mail, context }),
  )
  return { result, files: [] }
}

/** The calendar month before the one that it is now, in UTC. */
function monthBefore({ actor }: Pick<Workspace, 'actor'>): Period {
  return shiftPeriod(monthOf(actor.now().toISOString().slice(0, 10) as LocalDate), -1)
}

async function stateOf(workspace: Workspace, period: Period): Promise<string | undefined> {
  try {
    return (await currentRun(workspace, period)).state
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'period-not-closed') return undefined
    throw error
  }
}

async function isClosed(workspace: Workspace, period: Period): Promise<boolean> {
  return (await stateOf(workspace, period)) !== undefined
}
