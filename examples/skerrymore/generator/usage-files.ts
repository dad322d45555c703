// The uses as they arrive: meters and trackers as canonical usage.csv, gateways as CloudEvents, backup SIMs as the pages of
// Twilio's API. Delivered at least once, in the order in which they came in.
import { Random } from './random.ts'
import type { Use } from './usage.ts'
import type { WrittenFile } from './written-file.ts'

/** As the head-end of the meters exports it: UTC, kilobytes. */
export function metersFile(path: string, uses: ReadonlyArray<Use>): WrittenFile {
  const rows = inOrder(uses).map(
    ({ id, service, atSeconds, quantity }) => `headend,${id},${service},data,${utc(atSeconds)},${quantity / 1000},kB`,
  )
  return { path, content: `source,id,service,usage_type,started_at,quantity,unit\n${lines(rows)}` }
}

/** As the tracking platform in Germany exports it: local time with its offset. */
export function trackersFile(path: string, uses: ReadonlyArray<Use>): WrittenFile {
  const rows = inOrder(uses).map(({ id, service, atSeconds, usageType, zone, quantity }) => {
    const [amount, unit] = usageType === 'data' ? [quantity / 1000, 'kB'] : [quantity, 'count']
    return `tracking,${id},${service},${usageType},${zone},${germanTime(atSeconds)},${amount},${unit}`
  })
  return { path, content: `source,id,service,usage_type,zone,started_at,quantity,unit\n${lines(rows)}` }
}

/** One in eighty is delivered twice: the same event, by another way through the network. */
export function gatewaysFile(path: string, uses: ReadonlyArray<Use>): WrittenFile {
  const rows: string[] = []
  for (const one of inOrder(uses)) {
    const random = new Random(`delivery/${one.id}`)
    rows.push(JSON.stringify(cloudEvent(one)))
    if (!random.isOneIn(80)) continue
    const trace = Array.from({ length: 8 }, () => random.int(0, 0xffff).toString(16).padStart(4, '0')).join('')
    rows.push(JSON.stringify({ ...cloudEvent(one), traceparent: `00-${trace}-00f067aa0ba902b7-01` }))
  }
  return { path, content: lines(rows) }
}

function cloudEvent({ id, service, atSeconds, quantity }: Use) {
  return {
    specversion: '1.0',
    type: 'com.skerrymore.usage.data',
    source: '/core/london',
    id,
    subject: service,
    time: utc(atSeconds),
    data: { bytes: quantity },
  }
}

/** A page of Super SIM usage records, by SIM and day. */
export function superSimFile(path: string, uses: ReadonlyArray<Use>): WrittenFile {
  const records = inOrder(uses).map(({ service, atSeconds, quantity }) => {
    const day = utc(atSeconds).slice(0, 10)
    const next = utc(atSeconds + 86_400).slice(0, 10)
    const upload = Math.floor(quantity / 4)
    return {
      account_sid: 'AC00',
      sim_sid: service,
      network_sid: null,
      fleet_sid: null,
      iso_country: 'GB',
      period: { start_time: `${day}T00:00:00Z`, end_time: `${next}T00:00:00Z` },
      data_upload: upload,
      data_download: quantity - upload,
      data_total: quantity,
      data_total_billed: '0.000',
      billed_unit: 'USD',
    }
  })
  const meta = { key: 'usage_records', page: 0, page_size: records.length, next_page_url: null }
  const text = records.map((record) => `    ${JSON.stringify(record)}`).join(',\n')
  return { path, content: `{\n  "usage_records": [\n${text}\n  ],\n  "meta": ${JSON.stringify(meta)}\n}\n` }
}

function inOrder(uses: ReadonlyArray<Use>): Use[] {
  return [...uses].sort((a, b) => a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1))
}

const lines = (rows: ReadonlyArray<string>) => `${rows.join('\n')}\n`

function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

/** Summer time ends on 25 October 2026 at 01:00 UTC. */
function germanTime(seconds: number): string {
  const hours = seconds < Date.UTC(2026, 9, 25, 1) / 1000 ? 2 : 1
  return `${utc(seconds + hours * 3600).slice(0, 19)}+0${hours}:00`
}
