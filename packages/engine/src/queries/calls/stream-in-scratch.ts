// Rows that are made in a scratch database and read while it is there: the database goes when the last row was taken, or
// when whoever reads them stops early. On a connection of its own: the main one may be in the middle of a change.
import { invariant } from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'

export type InScratch = { readonly workspace: Workspace; readonly scratch: string }

export async function* streamInScratch<T>(
  workspace: Workspace,
  produce: (held: InScratch) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let open: (held: InScratch) => void = () => {}
  const opened = new Promise<InScratch>((resolve) => {
    open = resolve
  })
  const held = workspace.warehouse.withConnection((warehouse) =>
    warehouse.withScratch(async (scratch) => {
      open({ workspace: { ...workspace, warehouse }, scratch })
      await released
    }),
  )
  try {
    // Where the database cannot be made, `held` fails before it is opened.
    const inScratch = await Promise.race([opened, held.then(() => null)])
    invariant(inScratch !== null, 'a scratch database is there until it is released')
    yield* produce(inScratch)
  } finally {
    release()
    await held
  }
}
