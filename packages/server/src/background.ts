// What a server does besides answering: begun once it listens, ended after the last answer.
import type { Services } from './services.ts'

export async function startBackground({ intake }: Services): Promise<void> {
  await intake.start()
}

/** The last to begin is the first to end. */
export async function stopBackground({ intake }: Services): Promise<void> {
  await intake.stop()
}
