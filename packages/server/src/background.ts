// What a server does besides answering: begun once it listens, ended after the last answer.
import type { Services } from './services.ts'

export async function startBackground({ intake, jobs, webhooks, scheduler, warmUp }: Services): Promise<void> {
  await intake.start()
  await jobs.start()
  await webhooks.start()
  scheduler.start()
  warmUp.start()
}

/** Ends the streams that would go on for minutes, so that the last answer comes soon. */
export function endStreams({ jobs }: Services): void {
  jobs.watchers.close()
}

/** The last to begin is the first to end. */
export async function stopBackground({ intake, jobs, webhooks, scheduler, warmUp }: Services): Promise<void> {
  await warmUp.stop()
  await scheduler.stop()
  await webhooks.stop()
  await jobs.stop()
  await intake.stop()
}
