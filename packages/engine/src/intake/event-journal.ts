// Where events wait between being acknowledged and being imported: lines appended to a file and on the disk before anybody is
// told so. Many appends at once share one write and one fsync. Knows nothing of what a line means.
import { type FileHandle, mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { invariant } from '@spillway/core'

export type EventJournalOptions = {
  /** Made where it is missing. */
  readonly directory: string
  /** The journal is full where so many characters are not on the disk yet. */
  readonly waitingBytesMax?: number
}

const WAITING_BYTES_MAX = 64 * 1024 ** 2

type Waiting = { readonly text: string; readonly resolve: () => void; readonly reject: (error: unknown) => void }

const OPEN_SUFFIX = '.part'
const SEALED_SUFFIX = '.ndjson'
const NUMBER_DIGITS = 10

/** One writer; a segment that is sealed never changes again. */
export class EventJournal {
  readonly #directory: string
  readonly #waitingBytesMax: number
  #next: number
  #segment: { readonly name: string; readonly file: FileHandle; bytes: number } | null = null
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** Writes and seals follow each other. */
  #last: Promise<unknown> = Promise.resolve()
  #isDraining = false
  #isClosed = false

  private constructor(directory: string, { next, waitingBytesMax }: { next: number; waitingBytesMax: number }) {
    this.#directory = directory
    this.#next = next
    this.#waitingBytesMax = waitingBytesMax
  }

  /**
   * Opens the journal. What a killed process left open is sealed, without a last line that was not written to its end: nobody
   * was told of that one.
   */
  static async open({ directory, waitingBytesMax = WAITING_BYTES_MAX }: EventJournalOptions): Promise<EventJournal> {
    await mkdir(directory, { recursive: true })
    const names = await readdir(directory)
    for (const name of names.filter((one) => one.endsWith(OPEN_SUFFIX))) await sealLeft(join(directory, name))
    const numbers = names.map((name) => Number(/^events-(\d+)/.exec(name)?.[1] ?? 0))
    return new EventJournal(directory, { next: Math.max(0, ...numbers) + 1, waitingBytesMax })
  }

  /** True where so much waits for the disk that whoever sends should be told to come back. */
  get isFull(): boolean {
    return this.#waitingBytes >= this.#waitingBytesMax
  }

  /** Resolves once the lines are on the disk, in order and in one segment. Rejected, none of them counts. */
  append(lines: ReadonlyArray<string>): Promise<void> {
    for (const line of lines) invariant(!/[\n\r]/.test(line), 'an event is one line', { line: line.slice(0, 80) })
    invariant(!this.#isClosed, 'a closed journal takes nothing', {})
    if (lines.length === 0) return Promise.resolve()
    const text = `${lines.join('\n')}\n`
    this.#waitingBytes += text.length
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject })
      if (!this.#isDraining) void this.#drain()
    })
  }

  /** Closes the segment that is written to, and says which wait to be imported, oldest first. */
  async seal(): Promise<ReadonlyArray<string>> {
    await this.#inTurn(() => this.#sealSegment())
    const names = await readdir(this.#directory)
    return names
      .filter((name) => name.endsWith(SEALED_SUFFIX))
      .sort()
      .map((name) => join(this.#directory, name))
  }

  /** Bytes of the segment that is written to. */
  get openBytes(): number {
    return this.#segment?.bytes ?? 0
  }

  /** Waits for what was given, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#inTurn(() => this.#sealSegment())
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    while (this.#waiting.length > 0)
      await this.#inTurn(async () => {
        const group = this.#waiting
        this.#waiting = []
        try {
          await this.#write(group.map(({ text }) => text).join(''))
          for (const { resolve } of group) resolve()
        } catch (error) {
          for (const { reject } of group) reject(error)
        } finally {
          for (const { text } of group) this.#waitingBytes -= text.length
        }
      })
    this.#isDraining = false
  }

  async #write(text: string): Promise<void> {
    const segment = this.#segment ?? (await this.#begin())
    try {
      await segment.file.appendFile(text)
      await segment.file.datasync()
    } catch (error) {
      // After a failed write nobody knows what is on the disk: the segment keeps what it had, and takes nothing more.
      await this.#sealSegment()
      throw error
    }
    segment.bytes += Buffer.byteLength(text)
  }

  async #begin() {
    const name = `events-${String(this.#next).padStart(NUMBER_DIGITS, '0')}`
    this.#next += 1
    const file = await open(join(this.#directory, `${name}${OPEN_SUFFIX}`), 'ax')
    await syncDirectory(this.#directory)
    this.#segment = { name, file, bytes: 0 }
    return this.#segment
  }

  async #sealSegment(): Promise<void> {
    const segment = this.#segment
    if (segment === null) return
    this.#segment = null
    await segment.file.close()
    await sealFile(join(this.#directory, `${segment.name}${OPEN_SUFFIX}`), segment.bytes)
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = Promise.allSettled([turn])
    return turn
  }
}

/** Keeps the lines that were written to their end. */
async function sealLeft(path: string): Promise<void> {
  const bytes = await readFile(path)
  await sealFile(path, bytes.lastIndexOf('\n'.charCodeAt(0)) + 1)
}

async function sealFile(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(path, path.slice(0, -OPEN_SUFFIX.length) + SEALED_SUFFIX)
  await syncDirectory(dirname(path))
}

/** A new name is on the disk once its folder is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
