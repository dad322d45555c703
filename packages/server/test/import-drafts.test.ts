import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkWorkspace } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBackground, stopBackground } from '../src/background.ts'
import type { ImportDraft } from '../src/contract/import-drafts.ts'
import type { Job } from '../src/contract/jobs.ts'
import { sweepJobFiles } from '../src/jobs/sweep-job-files.ts'
import { ask, ORIGIN, type Question } from './ask.ts'
import { type ServedCompany, servedCompany, sessionOf } from './served-company.ts'

let company: ServedCompany
beforeAll(async () => {
  company = await servedCompany()
  await startBackground(company.server.services)
})
afterAll(async () => {
  await stopBackground(company.server.services)
  await company.remove()
})

const send = (question: Question) => ask(company.server, { as: 'manager', ...question })

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = (await send({ path: `/v1/jobs/${id}` })).json as Job
    if (job.endedAt !== null) return job
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Uploads, and waits until it was looked at. */
async function draftOf(files: Readonly<Record<string, string>>, path = '/v1/import-drafts'): Promise<ImportDraft> {
  const form = new FormData()
  for (const [name, text] of Object.entries(files)) form.append('file', new Blob([text]), name)
  const headers = { origin: ORIGIN, cookie: `__Host-spillway=${sessionOf('manager')}` }
  const answer = await company.server.app.request(`${ORIGIN}${path}`, { method: 'POST', headers, body: form })
  const draft = (await answer.json()) as ImportDraft
  expect([answer.status, draft.state]).toEqual([202, 'looking'])
  return looked(draft)
}

async function looked({ id, job }: Pick<ImportDraft, 'id' | 'job'>): Promise<ImportDraft> {
  await ended(job)
  return (await send({ path: `/v1/import-drafts/${id}` })).json as ImportDraft
}

async function committed({ id }: ImportDraft): Promise<Job> {
  const { status, json } = await send({ method: 'POST', path: `/v1/import-drafts/${id}/commit` })
  expect(status).toBe(202)
  return ended(String(json.id))
}

const batchesOf = ({ result }: Job) => {
  const files = result?.files as Array<{ batch: string }> | undefined
  return (files ?? []).map(({ batch }) => batch)
}
const takeBack = (batch: string, reason = 'a mistake') =>
  send({ method: 'POST', path: `/v1/imports/${batch}/take-back`, body: { reason } })

const CHARGES =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'
const lineOf = (invoice: string, line: string, description: string, amount: string) =>
  `acme,A-1,${invoice},2026-11-28,2026-11-01,2026-12-01,USD,${line},phone-1,,subscription,,,${description},${amount},,`
const billOf = (...lines: ReadonlyArray<string>) => `${[CHARGES, ...lines].join('\n')}\n`

async function liveAmounts(invoice: string): Promise<string[]> {
  const { catalog, warehouse, tenant } = company.workspace
  const live = await catalog
    .selectFrom('document')
    .select('id')
    .where('tenant', '=', tenant)
    .where('invoice', '=', invoice)
    .where('live', '=', 1)
    .execute()
  const rows = await warehouse.rows<{ amount_minor: bigint; doc: number }>(
    'SELECT doc, amount_minor FROM charge WHERE invoice = $invoice ORDER BY invoice_line',
    { invoice },
  )
  return rows.filter(({ doc }) => live.some(({ id }) => id === doc)).map((row) => String(row.amount_minor))
}

/** Places of rows that wait in quarantine, of these files; what needs attention counts as many as there are in all. */
async function waitingOf(...files: ReadonlyArray<string>): Promise<string[]> {
  const { rows, rowCount } = (await send({ path: '/v1/reports/quarantine?limit=1000' })).json as never as {
    rows: ReadonlyArray<{ file: string; line: string }>
    rowCount: number
  }
  const { rows: items } = (await send({ path: '/v1/reports/attention?limit=1000' })).json as never as {
    rows: ReadonlyArray<Record<string, string>>
  }
  const told = items.find(({ kind }) => kind === 'quarantine')
  expect(told?.what ?? '0 rows').toContain(`${rowCount} row`)
  return rows.filter(({ file }) => files.includes(file)).map(({ file, line }) => `${file}:${line}`)
}

