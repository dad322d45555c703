// A bar on stderr for long work, shown only where a person reads stderr. Where the end is not known it counts rows.
import { Writable } from 'node:stream'
import cliProgress from 'cli-progress'
import type { Terminal } from '../terminal.ts'
import { groupThousands } from './print-table.ts'
import { printable } from './printable.ts'

/** Where work stands; `total` 0 where it is not known. `rows` are shown in place of counts that say nothing to a person, such as bytes. */
export type Progress = {
  readonly stage: string
  readonly done: number
  readonly total: number
  readonly rows?: number
}

const BAR_WIDTH = 24
const STAGE_WIDTH_MAX = 36

/** Runs `work` with a callback that moves the bar; the bar goes away at the end, however it ends. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  if (!terminal.showsProgress) return work(() => undefined)
  const bar = new cliProgress.SingleBar({
    format: (_, { eta, startTime }, { stage, done, total, rows }: Progress) =>
      drawProgress(
        { stage, done, total, ...(rows === undefined ? {} : { rows }) },
        { leftSeconds: eta, elapsedSeconds: (Date.now() - startTime) / 1000 },
      ),
    clearOnComplete: true,
    hideCursor: true,
    stream: streamTo(terminal),
  })
  let started = false
  const show = (progress: Progress) => {
    const most = Math.max(progress.total, progress.done, 1)
    if (!started) bar.start(most, progress.done, progress)
    started = true
    bar.setTotal(most)
    bar.update(progress.done, progress)
  }
  try {
    return await work(show)
  } finally {
    if (started) bar.stop()
  }
}

/** `close ██████░░░░ 60 % 6/10, 0:04 left`, or `read usage.csv 120,000 rows, 0:03`. Times in seconds. */
export function drawProgress(
  { stage, done, total, rows }: Progress,
  { leftSeconds, elapsedSeconds }: { leftSeconds: number; elapsedSeconds: number },
): string {
  const name = printable(stage)
  const shown = name.length > STAGE_WIDTH_MAX ? `${name.slice(0, STAGE_WIDTH_MAX - 1)}…` : name
  const count = (value: number) => groupThousands(String(value))
  if (total <= 0) return `${shown}  ${count(rows ?? done)} rows, ${clock(elapsedSeconds)}`
  const part = Math.min(1, done / total)
  const full = Math.floor(part * BAR_WIDTH)
  const counts = rows === undefined ? `${count(done)}/${count(total)}` : `${count(rows)} rows`
  const left = Number.isFinite(leftSeconds) ? `, ${clock(leftSeconds)} left` : ''
  return `${shown} ${'█'.repeat(full)}${'░'.repeat(BAR_WIDTH - full)} ${Math.floor(part * 100)} % ${counts}${left}`
}

/** 125 is `2:05`. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** What the bar's package takes for a terminal. */
function streamTo(terminal: Terminal): NodeJS.WritableStream {
  const stream = new Writable({
    write: (chunk, _, done) => {
      terminal.draw(String(chunk))
      done()
    },
  })
  return Object.assign(stream, { isTTY: true, columns: terminal.width })
}
