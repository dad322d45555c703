// Starts serve-bench.ts, bundled, in a process of its own and talks to it: over HTTP, and over IPC about what it uses.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bundle } from './bundle.ts'
import type { ServedBench, Usage } from './serve-bench.ts'

export type Served = ServedBench & {
  usage(): Promise<Usage>
  /** Comes back once the server has made its first views. */
  warmed(): Promise<void>
  /** The answer's JSON. @throws Error for an answer that is no success. */
  ask(
    path: string,
    request?: { readonly method?: string; readonly type?: string; readonly body?: string },
  ): Promise<unknown>
  stop(): Promise<void>
}

/** Events are imported every 60 seconds, as a server does by itself, or so often as is said; `memoryLimit` is the database's. */
export async function startServed(directory: string, { importSeconds = 60, memoryLimit = '' } = {}): Promise<Served> {
  const given = [directory, String(importSeconds), memoryLimit]
  const script = await bundle(new URL('./serve-bench.ts', import.meta.url), 'serve-bench')
  const child = fork(script, given, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const told = (await answerOf(child)) as ServedBench
  return {
    ...told,
    usage: async () => {
      const answer = answerOf(child)
      child.send('usage')
      return (await answer) as Usage
    },
    warmed: async () => {
      const answer = answerOf(child)
      child.send('warmed')
      await answer
    },
    ask: async (path, { method = 'GET', type = 'application/json', body } = {}) => {
      const answer = await fetch(`${told.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${told.token}`, ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
      return text === '' ? null : (JSON.parse(text) as unknown)
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
      await rm(dirname(script), { recursive: true, force: true })
    },
  }
}

/** The next message; a server that ends before it has none. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onEnd = (code: number | null) => reject(new Error(`the server ended with ${code}`))
    child.once('exit', onEnd)
    child.once('message', (message) => {
      child.off('exit', onEnd)
      resolve(message)
    })
  })
}
