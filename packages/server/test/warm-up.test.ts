import { type Period, parsePeriod } from '@spillway/core'
import { closePeriod } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstViews, viewsOfCalls, viewsOfMonth } from '../src/warm-up.ts'
import { ask } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
})
afterAll(async () => {
  await company.server.services.warmUp.stop()
  await company.remove()
})

const made = async () => {
  const text = await company.server.services.metrics.text()
  return Number(/^spillway_report_pages_made_total (\d+)$/m.exec(text)?.[1])
}
const addressOf = ({ asked: { name, ...asked }, limit, offset }: ReturnType<typeof firstViews>[number]) => {
  const place = { limit: String(limit), ...(offset === undefined ? {} : { offset: String(offset) }) }
  return `/v1/reports/${name}?${new URLSearchParams({ ...(asked as Record<string, string>), ...place })}`
}
/** Each once: some are asked for at first too. What compares with the month before is made, and refused where there is none. */
const viewsOf = (months: ReadonlyArray<string>) =>
  new Set([...firstViews('2026-10'), ...months.flatMap(viewsOfMonth), ...months.flatMap(viewsOfCalls)].map(addressOf))
const askAll = async () => {
  for (const view of firstViews('2026-10')) {
    const { status } = await ask(company.server, { path: addressOf(view), as: 'manager' })
    expect(status, addressOf(view)).toBe(200)
  }
}

describe('what the first view of each screen asks for', () => {
  it('is made before anybody asks, and again after a close, without a turn of its own', async () => {
    const { services } = company.server
    services.warmUp.start()
    await services.warmUp.settled()
    const before = await made()
    expect(before).toBe(viewsOf(['2026-10', '2026-09']).size)
    await askAll()
    expect(await made()).toBe(before)
    await services.turns.take(() => closePeriod(company.workspace, { period: parsePeriod('2026-10') as Period }))
    await services.warmUp.settled()
    expect(await made()).toBe(2 * before)
    await askAll()
    expect(await made()).toBe(2 * before)
    expect(company.log.filter((line) => line.includes('first views are made'))).toHaveLength(2)
  })

  it('waits while somebody changes the workspace, and is broken off where the server stops', async () => {
    const { services } = company.server
    const before = await made()
    await closePeriod(company.workspace, { period: parsePeriod('2026-10') as Period })
    let letGo: () => void = () => undefined
    const turn = services.turns.take(() => new Promise<void>((resolve) => (letGo = resolve)))
    services.warmUp.wake()
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(await made()).toBe(before)
    await services.warmUp.stop()
    letGo()
    await turn
    expect(await made()).toBe(before)
  })
})
