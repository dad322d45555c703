// Drafts of imports over HTTP: files come in, are looked at as a job, are shown, mended and committed; and what an unknown table
// would be under a mapping.
import { createReadStream } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { formatAmount, Refusal } from '@spillway/core'
import { codeLookup, dayNamed, readRejects } from '@spillway/engine'
import { previewFile } from '@spillway/formats'
import { type DraftOptions, importDraftRoutes as routes } from '../contract/import-drafts.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { streamOf } from '../http/stream-of.ts'
import {
  type DraftRequest,
  type DraftRow,
  draftRequestOf,
  lookedOf,
  makeDraftId,
  requireDraft,
  toDraft,
} from '../jobs/draft-row.ts'
import { rejectsFolderOf } from '../jobs/draft-work.ts'
import { addJob, makeJobId, requireJob, toJob, uploadFolderOf } from '../jobs/job-row.ts'
import type { ImportParameters } from '../jobs/works.ts'
import { zipOf } from '../jobs/zip-of.ts'
import { nameOf } from '../permissions/caller.ts'
import { type SavedFile, saveUpload } from '../uploads/save-upload.ts'
import { rejectsResponse } from './rejects-response.ts'

const FILES_MAX = 100

export function registerImportDrafts(server: Server): void {
  register(server, routes.createImportDraft, async (c, call) => {
    const { name, source = '', asOf, acceptEnds, again } = c.req.valid('query')
    const { workspace, arriving } = call.services
    const options: DraftOptions = {
      source,
      acceptEnds: acceptEnds === 'true',
      again: again === 'true',
      asOf: dayNamed(asOf) ?? workspace.actor.now().toISOString().slice(0, 10),
    }
    const draft = makeDraftId()
    arriving.add(draft)
    try {
      const files = await saveFiles(call, {
        request: c.req.raw,
        folder: uploadFolderOf(workspace.directory, draft),
        name,
      })
      return c.json(await startLook(call, { draft, request: { files, options }, row: null }), 202)
    } finally {
      arriving.delete(draft)
    }
  })
  register(server, routes.addDraftFiles, async (c, call) => {
    const row = await requireOpen(call, c.req.valid('param').draft)
    const request = draftRequestOf(row)
    // Beside those that are there: an upload that breaks off takes its own folder with it.
    const more = `more-${request.files.length + 1}-${makeJobId()}`
    const folder = join(uploadFolderOf(call.services.workspace.directory, row.id), more)
    const saved = await saveFiles(call, { request: c.req.raw, folder, name: c.req.valid('query').name })
    const files = [...request.files, ...saved.map((file) => ({ ...file, path: join(more, file.path) }))]
    if (files.length > FILES_MAX)
      throw new Refusal('too-many', `A draft has at most ${FILES_MAX} files.`, { hint: 'Commit this one first.' })
    return c.json(await startLook(call, { draft: row.id, request: { ...request, files }, row }), 202)
  })
  register(server, routes.listImportDrafts, async (c, { workspace }) => {
    const { catalog, tenant } = workspace
    const rows = await catalog.selectFrom('import_draft').selectAll().where('tenant', '=', tenant).execute()
    const drafts = await Promise.all(rows.map((row) => toDraft(workspace, row)))
    return c.json(pageOfItems(drafts, { ...c.req.valid('query'), idOf: ({ id }) => id }), 200)
  })
  register(server, routes.getImportDraft, async (c, { workspace }) =>
    c.json(await toDraft(workspace, await requireDraft(workspace, c.req.valid('param').draft)), 200),
  )
  register(server, routes.lookAgain, async (c, call) => {
    const row = await requireOpen(call, c.req.valid('param').draft)
    const { files, options } = draftRequestOf(row)
    const { source, acceptEnds, again, asOf } = c.req.valid('json')
    const changed: DraftOptions = {
      source: source ?? options.source,
      acceptEnds: acceptEnds ?? options.acceptEnds,
      again: again ?? options.again,
      asOf: dayNamed(asOf) ?? options.asOf,
    }
    return c.json(await startLook(call, { draft: row.id, request: { files, options: changed }, row }), 202)
  })
  register(server, routes.deleteImportDraft, async (c, call) => {
    const row = await requireDraft(call.workspace, c.req.valid('param').draft)
    const { state } = await toDraft(call.workspace, row)
    if (state === 'committing')
      throw new Refusal('in-use', `Draft ${row.id} is being imported.`, { hint: `Cancel job ${row.commit_job} first.` })
    const { directory, tenant } = call.services.workspace
    await call.record({ action: 'delete-draft', subject: row.id }, async (catalog) => {
      await catalog.deleteFrom('import_draft').where('tenant', '=', tenant).where('id', '=', row.id).execute()
    })
    await rm(uploadFolderOf(directory, row.id), { recursive: true, force: true })
    return c.body(null, 204)
  })
  register(server, routes.commitImportDraft, async (c, call) =>
    c.json(await commit(call, await requireDraft(call.workspace, c.req.valid('param').draft)), 202),
  )
  registerFiles(server)
}

