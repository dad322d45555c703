// A terminal that records what a person or a pipe would get, with a fixed clock, for commands run in the test's process.
import { Readable } from 'node:stream'
import pc from 'picocolors'
import type { Terminal } from '../src/index.ts'

export type RecordingTerminal = Terminal & {
  /** Everything written to `out`, as one text. */
  written(): string
  /** The same as bytes. */
  writtenBytes(): Buffer
  /** Everything written as notes, one text, a line a note. */
  notes(): string
  /** Everything drawn for progress. */
  drawn(): string
}

export type RecordingOptions = {
  readonly directory: string
  readonly isInteractive?: boolean
  readonly showsProgress?: boolean
  readonly width?: number
  readonly hasColours?: boolean
  readonly signal?: AbortSignal
}

export function recordingTerminal({
  directory,
  isInteractive = false,
  showsProgress = false,
  width = 100,
  hasColours = false,
  signal = new AbortController().signal,
}: RecordingOptions): RecordingTerminal {
  const out: Uint8Array[] = []
  const notes: string[] = []
  const drawn: string[] = []
  return {
    out: async (piece) => {
      out.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
    },
    note: (text) => {
      notes.push(text)
    },
    draw: (text) => {
      drawn.push(text)
    },
    isInteractive,
    showsProgress,
    width,
    colours: pc.createColors(hasColours),
    now: () => new Date('2026-11-22T09:00:00Z'),
    who: 'tester',
    directory,
    signal,
    input: Readable.from([]),
    written: () => Buffer.concat(out).toString(),
    writtenBytes: () => Buffer.concat(out),
    notes: () => notes.join('\n'),
    drawn: () => drawn.join(''),
  }
}
