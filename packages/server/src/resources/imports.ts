// Takes in files of any size, and starts the job that imports them once all of them have arrived; shows an import, what it refused,
// and takes it back.
import { formatAmount, Refusal } from '@spillway/core'
import { dayNamed, listImports, noImport, readRejects, reasonAgainstTakeBack, takeBackImport } from '@spillway/engine'
import { rejectsFileName } from '@spillway/formats'
import { importRoutes as routes } from '../contract/imports.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { makeJobId, uploadFolderOf } from '../jobs/job-row.ts'
import type { ImportParameters } from '../jobs/works.ts'
import { saveUpload } from '../uploads/save-upload.ts'
import { startJob } from './jobs.ts'
import { rejectsResponse } from './rejects-response.ts'

export function registerImports(server: Server): void {
  register(server, routes.startImport, async (c, call) => {
    const { name, source = '', asOf, ...flags } = c.req.valid('query')
    const { workspace, settings, arriving } = call.services
    const asOfOn = dayNamed(asOf) ?? workspace.actor.now().toISOString().slice(0, 10)
    const id = makeJobId()
    arriving.add(id)
    try {
      const bytesMax = settings['upload-megabytes'] * 1e6
      const files = await saveUpload(c.req.raw, { folder: uploadFolderOf(workspace.directory, id), name, bytesMax })
      const parameters: ImportParameters = {
        ...{ upload: id, files, source },
        dryRun: flags.dryRun === 'true',
        acceptEnds: flags.acceptEnds === 'true',
        again: flags.again === 'true',
        asOf: asOfOn,
      }
      const subject = files.map((file) => file.name).join(', ')
      return c.json(await startJob(call, { kind: 'import', subject, parameters, id }), 202)
    } finally {
      arriving.delete(id)
    }
  })
  register(server, routes.getImport, async (c, call) => {
    const { batch } = c.req.valid('param')
    const [found] = await listImports(call.workspace, batch)
    if (!found) throw noImport(batch)
    const { amounts, formats, supersededBy, ...record } = found
    const whyNot = await call.atOnce((workspace) => reasonAgainstTakeBack(workspace, batch))
    return c.json(
      {
        ...record,
        ...{ formats: [...formats], supersededBy: [...supersededBy] },
        amounts: amounts.map(({ currency, amountMinor }) => ({
          currency,
          amount: formatAmount(amountMinor, currency),
        })),
        canTakeBack: whyNot === null,
        whyNot: whyNot && { code: whyNot.kind, detail: whyNot.message, hint: whyNot.hint },
      },
      200,
    )
  })
  register(server, routes.getImportRejects, async (c, call) => {
    const { batch } = c.req.valid('param')
    const { table } = c.req.valid('query')
    const tables = await readRejects(call.workspace, batch)
    const wanted = table === undefined ? tables : tables.slice(table - 1, table)
    if (wanted.length === 0)
      throw new Refusal('not-found', `No table ${table} of this import has refused rows.`, {
        hint: `There are ${tables.length}.`,
      })
    await call.audit({ action: 'export', subject: `rejects of import ${batch}` })
    return rejectsResponse(wanted)
  })
  register(server, routes.listRejectedTables, async (c, { workspace }) => {
    const tables = await readRejects(workspace, c.req.valid('param').batch)
    return c.json({ items: tables.map((table, index) => ({ no: index + 1, file: rejectsFileName(table) })) }, 200)
  })
  register(server, routes.takeBackImport, async (c, call) => {
    const { batch } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const { restored, mayLackRows, ...report } = await call.change((workspace) =>
      takeBackImport(workspace, { batch, reason }),
    )
    return c.json({ ...report, restored: restored.slice(0, RESTORED_SHOWN), mayLackRows: [...mayLackRows] }, 200)
  })
}

const RESTORED_SHOWN = 500
