import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackground, stopBackground } from '../src/background.ts'
import { JOB_KINDS, type Job, type JobKind } from '../src/contract/jobs.ts'
import { JobRunner } from '../src/jobs/job-runner.ts'
import { ask, ORIGIN, type Question } from './ask.ts'
import { type ServedCompany, servedCompany, sessionOf } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany({ SPILLWAY_UPLOAD_MEGABYTES: '1' })
  await startBackground(company.server.services)
})
afterAll(async () => {
  await stopBackground(company.server.services)
  await company.remove()
})

const send = (question: Question) => ask(company.server, { as: 'manager', ...question })
const jobOf = async (id: string) => (await send({ path: `/v1/jobs/${id}` })).json as Job

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = await jobOf(id)
    if (job.endedAt !== null) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts a job and waits for its end. */
async function done(question: Question): Promise<Job> {
  const { status, json } = await send({ method: 'POST', ...question })
  expect([status, json.state]).toEqual([202, 'waiting'])
  return ended(String(json.id))
}

const CENTRES = 'cost_centre,parent,name,gl_code,budget\nC-3,TOP,Third,6300,\n'
const PEOPLE = 'employee,name,email,aliases,cost_centre,manager,from,to\nE-9,Zed,,,C-3,,2020-01-01,\n'

