// Streams what an encoder makes, piece by piece, as fast as the reader takes it.
export async function streamOf(pieces: AsyncIterable<string | Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  const source = pieces[Symbol.asyncIterator]()
  // What cannot be done is said before the answer begins: afterwards only the connection can break off.
  let first: IteratorResult<string | Uint8Array> | null = await source.next()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = first ?? (await source.next())
      first = null
      if (done) controller.close()
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
    },
    async cancel() {
      await source.return?.()
    },
  })
}
