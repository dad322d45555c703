// A schedule as somebody edits it.
import type { Question } from '@spillway/server/client'
import type { Schedule } from './schedule.ts'

export type ScheduleDraft = {
  readonly name: string
  readonly kind: Schedule['kind']
  readonly folder: string
  readonly source: string
  /** `vendor/account`. */
  readonly expected: ReadonlyArray<string>
  readonly company: string
  readonly cron: string
  readonly timeZone: string
  readonly isActive: boolean
}

export const KINDS = ['import-folder', 'close-when-complete', 'mail-statements'] as const

export function draftOf(schedule: Schedule | undefined): ScheduleDraft {
  const request = schedule?.request
  return {
    name: schedule?.name ?? '',
    kind: schedule?.kind ?? 'import-folder',
    folder: request?.kind === 'import-folder' ? request.folder : '',
    source: request?.kind === 'import-folder' ? request.source : '',
    expected:
      request?.kind === 'close-when-complete' ? request.expected.map((one) => `${one.vendor}/${one.account}`) : [],
    company: request?.kind === 'mail-statements' ? (request.company ?? '') : '',
    cron: schedule?.cron ?? '*/15 * * * *',
    timeZone: schedule?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    isActive: schedule?.state !== 'paused',
  }
}

export function requestOf(draft: ScheduleDraft): Question<'putSchedule'>['body'] {
  const { cron, timeZone, isActive } = draft
  return { cron: cron.trim(), timeZone, state: isActive ? 'active' : 'paused', request: workOf(draft) }
}

function workOf({ kind, folder, source, expected, company }: ScheduleDraft): Schedule['request'] {
  switch (kind) {
    case 'import-folder':
      return { kind, folder: folder.trim(), source: source.trim() }
    case 'close-when-complete':
      return {
        kind,
        expected: expected.map((one) => {
          const at = one.indexOf('/')
          return { vendor: one.slice(0, at).trim(), account: one.slice(at + 1).trim() }
        }),
      }
    case 'mail-statements':
      return { kind, ...(company.trim() === '' ? {} : { company: company.trim() }) }
  }
}

/** By field, what is wrong with it. */
export function faultsOf(
  { name, kind, folder, expected, cron }: ScheduleDraft,
  { taken }: { readonly taken: ReadonlyArray<string> },
): Partial<Record<keyof ScheduleDraft, string>> {
  const faults: Partial<Record<keyof ScheduleDraft, string>> = {}
  if (!/^[\w.-]{1,80}$/.test(name.trim())) faults.name = 'Letters, digits, dots and hyphens, 80 at most'
  else if (taken.includes(name.trim())) faults.name = 'There is a schedule of this name'
  if (kind === 'import-folder' && !/^[A-Za-z0-9_][\w.-]{0,79}$/.test(folder.trim()))
    faults.folder = 'The name of a folder, without slashes'
  if (kind === 'close-when-complete' && (expected.length === 0 || expected.some((one) => !/^[^/]+\/.+$/.test(one))))
    faults.expected = 'Vendor and account of at least one bill, with a slash between'
  if (cron.trim().split(/\s+/).length !== 5) faults.cron = 'Five parts: minute, hour, day, month, day of the week'
  return faults
}
