// What the work of jobs is made with: once, by make-server.ts.
import type { Workspace } from '@spillway/engine'
import type { EventIntake } from '../intake/event-intake.ts'
import type { MailSettings } from '../schedules/mail-statements.ts'
import type { Writing } from './writing.ts'

export type WorkParts = {
  readonly backupFolder: string
  readonly watchedFolders: string
  /** undefined where no mail can be sent. */
  readonly mail: MailSettings | undefined
  readonly workspace: Workspace
  readonly writing: Writing
  readonly intake: EventIntake
}
