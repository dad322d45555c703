// Takes events and acknowledges them once they are on the disk; imports them beside that, segment by segment, through the same
// import as files. Never acknowledges what could be lost, and never waits for an import to acknowledge.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Intake, invariant, Refusal } from '@spillway/core'
import { EventJournal, importSegment, intakeOf, type Workspace, waitingSegments } from '@spillway/engine'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import type { Logger } from 'pino'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Writing } from '../jobs/writing.ts'

const SOURCE = 'cloudevents'
/** A segment that has grown so large is imported at once. */
const SEGMENT_BYTES = 32 * 1024 ** 2
const RETRY_SECONDS = 5

type Backlog = { events: number; bytes: number }

export type IntakeStatus = {
  readonly waitingEvents: number
  readonly waitingBytes: number
  /** All events that were acknowledged before it are imported; null where none were imported since the server began. */
  readonly importedThrough: string | null
  readonly importedEvents: number
  readonly quarantinedEvents: number
  readonly duplicateEvents: number
  readonly refusedEvents: number
  /** Why the last import failed; '' where it did not. */
  readonly failure: string
}

export type EventIntakeParts = {
  readonly workspace: Workspace
  readonly writing: Writing
  readonly log: Logger
  readonly registry: Registry
  readonly importSeconds: number
  readonly waitingBytesMax: number
}

export class EventIntake {
  readonly #parts: EventIntakeParts
  readonly #intake: Intake
  readonly #accepted: Counter
  readonly #sums = { imported: 0, quarantined: 0, duplicates: 0, refused: 0 }
  #journal: Promise<EventJournal> | null = null
  /** Of segments, by the name without its ending. */
  readonly #waiting: Backlog = { events: 0, bytes: 0 }
  /** Appended since the last seal: what the segment that is written to holds. */
  #open: Backlog = { events: 0, bytes: 0 }
  readonly #sealed = new Map<string, Backlog>()
  #importedThrough: string | null = null
  #failure = ''
  #timer: NodeJS.Timeout | null = null
  #importing: Promise<void> = Promise.resolve()
  #queued: Promise<void> | null = null
  #isStopping = false

  constructor(parts: EventIntakeParts) {
    this.#parts = parts
    const importer = IMPORTERS.find(({ name }) => name === SOURCE)
    invariant(importer, 'the importer of events is built in')
    this.#intake = fileIntake([importer])
    const registers = [parts.registry]
    this.#accepted = new Counter({ name: 'spillway_events_accepted_total', help: 'Events acknowledged.', registers })
    const waiting = this.#waiting
    new Gauge({
      name: 'spillway_events_waiting_bytes',
      help: 'Bytes of events that are acknowledged and not imported yet.',
      registers,
      collect() {
        this.set(waiting.bytes)
      },
    })
  }

  /** Opens the journal, imports what an earlier process left, and goes on every few seconds. */
  async start(): Promise<void> {
    await this.#opened()
    this.#wait(this.#waiting.events > 0 ? 0 : this.#parts.importSeconds)
  }

