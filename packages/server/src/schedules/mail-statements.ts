// Mails the statements of a published month to the people they are of. Each is written down once it was taken by the mail server,
// and not sent again for the same run: killed in between, the one under way may come twice.
import { type Period, Refusal } from '@spillway/core'
import { currentRun, personAddresses, readStatements, type ScopedWorkspace, statementKeys } from '@spillway/engine'
import { createStatementEncoder, statementFileNames } from '@spillway/formats'
import { createTransport } from 'nodemailer'
import type { JobContext } from '../jobs/job-runner.ts'

export type MailSettings = { readonly url: string; readonly from: string }

export type MailRequest = { readonly period: Period; readonly company: string | undefined }

const KIND = 'person'
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+$/

/** Keys of statements that are still to be sent, with where to; none where the month is not published. */
async function unmailed(workspace: ScopedWorkspace, period: Period): Promise<ReadonlyMap<string, string>> {
  const { catalog, tenant } = workspace
  const run = await publishedRun(workspace, period)
  if (run === undefined) return new Map()
  const mailed = await catalog
    .selectFrom('mailed_statement')
    .select('key')
    .where('tenant', '=', tenant)
    .where('run', '=', run)
    .where('kind', '=', KIND)
    .execute()
  const done = new Set(mailed.map(({ key }) => key))
  const addresses = await personAddresses(workspace, { period })
  const keys = await statementKeys(workspace, { period, kind: KIND })
  return new Map(
    keys.flatMap((key) => {
      const address = addresses.get(key)
      return address !== undefined && ADDRESS.test(address) && !done.has(key) ? [[key, address] as const] : []
    }),
  )
}

/** @throws Refusal `bad-configuration` without a mail server, `period-not-published`, `cancelled`. */
export async function mailStatements(
  workspace: ScopedWorkspace,
  { period, company }: MailRequest,
  {
    mail,
    context,
  }: { readonly mail: MailSettings | undefined; readonly context: Pick<JobContext, 'signal' | 'onProgress'> },
): Promise<Record<string, unknown>> {
  if (!mail)
    throw new Refusal('bad-configuration', 'The server knows no mail server.', { hint: 'Set smtp-url and mail-from.' })
  const run = await publishedRun(workspace, period)
  if (run === undefined)
    throw new Refusal('period-not-published', `${period.name} is not published.`, { hint: 'Publish it first.' })
  const addresses = await unmailed(workspace, period)
  const all = await statementKeys(workspace, { period, kind: KIND })
  const told = { period: period.name, run, statements: all.length }
  if (addresses.size === 0) return { ...told, sent: 0 }
  const fileOf = statementFileNames(KIND, all)
  const encode = await createStatementEncoder({ paper: 'a4' })
  const transport = createTransport(mail.url)
  let sent = 0
  try {
    for await (const statement of readStatements(workspace, {
      period,
      kind: KIND,
      keys: [...addresses.keys()],
      company,
    })) {
      if (context.signal.aborted) throw new Refusal('cancelled', 'No further statement was sent.')
      const { key } = statement.owner
      const to = addresses.get(key)
      if (to === undefined) continue
      const { bytes } = await encode(statement)
      await transport.sendMail({
        ...{ from: mail.from, to, subject: `Your statement for ${period.name}` },
        text: `Your statement for ${period.name} is attached.\n`,
        attachments: [
          { filename: fileOf.get(key) ?? 'statement.pdf', content: Buffer.from(bytes), contentType: 'application/pdf' },
        ],
      })
      await note(workspace, { run, key, address: to })
      sent += 1
      context.onProgress({ stage: 'mail', done: sent, total: addresses.size })
    }
  } finally {
    transport.close()
  }
  return { ...told, sent }
}

async function publishedRun(workspace: ScopedWorkspace, period: Period): Promise<string | undefined> {
  try {
    const run = await currentRun(workspace, period)
    return run.state === 'published' ? run.id : undefined
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'period-not-closed') return undefined
    throw error
  }
}

async function note(
  { catalog, tenant, actor }: ScopedWorkspace,
  { run, key, address }: { readonly run: string; readonly key: string; readonly address: string },
): Promise<void> {
  const mailed_at = actor.now().toISOString()
  await catalog.insertInto('mailed_statement').values({ tenant, run, kind: KIND, key, address, mailed_at }).execute()
}