async function upload(
  files: Readonly<Record<string, string>>,
  query = '',
): Promise<{ status: number; json: Record<string, unknown> }> {
  const form = new FormData()
  for (const [name, text] of Object.entries(files)) form.append('file', new Blob([text]), name)
  const headers = { origin: ORIGIN, cookie: `__Host-spillway=${sessionOf('manager')}` }
  const answer = await company.server.app.request(`${ORIGIN}/v1/imports${query}`, {
    method: 'POST',
    headers,
    body: form,
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

type FileResult = { file: string; outcome: string; rows: object; refusal: { code: string } | null }
const filesOf = ({ result }: Job) => result?.files as FileResult[]

describe('an upload', () => {
  it('of a form is imported as a job, whose result is the report of the import', async () => {
    const { status, json } = await upload({ '../../etc/centres.csv': CENTRES, 'people.csv': PEOPLE })
    expect([status, json.kind, json.subject]).toEqual([202, 'import', 'centres.csv, people.csv'])
    const job = await ended(String(json.id))
    expect([job.state, job.createdBy, job.problem]).toEqual(['done', 'manager@company.example', null])
    expect(filesOf(job)).toMatchObject([
      { file: 'centres.csv', outcome: 'imported', rows: { read: 1, accepted: 1 } },
      { file: 'people.csv', outcome: 'imported', rows: { read: 1, accepted: 1 } },
    ])
    expect(JSON.stringify(job)).not.toContain(company.workspace.directory)
    expect(await readdir(join(company.workspace.directory, 'uploads'))).toEqual([])
    const { json: audit } = await send({ path: '/v1/audit?action=start-import', as: 'auditor' })
    expect(audit.items).toMatchObject([{ who: 'manager@company.example', details: { job: job.id } }])
  })

  it('as the body itself, dry, changes nothing', async () => {
    const job = await done({
      path: '/v1/imports?name=centres.csv&dryRun=true',
      body: CENTRES.replaceAll('C-3', 'C-4'),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(filesOf(job)).toMatchObject([{ outcome: 'imported' }])
    const rows = await company.workspace.warehouse.rows("SELECT 1 FROM cost_centre WHERE cost_centre = 'C-4'")
    expect(rows).toEqual([])
  })

  it('that nothing recognises is a job that says so', async () => {
    const { json } = await upload({ 'what.csv': 'a,b\n1,2\n', 'bad.zip': 'PK\x03\x04 no archive' })
    const job = await ended(String(json.id))
    expect([job.state, filesOf(job).map(({ outcome, refusal }) => [outcome, refusal?.code])]).toEqual([
      'done',
      [
        ['refused', 'unrecognised-file'],
        ['refused', expect.any(String)],
      ],
    ])
  })

  it.each<[what: string, question: Question, status: number, code: string]>([
    ['without a name', { path: '/v1/imports', body: 'x' }, 400, 'bad-command'],
    ['too large', { path: '/v1/imports?name=x.csv', body: 'x'.repeat(1_100_000) }, 413, 'too-large'],
    ['on no day', { path: '/v1/imports?name=x.csv&asOf=2026-13-01', body: 'x' }, 400, 'bad-command'],
    [
      'of a form without files',
      { path: '/v1/imports', body: '--b--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      400,
      'bad-command',
    ],
    [
      'of a form that breaks off',
      { path: '/v1/imports', body: '--b\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      400,
      'bad-command',
    ],
  ])('%s is refused, and nothing of it stays', async (_, question, status, code) => {
    const { json, ...answer } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      ...question,
    })
    expect([answer.status, json.code]).toEqual([status, code])
    expect(await readdir(join(company.workspace.directory, 'uploads'))).toEqual([])
  })
})

describe('a close', () => {
  it('goes on as a job that can be watched to its end', async () => {
    const { json } = await send({ method: 'POST', path: '/v1/periods/2026-10/close' })
    const watched = await send({ path: `/v1/jobs/${json.id}/events` })
    const events = watched.text.split('\n\n').filter((text) => text.startsWith('id: '))
    const [last = ''] = events.slice(-1)
    expect([watched.headers.get('content-type'), last.split('\n')[1]]).toEqual(['text/event-stream', 'event: end'])
    const job = JSON.parse(last.split('\ndata: ')[1] ?? '') as Job
    expect(job).toMatchObject({ state: 'done', subject: '2026-10', result: { period: '2026-10', unchanged: true } })
    const known = /^id: (.*)$/m.exec(last)?.[1] ?? ''
    const again = { path: `/v1/jobs/${json.id}/events`, headers: { 'last-event-id': known } }
    expect((await send(again)).status).toBe(204)
  })

  it('of a published period fails, and says why', async () => {
    const job = await done({ path: '/v1/periods/2026-09/close' })
    expect([job.state, job.problem?.code, job.result]).toEqual(['failed', 'period-published', null])
  })
})

describe('an export', () => {
  it('is the file that the report streams, kept for whoever may read it', async () => {
    const job = await done({ path: '/v1/exports', body: { what: 'report', report: 'charges', period: '2026-10' } })
    const [file] = job.files
    expect(file).toMatchObject({ name: 'charges-2026-10.csv', path: `/v1/jobs/${job.id}/files/charges-2026-10.csv` })
    const streamed = await send({ path: '/v1/reports/charges?period=2026-10&format=csv' })
    expect((await send({ path: file?.path ?? '' })).text).toBe(streamed.text)
    expect((await send({ path: file?.path ?? '', as: 'head-of-C-1' })).status).toBe(403)
    expect((await send({ path: `/v1/jobs/${job.id}/files/..%2f..%2fcatalog.sqlite` })).status).toBe(404)
  })

  it.each([
    [{ what: 'journal', period: '2026-10', format: 'xlsx' }, ['journal-2026-10.xlsx']],
    [{ what: 'focus', period: '2026-10', format: 'ndjson' }, ['focus-2026-10.ndjson']],
    [{ what: 'statements', period: '2026-10', by: 'person', format: 'zip' }, ['statements-person-2026-10.zip']],
    [{ what: 'statements', period: '2026-10', keys: ['E-1'], paper: 'letter' }, ['statements-2026-10.zip']],
  ])('of %o makes %o', async (body, names) => {
    const job = await done({ path: '/v1/exports', body })
    expect([job.problem, job.files.map(({ name }) => name)]).toEqual([null, names])
    const { bytes } = await send({ path: job.files[0]?.path ?? '' })
    expect(bytes.byteLength).toBe(job.files[0]?.bytes)
  })

  it.each([
    [{ what: 'journal' }, 'bad-command'],
    [{ what: 'report', report: 'nothing', period: '2026-10' }, 'not-found'],
    [{ what: 'report', report: 'charges', period: '2026-10', format: 'zip' }, 'bad-command'],
    [{ what: 'focus', period: '2026-01' }, 'period-not-closed'],
    [{ what: 'statements', period: '2026-10', by: 'vendor' }, 'bad-command'],
    [{ what: 'statements', period: '2026-10', keys: ['E-1', 'nobody-of-here'] }, 'not-found'],
  ])('of %o fails as %s', async (body, code) => {
    expect((await done({ path: '/v1/exports', body })).problem?.code).toBe(code)
  })

  it('fails where whoever asked lost the role before it ran', async () => {
    const { catalog } = company.workspace
    const grant = (role: string) =>
      catalog.updateTable('role_grant').set({ role }).where('id', '=', 'gr_analyst').execute()
    const { json } = await send({
      method: 'POST',
      path: '/v1/exports',
      as: 'analyst',
      body: { what: 'focus', period: '2026-10' },
    })
    await grant('employee')
    const job = await ended(String(json.id))
    await grant('analyst')
    // It may have begun before: then it is done.
    expect(['not-permitted', undefined]).toContain(job.problem?.code)
  })
})

describe('a job', () => {
  it('is cancelled, and tried again as another one', async () => {
    let go: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const held = company.server.services.turns.take(() => gate)
    const { json } = await send({ method: 'POST', path: '/v1/periods/2026-10/close' })
    const path = `/v1/jobs/${json.id}`
    expect((await send({ method: 'DELETE', path, as: 'analyst' })).status).toBe(403)
    expect((await send({ method: 'POST', path: `${path}/retry` })).status).toBe(400)
    await send({ method: 'DELETE', path })
    go()
    await held
    expect((await ended(String(json.id))).state).toBe('cancelled')
    expect((await send({ method: 'DELETE', path })).status).toBe(400)
    const retried = await done({ path: `${path}/retry` })
    expect([retried.state, retried.retryOf]).toEqual(['done', json.id])
    const { json: listed } = await send({ path: '/v1/jobs?state=cancelled' })
    expect((listed.items as Job[]).map(({ id }) => id)).toEqual([json.id])
  })

  it('that imports leaves no fact where it is cancelled in the middle, and is done when it is sent again', async () => {
    const head = 'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone'
    const rows = Array.from(
      { length: 9000 },
      (_, at) => `cut,c-${at},A-1,phone-1,data,2026-10-03T00:00:00Z,,1,MB,domestic`,
    )
    const question = {
      path: '/v1/imports?name=cut.csv',
      body: `${head}\n${rows.join('\n')}\n`,
      headers: { 'content-type': 'application/octet-stream' },
    }
    let begin: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      begin = resolve
    })
    const held = company.server.services.turns.take(() => gate)
    const { json } = await send({ method: 'POST', ...question })
    const id = String(json.id)
    while ((await jobOf(id)).state !== 'running') await new Promise((resolve) => setTimeout(resolve, 5))
    // It has its turn from here on: answering takes a few milliseconds, and the import some hundred.
    begin()
    await held
    await send({ method: 'DELETE', path: `/v1/jobs/${id}` })
    const job = await ended(id)
    expect([job.state, job.result]).toEqual(['cancelled', null])
    const { warehouse, catalog } = company.workspace
    const stored = () => warehouse.rows("SELECT count(*)::INTEGER AS rows FROM usage WHERE source = 'cut'")
    expect(await stored()).toEqual([{ rows: 0 }])
    const batches = await catalog.selectFrom('batch').select('state').where('file', '=', 'cut.csv').execute()
    expect(batches.filter(({ state }) => state === 'complete')).toEqual([])
    expect(filesOf(await done(question))).toMatchObject([{ outcome: 'imported', rows: { accepted: 9000 } }])
    expect(await stored()).toEqual([{ rows: 9000 }])
  })

  it('that a dead process left is begun again, and given up after three times', async () => {
    const { workspace, log } = company.server.services
    const { catalog, tenant } = workspace
    const job = await done({ path: '/v1/exports', body: { what: 'focus', period: '2026-10', format: 'csv' } })
    const begun: string[] = []
    const work = {
      lane: 'read',
      run: async ({ job: id }: { job: string }) => {
        begun.push(id)
        return { result: null, files: [] }
      },
    } as const
    const works = Object.fromEntries(JOB_KINDS.map((kind) => [kind, work])) as Record<JobKind, typeof work>
    const restart = async (attempt: number) => {
      await catalog
        .updateTable('job')
        .set({ state: 'running', attempt, ended_at: null })
        .where('tenant', '=', tenant)
        .where('id', '=', job.id)
        .execute()
      const registry = new (await import('prom-client')).Registry()
      const runner = new JobRunner({
        workspace,
        log,
        registry,
        works,
        filesDays: 7,
        jobDays: 90,
        arriving: new Set(),
      })
      await runner.start()
      const found = await ended(job.id)
      await runner.stop()
      return found
    }
    expect(await restart(1)).toMatchObject({ state: 'done', attempt: 2 })
    expect(await restart(3)).toMatchObject({ state: 'failed', problem: { code: 'internal' } })
    expect(begun).toEqual([job.id])
  })

  it('keeps its files for some days, and itself for longer', async () => {
    const job = await done({ path: '/v1/exports', body: { what: 'focus', period: '2026-10' } })
    const folder = join(company.workspace.directory, 'jobs', job.id)
    expect(existsSync(folder)).toBe(true)
    const { workspace } = company.server.services
    const { sweepJobFiles } = await import('../src/jobs/sweep-job-files.ts')
    await sweepJobFiles(workspace, { days: 7, jobDays: 90, arriving: new Set() })
    expect(existsSync(folder)).toBe(true)
    company.wait(8 * 86_400_000)
    await sweepJobFiles(workspace, { days: 7, jobDays: 90, arriving: new Set() })
    expect(existsSync(folder)).toBe(false)
    const { catalog, tenant } = workspace
    const kept = async () => catalog.selectFrom('job').select('id').where('tenant', '=', tenant).execute()
    expect(await kept()).toContainEqual({ id: job.id })
    company.wait(90 * 86_400_000)
    await sweepJobFiles(workspace, { days: 7, jobDays: 90, arriving: new Set() })
    expect(await kept()).toEqual([])
  })
})