  /** Lets the import that runs come to its end; what is left is imported after the next start. */
  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#timer) clearTimeout(this.#timer)
    await Promise.allSettled([this.#importing])
    if (this.#journal) await (await this.#journal).close()
  }

  /** Resolves once the events are on the disk: one line each. @throws Refusal `intake-full`, `no-space`. */
  async accept(lines: ReadonlyArray<string>): Promise<void> {
    const journal = await this.#opened()
    if (this.#isStopping || journal.isFull || this.#waiting.bytes > this.#parts.waitingBytesMax)
      throw new Refusal('intake-full', 'More events wait to be imported than are kept.', {
        hint: 'Send them again later.',
        facts: { retryAfterSeconds: RETRY_SECONDS },
      })
    let bytes = 0
    for (const line of lines) bytes += line.length + 1
    await journal.append(lines).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOSPC'
        ? new Refusal('no-space', 'The disk of the server is full.', { hint: 'Send them again when there is room.' })
        : error
    })
    for (const backlog of [this.#waiting, this.#open]) {
      backlog.events += lines.length
      backlog.bytes += bytes
    }
    this.#accepted.inc(lines.length)
    if (this.#open.bytes > SEGMENT_BYTES) void Promise.allSettled([this.importWaiting()])
  }

  status(): IntakeStatus {
    const { imported, quarantined, duplicates, refused } = this.#sums
    return {
      waitingEvents: this.#waiting.events,
      waitingBytes: this.#waiting.bytes,
      importedThrough: this.#importedThrough,
      importedEvents: imported,
      quarantinedEvents: quarantined,
      duplicateEvents: duplicates,
      refusedEvents: refused,
      failure: this.#failure,
    }
  }

  /** Imports all that is acknowledged by now. Takes its own turns: never to be called within one. */
  importWaiting(): Promise<void> {
    // One that is queued and has not begun will seal what is there when it begins.
    if (this.#queued) return this.#queued
    const queued = Promise.allSettled([this.#importing]).then(() => {
      this.#queued = null
      return this.#importAll()
    })
    this.#queued = queued
    this.#importing = queued
    return queued
  }

  #wait(seconds: number): void {
    if (this.#isStopping) return
    this.#timer = setTimeout(() => {
      void Promise.allSettled([this.importWaiting()]).then(() => this.#wait(this.#parts.importSeconds))
    }, seconds * 1000)
    this.#timer.unref()
  }

  #opened(): Promise<EventJournal> {
    this.#journal ??= this.#openJournal()
    return this.#journal
  }

  async #openJournal(): Promise<EventJournal> {
    const { directory } = this.#parts.workspace
    const journal = await EventJournal.open({ directory: intakeOf(directory) })
    for (const path of await waitingSegments(directory)) {
      const backlog = { events: await countLines(path), bytes: (await stat(path)).size }
      this.#sealed.set(basename(path), backlog)
      this.#waiting.events += backlog.events
      this.#waiting.bytes += backlog.bytes
    }
    return journal
  }

  async #importAll(): Promise<void> {
    const { workspace, writing, log } = this.#parts
    try {
      const journal = await this.#opened()
      const at = workspace.actor.now().toISOString()
      const paths = await journal.seal()
      // An append between the seal and here goes into the next segment; its count may be in this one, and evens out there.
      const newest = paths.at(-1)
      if (newest !== undefined && !this.#sealed.has(basename(newest))) {
        this.#sealed.set(basename(newest), this.#open)
        this.#open = { events: 0, bytes: 0 }
      }
      for (const path of paths) {
        if (this.#isStopping) return
        const report = await writing.take({ who: 'events' }, (acting) =>
          importSegment(acting, { path, intake: this.#intake, source: SOURCE }),
        )
        this.#count(path, report)
        if (report.refused.length > 0 || report.quarantined > 0)
          log.warn({ quarantined: report.quarantined, refused: report.refused.length }, 'events were not taken')
      }
      this.#importedThrough = at
      this.#failure = ''
    } catch (error) {
      this.#failure = error instanceof Refusal ? error.message : 'The import failed; the log says why.'
      log.error({ err: error }, 'events could not be imported; they stay, and are tried again')
      throw error
    }
  }

  #count(path: string, report: Awaited<ReturnType<typeof importSegment>>): void {
    const backlog = this.#sealed.get(basename(path)) ?? { events: 0, bytes: 0 }
    this.#sealed.delete(basename(path))
    this.#waiting.events -= backlog.events
    this.#waiting.bytes -= backlog.bytes
    this.#sums.imported += report.accepted
    this.#sums.quarantined += report.quarantined
    this.#sums.duplicates += report.duplicates
    this.#sums.refused += report.refused.length
  }
}

async function countLines(path: string): Promise<number> {
  let lines = 0
  for await (const piece of createReadStream(path)) for (const byte of piece as Buffer) if (byte === NEWLINE) lines += 1
  return lines
}

const NEWLINE = 0x0a
