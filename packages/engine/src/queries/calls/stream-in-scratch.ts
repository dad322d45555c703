// Rows that are made in a scratch database and read while it is there: the database goes when the last row was taken, or
// when whoever reads them stops early.
import { invariant } from '@spillway/core'
import type { Warehouse } from '../../warehouse/warehouse.ts'

export async function* streamInScratch<T>(
  warehouse: Warehouse,
  produce: (scratch: string) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let open: (scratch: string) => void = () => {}
  const opened = new Promise<string>((resolve) => {
    open = resolve
  })
  const held = warehouse.withScratch(async (scratch) => {
    open(scratch)
    await released
  })
  try {
    // Where the database cannot be made, `held` fails before it is opened.
    const scratch = await Promise.race([opened, held.then(() => null)])
    invariant(scratch !== null, 'a scratch database is there until it is released')
    yield* produce(scratch)
  } finally {
    release()
    await held
  }
}