function registerFiles(server: Server): void {
  register(server, routes.previewDraftFile, async (c, call) => {
    const { draft, file } = c.req.valid('param')
    const { settings, mapping, ...request } = c.req.valid('json')
    const { name, path } = await fileOf(call, { draft, file })
    const preview = await call.atOnce(async (workspace) =>
      previewFile(path, {
        ...{ ...request, ...settings, fileName: name, subAccountOf: await codeLookup(workspace) },
        ...(mapping === undefined ? {} : { mapping }),
      }),
    )
    return c.json(toPreview(preview) as never, 200)
  })
  register(server, routes.getDraftRejects, async (c, call) => {
    const { draft, file } = c.req.valid('param')
    const row = await requireDraft(call.workspace, draft)
    const look = lookedOf(row)?.files[file - 1]
    const folder = join(rejectsFolderOf(call.services.workspace.directory, row.id), String(file))
    const names = (await readdir(folder).catch(none)).filter((name) => name.endsWith('.csv')).sort()
    await call.audit({ action: 'export', subject: `rejects of draft ${row.id}`, details: { file } })
    const [only] = names
    if (only !== undefined && names.length === 1)
      return rejectsResponse(Readable.toWeb(createReadStream(join(folder, only))) as ReadableStream, {
        ...{ name: only, type: 'text/csv' },
      })
    if (names.length > 1) {
      const entries = async function* () {
        for (const name of names) yield { name, bytes: await readFile(join(folder, name)) }
      }
      const zip = await streamOf(zipOf(entries()))
      return rejectsResponse(zip, { name: 'rejects.zip', type: 'application/zip' })
    }
    // After the commit they are those of the import.
    const { state } = await toDraft(call.workspace, row)
    if (state === 'committed' && look !== undefined && look.batch !== '' && look.rows.quarantined > 0)
      return rejectsResponse(await readRejects(call.workspace, look.batch))
    throw new Refusal('not-found', 'No row of this file would be refused.', { hint: 'There is nothing to mend.' })
  })
}

