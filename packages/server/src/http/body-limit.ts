// Keeps a body that is read whole within a size. Reads no body whose length is said; the server holds it to what it said.
import { Refusal } from '@spillway/core'
import type { MiddlewareHandler } from 'hono'
import type { ServerEnv } from './environment.ts'

export function limitBody(bytesMax: number): MiddlewareHandler<ServerEnv> {
  const tooLarge = () =>
    new Refusal('too-large', `The request is larger than ${bytesMax / 1024 ** 2} MiB.`, {
      hint: 'Send a file as an import.',
    })
  return async (c, next) => {
    const length = c.req.header('content-length')
    if (length !== undefined) {
      if (!(Number(length) <= bytesMax)) throw tooLarge()
      return next()
    }
    // No body is read of these, and to ask for one would make a whole `Request` of a light one.
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const { body } = c.req.raw
    if (body === null) return next()
    const pieces: Uint8Array[] = []
    let bytes = 0
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      bytes += piece.byteLength
      if (bytes > bytesMax) throw tooLarge()
      pieces.push(piece)
    }
    // Whoever reads the body from here on gets what was read.
    const whole = new Uint8Array(Buffer.concat(pieces)).buffer
    c.req.bodyCache.arrayBuffer = Promise.resolve(whole) as never
    return next()
  }
}
