// When a schedule is due next: five fields as cron has them, in a time zone.
import { Refusal } from '@spillway/core'
import { Cron } from 'croner'

export type Timetable = { readonly cron: string; readonly timeZone: string }

/** null where it is never due again. @throws Refusal `bad-command` for times or a zone that cannot be read. */
export function nextRunOf({ cron, timeZone }: Timetable, after: Date): string | null {
  try {
    if (cron.trim().split(/\s+/).length !== 5) throw new Error('five fields are needed')
    return new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true }).nextRun(after)?.toISOString() ?? null
  } catch (error) {
    throw new Refusal(
      'bad-command',
      `The times "${cron}" in ${timeZone} cannot be read: ${(error as Error).message}.`,
      {
        hint: 'Write minute, hour, day of month, month and day of week, such as `0 6 * * *`.',
      },
    )
  }
}
