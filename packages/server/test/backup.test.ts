import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkWorkspace, restoreWorkspace } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackground, stopBackground } from '../src/background.ts'
import type { Job } from '../src/contract/jobs.ts'
import { ask } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
  await startBackground(company.server.services)
})
afterAll(async () => {
  await stopBackground(company.server.services)
  await company.remove()
})

async function backup(name?: string): Promise<Job> {
  const body = name === undefined ? {} : { name }
  const { status, json } = await ask(company.server, { method: 'POST', path: '/v1/backups', as: 'owner', body })
  expect(status).toBe(202)
  for (;;) {
    const job = (await ask(company.server, { path: `/v1/jobs/${String(json.id)}`, as: 'owner' })).json as Job
    if (job.endedAt !== null) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a backup of a served workspace', () => {
  it('is taken while it is served, and restores to one whose figures can be proved', async () => {
    const event = { specversion: '1.0', id: 'waits-1', source: 'test', type: 'usage.data', subject: 'phone-1' }
    const sent = { ...event, time: '2026-10-03T10:00:00Z', data: { quantity: '5', unit: 'MB' } }
    const { status } = await ask(company.server, {
      method: 'POST',
      path: '/v1/events',
      as: 'owner',
      body: sent,
      headers: { 'content-type': 'application/cloudevents+json' },
    })
    expect(status).toBe(202)
    const job = await backup('nightly')
    expect([job.state, job.problem]).toEqual(['done', null])
    const { directory, actor } = company.workspace
    const from = join(directory, 'backups', 'nightly')
    const to = join(directory, 'restored')
    const { workspace } = await restoreWorkspace(to, { from, actor, holder: 'test' })
    const { proved, failures, audit } = await checkWorkspace(workspace)
    await workspace.close()
    expect([proved.length > 0, failures, audit.failures]).toEqual([true, [], []])
    expect(existsSync(join(to, 'intake'))).toBe(true)
  })

  it('never takes the place of another, and its name leads nowhere else', async () => {
    const job = await backup('nightly')
    expect([job.state, job.problem?.code]).toEqual(['failed', 'bad-command'])
    for (const name of ['../out', '/tmp/out', '.hidden', ''])
      expect(
        (await ask(company.server, { method: 'POST', path: '/v1/backups', as: 'owner', body: { name } })).status,
      ).toBe(400)
  })
})
