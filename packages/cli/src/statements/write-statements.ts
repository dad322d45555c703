// Writes all statements of a period into one folder, with an index.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { planStatements, readStatements, type WantedStatements, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeStatements, type Paper, type StatementsEncoded } from '@spillway/formats'
import type { Progress } from '../output/progress.ts'
import { fillFolder } from './fill-folder.ts'

export type StatementsOptions = WantedStatements & {
  readonly company?: string | undefined
  readonly paper: Paper
  readonly folder: string
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

/**
 * One PDF per owner and an `index.csv`.
 * @throws Refusal `period-not-closed`, `not-found` for a key without a statement, `cancelled`, `bad-command` where the
 * folder cannot be written.
 */
export async function writeStatements(workspace: Workspace, options: StatementsOptions): Promise<StatementsEncoded> {
  const { period, company, paper, folder, onProgress, signal } = options
  const stop = () => workspace.warehouse.interrupt()
  signal.addEventListener('abort', stop)
  try {
    const scoped = unscoped(workspace)
    const plan = await planStatements(scoped, options)
    const total = plan.reduce((sum, { count }) => sum + count, 0)
    const kinds = plan.map(({ kind, allKeys, keys }) => ({
      ...{ kind, allKeys },
      statements: readStatements(scoped, { period, kind, keys, company }),
    }))
    const { files, told } = encodeStatements(kinds, {
      paper,
      onStatement: (done) => {
        if (signal.aborted) throw statementsCancelled()
        onProgress({ stage: 'statements', done, total })
      },
    })
    await fillFolder(folder, async (staging) => {
      const names: string[] = []
      for await (const { name, bytes } of files) {
        await writeFile(join(staging, name), bytes)
        names.push(name)
      }
      return names
    })
    return told()
  } catch (error) {
    throw signal.aborted ? statementsCancelled() : error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

export const CANCELLED = 'The export was cancelled; no statement was written.'
const statementsCancelled = () => new Refusal('cancelled', CANCELLED)
