// What HTTP adds to taking events in: batches of 100 events sent to a server, acknowledged on the disk and imported to the last,
// beside the same events from a file through the same import. Server and sender are processes of their own; each round
// measures both sides, one after the other, in workspaces of their own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalDate } from '@spillway/core'
import { importFiles, initWorkspace } from '@spillway/engine'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import { median } from './run-sizes.ts'
import { startServed } from './served.ts'

const BATCH = 100
const EVENTS = Number(process.argv[2] ?? 200_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const SENDERS = 8

/** As a meter sends it: about 330 bytes. */
function eventOf(index: number): string {
  const minute = new Date(Date.UTC(2026, 9, 1) + (index % 40_000) * 60_000).toISOString()
  const service = String(index % 10_000).padStart(15, '0')
  return `{"specversion":"1.0","id":"e-${index}","source":"/meters/north","type":"com.acme.data","time":"${minute}","subject":"${service}","datacontenttype":"application/json","data":{"account":"A-1","service":"${service}","usage_type":"data","quantity":"${(index % 900) + 1}.5","unit":"MB","zone":"domestic","time_band":"","network":""}}`
}

type Side = { readonly ms: number; readonly cpuMs: number; readonly eventsPerSecond: number }
const sideOf = (ms: number, cpuMs: number): Side => ({ ms, cpuMs, eventsPerSecond: Math.round((EVENTS / ms) * 1000) })
const cpuNow = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Sends all of them and says how long it took until each was acknowledged. */
async function sendAll(url: string, token: string): Promise<number> {
  const bodies: string[] = []
  for (let first = 0; first < EVENTS; first += BATCH)
    bodies.push(`[${Array.from({ length: BATCH }, (_, at) => eventOf(first + at)).join(',')}]`)
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' }
  const post = (body: string) =>
    new Promise<void>((resolve, reject) => {
      const sent = request(`${url}/v1/events`, {
        ...{ method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      })
      sent.on('error', reject)
      sent.on('response', (answer) => {
        answer.resume()
        answer.on('end', () =>
          answer.statusCode === 202 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        )
      })
      sent.end(body)
    })
  const startedAt = performance.now()
  let next = 0
  const sender = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(body)
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  agent.destroy()
  return performance.now() - startedAt
}

type Status = { readonly importedEvents: number; readonly waitingEvents: number }

async function overHttp(folder: string): Promise<OverHttp> {
  const served = await startServed(join(folder, 'served'))
  const before = await served.usage()
  const startedAt = performance.now()
  const child = fork(fileURLToPath(import.meta.url), [String(EVENTS), 'send', served.url, served.token], {
    ...{ execArgv: process.execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  })
  const [acknowledgedMs] = (await once(child, 'message')) as [number]
  const startMs = performance.now() - startedAt - acknowledgedMs
  const acknowledged = await served.usage()
  const { importedEvents, waitingEvents } = (await served.ask('/v1/events/import', { method: 'POST' })) as Status
  if (importedEvents !== EVENTS || waitingEvents !== 0) throw new Error(`${importedEvents} of ${EVENTS} were imported`)
  const ms = performance.now() - startedAt - startMs
  const after = await served.usage()
  await served.stop()
  return {
    all: sideOf(ms, after.cpuMs - before.cpuMs),
    acknowledged: sideOf(acknowledgedMs, acknowledged.cpuMs - before.cpuMs),
  }
}

async function fromFile(folder: string): Promise<Side> {
  const actor = { who: 'bench', now: () => new Date(), codeVersion: 'bench' }
  const path = join(folder, 'events.ndjson')
  writeFileSync(path, Array.from({ length: EVENTS }, (_, at) => `${eventOf(at)}\n`).join(''))
  const workspace = await initWorkspace(join(folder, 'file'), { actor, holder: 'bench' })
  const [startedAt, cpu] = [performance.now(), cpuNow()]
  const { files } = await importFiles(workspace, {
    ...{ paths: [path], source: 'cloudevents', asOfOn: '2026-11-22' as LocalDate, intake: fileIntake(IMPORTERS) },
  })
  const side = sideOf(performance.now() - startedAt, cpuNow() - cpu)
  if (files[0]?.rows.accepted !== EVENTS) throw new Error(`not imported: ${JSON.stringify(files)}`)
  await workspace.close()
  return side
}

type OverHttp = { readonly all: Side; readonly acknowledged: Side }
type Round = { readonly file: Side; readonly http: OverHttp; readonly load: number | undefined }

async function main(): Promise<void> {
  const rounds: Round[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'spillway-intake-'))
    try {
      rounds.push({ file: await fromFile(folder), http: await overHttp(folder), load: loadavg()[0] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const over = (ratio: (round: Round) => number) => Number(median(rounds.map(ratio)).toFixed(2))
  const summary = {
    events: EVENTS,
    eventsPerSecond: {
      file: median(rounds.map(({ file }) => file.eventsPerSecond)),
      http: median(rounds.map(({ http }) => http.all.eventsPerSecond)),
      acknowledged: median(rounds.map(({ http }) => http.acknowledged.eventsPerSecond)),
    },
    /** Events a second over HTTP and imported, of those from a file; half is what we want at least. */
    ratio: over(({ file, http }) => file.ms / http.all.ms),
    ratioOfProcessorTime: over(({ file, http }) => file.cpuMs / http.all.cpuMs),
  }
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const results = fileURLToPath(new URL('./results', import.meta.url))
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'intake.json'), `${JSON.stringify({ machine, summary, rounds }, null, 2)}\n`)
}

const [, , , verb = '', url = '', token = ''] = process.argv
if (verb === 'send') process.send?.(await sendAll(url, token), () => process.exit(0))
else await main()
