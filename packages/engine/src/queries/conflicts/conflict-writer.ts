// The tables of a scratch database that conflicts are written into, which spills: `conflict`, one row per conflict, in UTC
// microseconds; `conflict_call`, one row per conflict and conference, with the conference's times as stored.
import type { RowWriter, Warehouse } from '../../warehouse/warehouse.ts'

const TABLES = {
  conflict: {
    conflict_no: 'INTEGER',
    user_no: 'BIGINT',
    from_micros: 'BIGINT',
    until_micros: 'BIGINT',
    peak: 'INTEGER',
    conferences: 'INTEGER',
  },
  conflict_call: {
    conflict_no: 'INTEGER',
    user_no: 'BIGINT',
    conference_no: 'BIGINT',
    started_micros: 'BIGINT',
    ended_micros: 'BIGINT',
  },
} as const
type Table = keyof typeof TABLES

export type WrittenConflict = {
  readonly fromMicros: number
  readonly untilMicros: number
  readonly peak: number
  readonly calls: ReadonlyArray<{ readonly conferenceNo: bigint; readonly started: number; readonly ended: number }>
}

export class ConflictWriter {
  readonly #writers: Readonly<Record<Table, RowWriter>>
  #conflicts = 0

  private constructor(writers: Readonly<Record<Table, RowWriter>>) {
    this.#writers = writers
  }

  /** Makes the tables. */
  static async open(warehouse: Warehouse, scratch: string): Promise<ConflictWriter> {
    const open = async (table: Table) => {
      const columns = Object.entries(TABLES[table])
      const definition = columns.map((column) => column.join(' ')).join(', ')
      await warehouse.run(`CREATE TABLE ${scratch}.${table} (${definition})`)
      return warehouse.writer(table, Object.keys(TABLES[table]), scratch)
    }
    return new ConflictWriter({ conflict: await open('conflict'), conflict_call: await open('conflict_call') })
  }

  append(userNo: bigint, { fromMicros, untilMicros, peak, calls }: WrittenConflict): void {
    const conflictNo = this.#conflicts
    this.#conflicts += 1
    this.#writers.conflict.append([conflictNo, userNo, BigInt(fromMicros), BigInt(untilMicros), peak, calls.length])
    for (const { conferenceNo, started, ended } of calls)
      this.#writers.conflict_call.append([conflictNo, userNo, conferenceNo, BigInt(started), BigInt(ended)])
  }

  close(): void {
    for (const writer of Object.values(this.#writers)) writer.close()
  }
}
