// Takes in files of any size, and starts the job that imports them once all of them have arrived.
import { dayNamed } from '@spillway/engine'
import { importRoutes as routes } from '../contract/imports.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { makeJobId, uploadFolderOf } from '../jobs/job-row.ts'
import type { ImportParameters } from '../jobs/works.ts'
import { saveUpload } from '../uploads/save-upload.ts'
import { startJob } from './jobs.ts'

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
}
