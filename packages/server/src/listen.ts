// The socket: answers requests until it is stopped, and lets those under way come to their end.
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Refusal } from '@spillway/core'
import { endStreams, startBackground, stopBackground } from './background.ts'
import type { Server } from './http/environment.ts'

export type Listening = {
  /** `http://127.0.0.1:7070`. */
  readonly url: string
  /** Takes no new request, waits for those under way, and breaks off what is left after `stop-seconds`. */
  stop(): Promise<void>
}

/** @throws Refusal `bad-command` where the port cannot be had. */
export async function listen({ app, services }: Server): Promise<Listening> {
  const { host, port, 'stop-seconds': stopSeconds } = services.settings
  // It puts answers that are a text or bytes on the wire as they are: `Response` of the process is one that need not be a stream.
  const http = createAdaptorServer({ fetch: app.fetch }) as HttpServer
  // A client that sends its headers for minutes holds a connection; bodies may take as long as they are large.
  http.headersTimeout = 20_000
  http.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(asRefusal(error, `${host}:${port}`)))
    http.listen(port, host, resolve)
  })
  await startBackground(services)
  const { address, port: bound, family } = http.address() as AddressInfo
  const shown = family === 'IPv6' ? `[${address}]` : address
  return {
    url: `http://${shown}:${bound}`,
    stop: () => {
      services.isStopping = true
      endStreams(services)
      return closed(http, stopSeconds).then(() => stopBackground(services))
    },
  }
}

function closed(http: HttpServer, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const last = setTimeout(() => http.closeAllConnections(), seconds * 1000)
    http.close(() => {
      clearTimeout(last)
      resolve()
    })
    http.closeIdleConnections()
  })
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has it',
  EACCES: 'permission is denied',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
}

function asRefusal(error: NodeJS.ErrnoException, place: string): unknown {
  const reason = REASONS[error.code ?? '']
  if (reason === undefined) return error
  return new Refusal('bad-command', `Nothing can listen on ${place}: ${reason}.`, {
    hint: 'Name another with --port or --host.',
  })
}
