// Sends a request over a socket as it is: no client that mends what is wrong with it.
import { Agent, request } from 'node:http'
import type { FuzzRequest } from './requests.ts'

export type FuzzAnswer = { readonly status: number; readonly type: string; readonly text: string }

export const agent = new Agent({ keepAlive: true, maxSockets: 8 })
/** Of an answer so much is looked at. */
const LOOKED_AT_MAX = 20_000_000

/** @throws Error where the connection breaks off without an answer, or nothing comes for a minute. */
export function send(url: string, { method, path, headers, body }: FuzzRequest): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url)
  // Some with a length, some as a stream of which nobody knows it.
  const framing: Record<string, string> =
    body === null
      ? {}
      : body.length % 2 === 0
        ? { 'content-length': String(body.length) }
        : { 'transfer-encoding': 'chunked' }
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, method, path, headers: { ...headers, ...framing }, agent, timeout: 60_000 },
      (response) => {
        const type = response.headers['content-type'] ?? ''
        const pieces: Buffer[] = []
        let size = 0
        const end = () => resolve({ status: response.statusCode ?? 0, type, text: Buffer.concat(pieces).toString() })
        response.on('data', (piece: Buffer) => {
          size += piece.length
          if (size < LOOKED_AT_MAX) pieces.push(piece)
          // Events go on for as long as somebody reads them.
          if (type.startsWith('text/event-stream')) {
            response.destroy()
            end()
          }
        })
        response.on('end', end)
        response.on('error', reject)
        if (type.startsWith('text/event-stream')) setTimeout(() => response.destroy(), 2000).unref()
        response.on('close', end)
      },
    )
    asked.on('timeout', () => asked.destroy(new Error('no answer came for a minute')))
    asked.on('error', reject)
    if (body !== null) asked.write(body)
    asked.end()
  })
}
