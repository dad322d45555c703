import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { periodNamed, publishPeriod } from '@spillway/engine'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../src/contract/jobs.ts'
import { nextRunOf } from '../src/schedules/next-run.ts'
import { ask, type Question } from './ask.ts'
import { type ServedCompany, servedCompany } from './served-company.ts'

const mails: Array<{ readonly to: string; readonly text: string }> = []
let smtp: SMTPServer
let company: ServedCompany
beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      let text = ''
      stream.on('data', (piece) => {
        text += String(piece)
      })
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
  const { port } = smtp.server.address() as AddressInfo
  company = await servedCompany({
    SPILLWAY_SMTP_URL: `smtp://127.0.0.1:${port}`,
    SPILLWAY_MAIL_FROM: 'bills@company.example',
    // The clock goes on for weeks.
    SPILLWAY_SESSION_IDLE_MINUTES: '1000000',
    SPILLWAY_SESSION_DAYS: '90',
  })
  await company.server.services.jobs.start()
})
afterAll(async () => {
  await company.server.services.jobs.stop()
  await company.server.services.intake.stop()
  await company.remove()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

const send = (question: Question) => ask(company.server, { as: 'owner', ...question })
const put = (name: string, request: object, cron = '0 * * * *') =>
  send({ method: 'PUT', path: `/v1/schedules/${name}`, body: { cron, request } })
const HOUR = 3600_000
type Shown = {
  readonly name: string
  readonly nextAt: string | null
  readonly lastAt: string | null
  readonly lastJob: string | null
}
const shown = async (name: string) =>
  ((await send({ path: '/v1/schedules' })).json.items as Shown[]).find((one) => one.name === name) as Shown

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = (await send({ path: `/v1/jobs/${id}` })).json as Job
    if (job.endedAt !== null) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Starts what is due, and waits for the job that the schedule started; undefined where it started none. */
async function runDue(name: string): Promise<Job | undefined> {
  const { lastJob } = await shown(name)
  await company.server.services.scheduler.runDue()
  const after = await shown(name)
  return after.lastJob === null || after.lastJob === lastJob ? undefined : ended(after.lastJob)
}

const CHARGES = 'vendor,account,invoice,line,service,category,usage_type,amount,currency,period_start,period_end\n'
const bill = (account: string, month: string) =>
  `${CHARGES}acme,${account},${account}-${month},1,phone-1,subscription,,9.00,USD,${month}-01,2026-12-01\n`

describe('the times of a schedule', () => {
  it.each([
    ['0 6 * * *', 'UTC', '2026-11-22T09:00:00Z', '2026-11-23T06:00:00.000Z'],
    ['0 6 1 * *', 'Europe/Berlin', '2026-11-22T09:00:00Z', '2026-12-01T05:00:00.000Z'],
    ['*/5 * * * *', 'UTC', '2026-11-22T09:00:00Z', '2026-11-22T09:05:00.000Z'],
    ['0 0 30 2 *', 'UTC', '2026-11-22T09:00:00Z', null],
  ])('%s in %s after %s is %s', (cron, timeZone, after, next) => {
    expect(nextRunOf({ cron, timeZone }, new Date(after))).toBe(next)
  })

  it.each([
    ['* * * * * *', 'UTC'],
    ['61 * * * *', 'UTC'],
    ['@daily', 'UTC'],
    ['0 6 * * *', 'Mars/Olympus'],
  ])('%s in %s are refused', (cron, timeZone) => {
    expect(() => nextRunOf({ cron, timeZone }, new Date(0))).toThrow('cannot be read')
  })
})

describe('a schedule', () => {
  it('imports whole files of a watched folder, closes the month once its bills are in, and mails its statements', async () => {
    const folder = join(company.workspace.directory, 'watched', 'inbox')
    await mkdir(folder, { recursive: true })
    expect((await put('files', { kind: 'import-folder', folder: 'inbox' })).status).toBe(200)
    const expected = ['A-1', 'A-2'].map((account) => ({ vendor: 'acme', account }))
    await put('close', { kind: 'close-when-complete', expected })
    await put('mail', { kind: 'mail-statements', company: 'Company' })
    company.wait(Date.parse('2026-12-03T10:00:00Z') - company.workspace.actor.now().getTime())
    const whole = new Date('2026-12-03T09:59:00Z')
    const place = async (name: string, text: string, at = whole) => {
      await writeFile(join(folder, name), text)
      await utimes(join(folder, name), at, at)
    }
    await place('a-1.csv', bill('A-1', '2026-11'))
    await place('odd.csv', 'a,b\n1,2\n')
    await place('late.csv', bill('A-2', '2026-11'), new Date('2026-12-03T09:59:58Z'))
    await place('half.csv.part', bill('A-2', '2026-11'))
    const first = await runDue('files')
    expect(first?.createdBy).toBe('schedule files')
    expect(
      ((first?.result?.files ?? []) as Array<{ file: string; outcome: string; rows: { accepted: number } }>).map(
        ({ file, outcome, rows }) => [file, outcome, rows.accepted],
      ),
    ).toEqual([
      ['a-1.csv', 'imported', 1],
      ['odd.csv', 'refused', 0],
    ])
    expect((await readdir(folder)).sort()).toEqual(['done', 'half.csv.part', 'late.csv', 'rejected'])
    expect(await readdir(join(folder, 'done'))).toEqual(['a-1.csv'])
    expect(await readFile(join(folder, 'rejected', 'odd.csv.txt'), 'utf8')).toContain('odd.csv')
    expect(await shown('close')).toMatchObject({ lastAt: '2026-12-03T10:00:00.000Z', lastJob: null })
    company.wait(HOUR)
    expect((await runDue('files'))?.state).toBe('done')
    company.wait(HOUR)
    await runDue('close')
    // Perhaps the hour before already, beside the import.
    const closed = await ended((await shown('close')).lastJob ?? '')
    expect(closed.result).toMatchObject({ period: '2026-11', missing: [], run: '2026-11.1' })
    company.wait(HOUR)
    expect(await runDue('close')).toBeUndefined()
    expect([await runDue('mail'), mails]).toEqual([undefined, []])
    await mailNovember()
  })

  async function mailNovember() {
    // Nobody of the company has an address; now Ada has.
    const people =
      'employee,name,email,aliases,cost_centre,manager,from,to\nE-1,Ada Quillfeather,ada@company.example,,C-1,,2020-01-01,\nE-2,Bram Oxtoby,"no address, really",,C-11,,2020-01-01,\nE-3,Cyra Vantongeren,,,C-2,,2020-01-01,\n'
    const { json } = await send({
      method: 'POST',
      path: '/v1/imports?name=people.csv',
      body: people,
      headers: { 'content-type': 'application/octet-stream' },
    })
    await ended(String(json.id))
    const { json: closing } = await send({ method: 'POST', path: '/v1/periods/2026-11/close' })
    await ended(String(closing.id))
    await publishPeriod(company.workspace, periodNamed('2026-11'))
    company.wait(HOUR)
    const job = await runDue('mail')
    expect([job?.problem, job?.result]).toMatchObject([null, { period: '2026-11', sent: 1 }])
    expect(mails.map(({ to }) => to)).toEqual(['ada@company.example'])
    expect(mails[0]?.text).toContain('Subject: Your statement for 2026-11')
    expect(mails[0]?.text).toContain('filename=person-E-1.pdf')
    company.wait(HOUR)
    expect((await runDue('mail'))?.result).toMatchObject({ sent: 0 })
    expect(mails).toHaveLength(1)
  }

  it('that was due while the server was down is made up for once', async () => {
    await put(
      'often',
      { kind: 'close-when-complete', expected: [{ vendor: 'nobody', account: 'none' }] },
      '*/5 * * * *',
    )
    company.wait(24 * HOUR)
    await company.server.services.scheduler.runDue()
    const { nextAt, lastAt } = await shown('often')
    const now = company.workspace.actor.now().getTime()
    expect([Date.parse(lastAt ?? ''), Date.parse(nextAt ?? '') - now <= 5 * 60_000]).toEqual([now, true])
  })

  it('is run now, paused and deleted', async () => {
    const request = { kind: 'import-folder', folder: 'other' }
    await put('now', request)
    const started = await send({ method: 'POST', path: '/v1/schedules/now/run' })
    expect([started.status, (await ended(String(started.json.id))).state]).toEqual([202, 'done'])
    expect(existsSync(join(company.workspace.directory, 'watched', 'other'))).toBe(true)
    const paused = await send({
      method: 'PUT',
      path: '/v1/schedules/now',
      body: { cron: '* * * * *', state: 'paused', request },
    })
    expect(paused.json).toMatchObject({ state: 'paused', nextAt: null })
    expect((await send({ method: 'DELETE', path: '/v1/schedules/now' })).status).toBe(204)
    expect((await send({ method: 'POST', path: '/v1/schedules/now/run' })).status).toBe(404)
  })

  it.each([
    [{ kind: 'import-folder', folder: '../secrets' }],
    [{ kind: 'import-folder', folder: '.ssh' }],
    [{ kind: 'close-when-complete', expected: [] }],
    [{ kind: 'format-disk' }],
  ])('of %o is refused', async (request) => {
    expect((await put('bad', request)).status).toBe(400)
  })
})
