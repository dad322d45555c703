// Streams pieces that can be read only while something is held open: a bill with its scratch tables. It is let go when the
// last piece was taken, or when whoever reads them goes away.
import { invariant } from '@spillway/core'

/** `hold` calls `use` once with the pieces, and lets go when that ends. What it throws before the first piece, this throws. */
export async function* piecesWithin<T>(
  hold: (use: (pieces: AsyncIterable<T>) => Promise<void>) => Promise<unknown>,
): AsyncGenerator<T> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let open: (pieces: AsyncIterable<T>) => void = () => {}
  const opened = new Promise<AsyncIterable<T>>((resolve) => {
    open = resolve
  })
  const held = hold(async (pieces) => {
    open(pieces)
    await released
  })
  try {
    // Where it cannot be opened, `held` fails before there are pieces.
    const pieces = await Promise.race([opened, held.then(() => null)])
    invariant(pieces !== null, 'what is held has pieces')
    yield* pieces
  } finally {
    release()
    await held
  }
}
