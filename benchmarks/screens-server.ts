// The server whose screens screens.bench.ts visits, in a process of its own as everybody has it: beside what drives the browser, each would
// wait for the turns of the other. `screens-server.ts WORKSPACE DIST` serves a copy until whoever began it goes away or says so.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace, serverMemoryLimit } from '@spillway/engine'
import { listen, makeLog, makeServer, readSettings, readWebFiles } from '@spillway/server'

/** What it says once its first views are made. */
export type Serving = { readonly url: string; readonly offer: string; readonly warmUpMs: number }

const [directory = '', dist = ''] = process.argv.slice(2)
const gone = new Promise((resolve) => process.once('disconnect', resolve))
const actor = { who: 'bench', now: () => new Date(), codeVersion: 'bench' }
const folder = await mkdtemp(join(tmpdir(), 'spillway-screens-bench-'))
try {
  await cp(directory, join(folder, 'w'), { recursive: true, filter: (path) => !path.endsWith('.spill') })
  const workspace = await openWorkspace(join(folder, 'w'), {
    ...{ access: 'write', memoryLimit: serverMemoryLimit() },
    ...{ actor, holder: 'bench' },
  })
  const settings = await readSettings({ environment: { SPILLWAY_PORT: '0', SPILLWAY_HOST: '127.0.0.1' }, given: {} })
  const log = makeLog(process.stderr, 'error')
  const server = makeServer({ workspace, settings, log, web: await readWebFiles(dist) })
  const { url, stop } = await listen(server)
  try {
    const warmedAt = performance.now()
    await server.services.warmUp.settled()
    const warmUpMs = Math.round(performance.now() - warmedAt)
    process.send?.({ url, offer: server.services.ownerSetup.offer(), warmUpMs } satisfies Serving)
    await gone
  } finally {
    await stop()
    await workspace.close()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