describe('a bill in two files', () => {
  it('foots in the look at both, whichever has the lines and whichever the total', async () => {
    const head = 'vendor,account,invoice,issued_on,period_start,period_end,currency,total'
    const total = `${head}\nacme,A-1,INV-T,2026-11-28,2026-11-01,2026-12-01,USD,30.00\n`
    const lines = billOf(lineOf('INV-T', '1', 'Line', '10.00'), lineOf('INV-T', '2', 'Line', '20.00'))
    const { files } = await draftOf({ 'lines.csv': lines, 'total.csv': total })
    const foots = { invoice: 'INV-T', lines: 2, charges: '30.00', total: '30.00', difference: '0.00' }
    expect(files.map(({ look }) => look?.invoices)).toMatchObject([[foots], [foots]])
  })
})

describe('a broken bill', () => {
  const broken = billOf(
    lineOf('INV-B', '1', 'Line', '10.00'),
    lineOf('INV-B', '2', '=HYPERLINK(1)', '20.0O'),
    lineOf('INV-B', '3', '"Line, long"', '1.234'),
  )

  it('is shown with what is wrong before anything is imported; its rows are mended, and committed once', async () => {
    const draft = await draftOf({ 'broken.csv': broken })
    expect(draft).toMatchObject({ state: 'ready', createdBy: 'manager@company.example', problem: null })
    const [file] = draft.files
    expect(file?.look).toMatchObject({
      outcome: 'imported',
      confidence: 'certain',
      recognised: [{ format: 'charges' }],
      rows: { read: 3, accepted: 1, quarantined: 2, duplicates: 0 },
      amounts: [{ currency: 'USD', accepted: '10.00', quarantined: '0.00' }],
      covers: { vendors: ['acme'], accounts: ['A-1'], invoiceCount: 1, from: '2026-11-01', months: ['2026-11'] },
      problems: [
        { code: 'amount-precision', count: 1 },
        { code: 'amount-unreadable', count: 1, places: ['broken.csv:3 (amount)'] },
      ],
      badRows: [
        { line: 3, column: 'amount', value: '20.0O', code: 'amount-unreadable' },
        { line: 4, column: 'amount', value: '1.234', code: 'amount-precision' },
      ],
    })
    expect(await liveAmounts('INV-B')).toEqual([])
    const rejects = await send({ path: `/v1/import-drafts/${draft.id}/files/1/rejects` })
    expect(rejects.headers.get('content-disposition')).toContain('broken-rejects.csv')
    const [head, first, second] = rejects.text.replace('\ufeff', '').split('\n')
    expect(head).toBe(`rejected_from,rejected_at,rejected_because,${CHARGES}`)
    expect(first).toMatch(/^\w{24},broken\.csv:3,"?amount is ""20\.0O"".*,'=HYPERLINK\(1\),20\.0O,,$/)
    expect(second).toContain('"Line, long",1.234')
    const mended = rejects.text.replace(',20.0O,', ',20.00,').replace(',1.234,', ',1.23,')
    const both = await draftOf({ 'mended.csv': mended }, `/v1/import-drafts/${draft.id}/files`)
    expect(both.files[1]?.look).toMatchObject({
      ...{ outcome: 'imported', supplements: both.files[0]?.look?.batch, supersedes: [] },
      rows: { read: 2, accepted: 2, quarantined: 0 },
    })
    const job = await committed(both)
    expect(job.result?.files).toMatchObject([{ outcome: 'imported' }, { outcome: 'imported' }])
    expect(await liveAmounts('INV-B')).toEqual(['1000', '2000', '123'])
    expect(await waitingOf('broken.csv', 'mended.csv')).toEqual([])
    const [{ description }] = (await company.workspace.warehouse.rows<{ description: string }>(
      "SELECT description FROM charge WHERE invoice = 'INV-B' AND invoice_line = '2'",
    )) as [{ description: string }]
    expect(description).toBe('=HYPERLINK(1)')
    expect((await committed(both)).id).toBe(job.id)
    expect((await looked(both)).state).toBe('committed')
    expect((await send({ path: `/v1/import-drafts/${draft.id}/files/1/rejects` })).text).toContain('broken.csv:3')
    expect((await send({ method: 'POST', path: `/v1/import-drafts/${draft.id}/look`, body: {} })).status).toBe(409)
  })

  it('is mended after its import too, adds to it once, and neither is taken back before the other', async () => {
    const text = broken.replaceAll('INV-B', 'INV-C')
    const [batch = ''] = batchesOf(await committed(await draftOf({ 'later.csv': text })))
    const own = ['later.csv', 'mended.csv', 'third.csv'] as const
    expect(await waitingOf(...own)).toEqual(['later.csv:3', 'later.csv:4'])
    const rejects = await send({ path: `/v1/imports/${batch}/rejects` })
    const mended = rejects.text.replace(',20.0O,', ',20.00,')
    const job = await committed(await draftOf({ 'mended.csv': mended }))
    expect(await liveAmounts('INV-C')).toEqual(['1000', '2000'])
    // What came back and was refused once more waits where it stands now.
    expect(await waitingOf(...own)).toEqual(['mended.csv:3'])
    const [added = ''] = batchesOf(job)
    // What is still wrong belongs to the first import, and not to the one that mended the rest.
    const again = await send({ path: `/v1/imports/${added}/rejects` })
    expect(again.text).toContain(`${batch},mended.csv:3`)
    const third = await draftOf({ 'third.csv': again.text.replace(',1.234,', ',1.23,') })
    expect(third.files[0]?.look).toMatchObject({ supplements: batch, rows: { accepted: 1, duplicates: 0 } })
    expect((await takeBack(batch)).json).toMatchObject({ code: 'in-use' })
    const [last = ''] = batchesOf(await committed(third))
    expect(await waitingOf(...own)).toEqual([])
    expect((await takeBack(last)).status).toBe(200)
    expect(await waitingOf(...own)).toEqual(['mended.csv:3'])
    expect((await takeBack(added)).status).toBe(200)
    expect(await liveAmounts('INV-C')).toEqual(['1000'])
    expect(await waitingOf(...own)).toEqual(['later.csv:3', 'later.csv:4'])
    expect((await takeBack(batch)).status).toBe(200)
    expect(await waitingOf(...own)).toEqual([])
    const late = await draftOf({ 'third.csv': again.text.replace(',1.234,', ',1.23,') })
    expect(late.files[0]?.look).toMatchObject({ outcome: 'refused', refusal: { code: 'changed-meanwhile' } })
  })
})

describe('an import', () => {
  it('that corrects a bill says so before; taken back, the bill is as it was, and it can come again', async () => {
    const first = billOf(lineOf('INV-D', '1', 'Line', '10.00'))
    const corrected = billOf(lineOf('INV-D', '1', 'Line', '9.00'))
    await committed(await draftOf({ 'first.csv': first }))
    const known = await draftOf({ 'same.csv': first })
    expect(known.files[0]?.look).toMatchObject({ outcome: 'unchanged', duplicateOf: { file: 'first.csv' } })
    const nothing = await send({ method: 'POST', path: `/v1/import-drafts/${known.id}/commit` })
    expect([nothing.status, nothing.json.code]).toEqual([400, 'bad-command'])
    const draft = await draftOf({ 'corrected.csv': corrected })
    expect(draft.files[0]?.look?.supersedes).toMatchObject([{ invoice: 'INV-D', files: ['first.csv'] }])
    const [batch = ''] = batchesOf(await committed(draft))
    expect(await liveAmounts('INV-D')).toEqual(['900'])
    expect((await send({ path: `/v1/imports/${batch}` })).json).toMatchObject({
      ...{ state: 'live', canTakeBack: true, amounts: [{ currency: 'USD', amount: '9.00' }], from: '2026-11-01' },
    })
    const taken = await takeBack(batch, 'the vendor took it back')
    expect(taken.json).toMatchObject({
      documents: 1,
      restored: [{ invoice: 'INV-D', file: 'first.csv' }],
      mayLackRows: [],
    })
    expect(await liveAmounts('INV-D')).toEqual(['1000'])
    expect((await takeBack(batch)).json).toMatchObject({ code: 'bad-command' })
    expect((await send({ path: `/v1/imports/${batch}` })).json).toMatchObject({
      ...{ state: 'taken-back', takenBack: { reason: 'the vendor took it back' }, canTakeBack: false },
    })
    const [again = ''] = batchesOf(await committed(await draftOf({ 'corrected.csv': corrected })))
    expect(again).toBe(`${batch}-2`)
    expect(await liveAmounts('INV-D')).toEqual(['900'])
    const { json } = await send({ path: '/v1/reports/imports' })
    const rows = (json.rows as Array<Record<string, string>>).filter(({ file }) => file === 'corrected.csv')
    expect(rows.map(({ state, amount, reason }) => [state, amount, reason]).sort()).toEqual([
      ['live', '9.00', ''],
      ['taken-back', '9.00', 'the vendor took it back'],
    ])
    const { failures, audit } = await checkWorkspace(company.workspace)
    expect([failures, audit.failures]).toEqual([[], []])
  })

  it('on which a published period rests is not taken back', async () => {
    const { json } = await send({ path: '/v1/reports/imports' })
    const rows = json.rows as Array<Record<string, string>>
    for (const name of ['charges.csv', 'usage.csv', 'people.csv']) {
      const { batch = '' } = rows.find(({ file }) => file === name) ?? {}
      const { status, json: problem } = await takeBack(batch)
      expect([status, problem.code, problem.detail]).toEqual([
        409,
        'period-published',
        expect.stringContaining('2026-09'),
      ])
      expect((await send({ path: `/v1/imports/${batch}` })).json).toMatchObject({
        whyNot: { code: 'period-published' },
      })
    }
  })
})

describe('a table that no format knows', () => {
  const TEXT = `Kestrel;your bill;;;
Bill no.;Account;Bill date;From;To;Number;Charge
K-1;C-77;25/11/2026;01/11/2026;01/12/2026;07700 900101;£12.50
K-1;C-77;25/11/2026;01/11/2026;01/12/2026;07700 900102;£1,003.20
K-1;C-77;25/11/2026;01/11/2026;01/12/2026;07700 900103;much
`

  it('is sniffed, tried under a mapping, and known once that is saved', async () => {
    const draft = await draftOf({ 'kestrel 2026-11.csv': TEXT })
    const look = draft.files[0]?.look
    expect(look).toMatchObject({ outcome: 'refused', refusal: { code: 'unrecognised-file' }, confidence: 'none' })
    expect(look?.nearest.map(({ format }) => format)).toContain('charges')
    const previewOf = async (body: object) => {
      const { status, json } = await send({
        method: 'POST',
        path: `/v1/import-drafts/${draft.id}/files/1/preview`,
        body,
      })
      expect(status).toBe(200)
      return json as never as {
        suggestion: { fields: Record<string, unknown>; emit: Array<{ fields: object }>; name: string }
        columns: Array<{ title: string; kind: string; meaning: string | null }>
        settings: object
        mapped: {
          issues: object[]
          rows: Array<{ facts: object[]; problems: object[] }>
          counts: object
          amounts: object[]
        }
      }
    }
    const { suggestion, settings, columns, mapped } = await previewOf({})
    expect([settings, mapped]).toEqual([{ encoding: 'utf-8', delimiter: ';', headerRow: 2 }, null])
    expect(columns.map(({ meaning }) => meaning)).toEqual([
      ...['invoice', 'account', 'issued_on', 'period_start', 'period_end', 'service', 'amount'],
    ])
    const mapping = {
      ...suggestion,
      numbers: { thousands: ',', 'currency-signs': ['£'] },
      fields: { ...suggestion.fields, vendor: { value: 'kestrel' }, currency: { value: 'GBP' } },
      emit: [{ fact: 'charge', fields: { service: 'Number', amount: 'Charge' } }],
    }
    expect((await previewOf({ mapping })).mapped.issues).toMatchObject([{ path: 'emit[0].fields' }])
    const full = {
      ...mapping,
      emit: [{ fact: 'charge', fields: { service: 'Number', amount: 'Charge', category: { value: 'subscription' } } }],
    }
    const tried = (await previewOf({ mapping: full })).mapped
    expect(tried).toMatchObject({
      ...{ issues: [], counts: { read: 3, accepted: 2, quarantined: 1, ignored: 0 } },
      amounts: [{ currency: 'GBP', amount: '1015.70' }],
    })
    expect(tried.rows[1]?.facts).toMatchObject([
      { fact: 'charge', cells: { amount: '1003.20', period_end: '2026-12-01' } },
    ])
    expect(tried.rows[2]).toMatchObject({ facts: [], problems: [{ code: 'amount-unreadable', value: 'much' }] })
    const saved = await send({
      ...{ method: 'PUT', path: `/v1/configuration/Source/${suggestion.name}`, body: full },
      headers: { 'if-none-match': '*' },
    })
    expect(saved.status).toBe(201)
    const { json } = await send({ method: 'POST', path: `/v1/import-drafts/${draft.id}/look`, body: {} })
    const known = await looked(json as never as ImportDraft)
    expect(known.files[0]?.look).toMatchObject({
      ...{ outcome: 'imported', recognised: [{ format: suggestion.name }], confidence: 'certain' },
      amounts: [{ currency: 'GBP', accepted: '1015.70' }],
    })
    // Its header stands in line 2, its numbers have signs: the rows come back as they were, whatever it says of its files.
    const rejects = await send({ path: `/v1/import-drafts/${draft.id}/files/1/rejects` })
    const mended = await draftOf(
      { 'mended.csv': rejects.text.replace(',much', ',"£2,000.00"') },
      `/v1/import-drafts/${draft.id}/files`,
    )
    expect(mended.files[1]?.look?.amounts).toEqual([{ currency: 'GBP', accepted: '2000.00', quarantined: '0.00' }])
  })
})

describe('a draft', () => {
  it('is thrown away with its files, or after a day', async () => {
    const { workspace } = company
    const folderOf = ({ id }: ImportDraft) => join(workspace.directory, 'uploads', id)
    const bill = { 'a.csv': billOf(lineOf('INV-E', '1', 'Line', '1.00')) }
    const [thrown, forgotten] = [await draftOf(bill), await draftOf(bill)]
    expect((await send({ method: 'DELETE', path: `/v1/import-drafts/${thrown.id}` })).status).toBe(204)
    expect([existsSync(folderOf(thrown)), existsSync(folderOf(forgotten))]).toEqual([false, true])
    expect((await send({ path: `/v1/import-drafts/${thrown.id}` })).status).toBe(404)
    const sweep = () => sweepJobFiles(workspace, { days: 7, jobDays: 90, arriving: new Set() })
    await sweep()
    expect(existsSync(folderOf(forgotten))).toBe(true)
    company.wait(25 * 3600_000)
    await sweep()
    expect(existsSync(folderOf(forgotten))).toBe(false)
    const rows = await workspace.catalog
      .selectFrom('import_draft')
      .select('id')
      .where('id', '=', forgotten.id)
      .execute()
    expect(rows).toEqual([])
  })
})