function none(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

type Upload = { readonly request: Request; readonly folder: string; readonly name: string | undefined }

function saveFiles(call: Call, { request, folder, name }: Upload): Promise<ReadonlyArray<SavedFile>> {
  return saveUpload(request, { folder, name, bytesMax: call.services.settings['upload-megabytes'] * 1e6 })
}

/** @throws Refusal `not-found`; `in-use` where it is committed, or being so. */
async function requireOpen(call: Call, id: string): Promise<DraftRow> {
  const row = await requireDraft(call.workspace, id)
  const { state } = await toDraft(call.workspace, row)
  if (state !== 'committing' && state !== 'committed') return row
  throw new Refusal('in-use', `Draft ${id} is ${state === 'committed' ? 'imported' : 'being imported'}.`, {
    hint: 'Send the files again to look at them anew.',
  })
}

type Look = { readonly draft: string; readonly request: DraftRequest; readonly row: DraftRow | null }

/** Written down with the job that looks, in one transaction. What an earlier look found is forgotten. */
async function startLook(call: Call, { draft, request, row }: Look) {
  const { workspace } = call.services
  const { tenant, actor } = workspace
  const [who, id] = [nameOf(call.caller), makeJobId()]
  const subject = request.files.map(({ name }) => name).join(', ')
  const entry = { action: 'look-at-files', subject, details: { draft, job: id } }
  await call.record(entry, async (catalog) => {
    const job = { subject, owner: call.caller.user.id, parameters: { draft } }
    await addJob(catalog, workspace, { kind: 'import-draft', request: job, who, id })
    const values = { request: JSON.stringify(request), looked: '', look_job: id, commit_job: null }
    const created = { tenant, id: draft, created_at: actor.now().toISOString(), created_by: who }
    if (row === null)
      await catalog
        .insertInto('import_draft')
        .values({ ...created, ...values })
        .execute()
    else
      await catalog
        .updateTable('import_draft')
        .set(values)
        .where('tenant', '=', tenant)
        .where('id', '=', draft)
        .execute()
  })
  call.services.jobs.wake()
  return toDraft(workspace, await requireDraft(workspace, draft))
}

/** @throws Refusal `bad-command` where nothing in it can be imported, or it is looked at still. */
async function commit(call: Call, row: DraftRow) {
  const { workspace, jobs } = call.services
  const { state } = await toDraft(workspace, row)
  if (row.commit_job !== null && (state === 'committing' || state === 'committed'))
    return toJob(await requireJob(workspace, row.commit_job))
  if (state === 'looking')
    throw new Refusal('bad-command', `Draft ${row.id} is being looked at.`, { hint: `Wait for job ${row.look_job}.` })
  const { files, options } = draftRequestOf(row)
  const looks = lookedOf(row)?.files ?? []
  const good = files.filter((_, at) => looks[at] !== undefined && looks[at]?.outcome !== 'refused')
  if (!looks.some(({ outcome }) => outcome === 'imported'))
    throw new Refusal('bad-command', `Nothing in draft ${row.id} is to be imported.`, {
      hint: 'Its files are known already, or refused: see what the look at them says.',
    })
  const who = nameOf(call.caller)
  const id = makeJobId()
  const subject = good.map(({ name }) => name).join(', ')
  const parameters: ImportParameters = { upload: row.id, files: good, dryRun: false, ...options }
  const entry = { action: 'start-import', subject, details: { job: id, draft: row.id } }
  const job = await call.record(entry, async (catalog) => {
    const { numUpdatedRows } = await catalog
      .updateTable('import_draft')
      .set({ commit_job: id })
      .where('tenant', '=', workspace.tenant)
      .where('id', '=', row.id)
      .where('commit_job', 'is', row.commit_job)
      .where('look_job', '=', row.look_job)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n)
      throw new Refusal('changed-meanwhile', `Draft ${row.id} was changed meanwhile.`, { hint: 'Get it again.' })
    const request = { subject, owner: call.caller.user.id, parameters }
    return addJob(catalog, workspace, { kind: 'import', request, who, id })
  })
  jobs.wake()
  return toJob(job)
}

/** @throws Refusal `not-found`. */
async function fileOf(call: Call, { draft, file }: { readonly draft: string; readonly file: number }) {
  const row = await requireDraft(call.workspace, draft)
  const saved = draftRequestOf(row).files[file - 1]
  if (!saved) throw new Refusal('not-found', `Draft ${draft} has no file ${file}.`, { hint: 'Its `files` list them.' })
  const path = join(uploadFolderOf(call.services.workspace.directory, row.id), saved.path)
  await stat(path).catch(() => {
    throw new Refusal('not-found', `${saved.name} is not kept any more.`, { hint: 'Send it again.' })
  })
  return { name: saved.name, path }
}

function toPreview({ mapped, ...preview }: Awaited<ReturnType<typeof previewFile>>) {
  if (mapped === null) return { ...preview, mapped }
  const { rows, amounts, ...rest } = mapped
  return {
    ...preview,
    mapped: {
      ...rest,
      amounts: amounts.map(({ currency, minor }) => ({ currency, amount: formatAmount(minor, currency) })),
      rows: rows.map(({ problems, ...row }) => ({
        ...row,
        problems: problems.map(({ code, severity, message, hint, source, facts }) => ({
          ...{ code, severity, message, hint, column: source?.column ?? '' },
          value: 'value' in facts ? String(facts.value) : '',
        })),
      })),
    },
  }
}
