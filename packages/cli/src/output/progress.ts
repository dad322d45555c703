// A bar on stderr for long work, shown only where a person reads stderr.
import cliProgress from 'cli-progress'
import type { Terminal } from '../terminal.ts'

/** Where work stands; `total` 0 where it is not known. */
export type Progress = { readonly stage: string; readonly done: number; readonly total: number }

/** Runs `work` with a callback that moves the bar; the bar goes away at the end, however it ends. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  if (!terminal.showsProgress) return work(() => undefined)
  const bar = new cliProgress.SingleBar({
    format: '{stage} {bar} {percentage}% {value}/{total}, {eta_formatted} left',
    clearOnComplete: true,
    hideCursor: true,
    barsize: 30,
    stream: process.stderr,
  })
  let started = false
  const show = ({ stage, done, total }: Progress) => {
    const most = Math.max(total, done, 1)
    if (!started) bar.start(most, done, { stage })
    started = true
    bar.setTotal(most)
    bar.update(done, { stage })
  }
  try {
    return await work(show)
  } finally {
    if (started) bar.stop()
  }
}
