// Documents of configuration over HTTP: what is changed is named by its ETag, so that nobody overwrites what they have not seen.
import { Refusal } from '@spillway/core'
import {
  applyConfiguration,
  type ConfigurationDocument,
  deleteConfiguration,
  documentUses,
  documentVersion,
  documentVersions,
  exportConfiguration,
  exportDocument,
  loadConfiguration,
  requireConfiguration,
  type Workspace,
} from '@spillway/engine'
import { SOURCE_KIND } from '@spillway/formats'
import { z } from 'zod'
import { configurationRoutes as routes } from '../contract/configuration.ts'
import type { Server } from '../http/environment.ts'
import { KeptTexts } from '../http/kept-texts.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { etagOf, refuseUnmatched } from './etag.ts'

const headingOf = (document: ConfigurationDocument) => ({
  kind: document.kind,
  name: document.name,
  version: document.version,
  etag: etagOf(document),
  label: labelOf(document),
})

const issueOf = z.object({
  file: z.coerce.string().default(''),
  document: z.coerce.string().default(''),
  path: z.string().default(''),
  message: z.string(),
})

/** All that a refusal names; itself where it names none. */
function issuesIn({ message, facts }: Refusal): Array<z.infer<typeof issueOf>> {
  const named = z.array(issueOf).safeParse(facts.issues)
  return named.success && named.data.length > 0 ? named.data : [{ file: '', document: '', path: '', message }]
}

function labelOf({ name, body }: ConfigurationDocument): string {
  const own = (body as { readonly name?: unknown }).name
  return typeof own === 'string' && own !== name ? own : ''
}

export const toDocument = (document: ConfigurationDocument) => ({
  ...headingOf(document),
  body: document.body as Record<string, unknown>,
})

/** A share plan of ten thousand accounts is used by as many documents: a megabyte. */
const USES_KEPT = 10
const USES_CHARACTERS_MAX = 2_000_000

export function registerConfiguration(server: Server): void {
  register(server, routes.listDocuments, async (c, { workspace }) => {
    const { kind, text = '', ...page } = c.req.valid('query')
    const wanted = text.toLowerCase()
    const isFound = (document: ConfigurationDocument) =>
      wanted === '' || [document.name, labelOf(document)].some((one) => one.toLowerCase().includes(wanted))
    const documents = (await loadConfiguration(workspace, kind)).filter(isFound)
    const { items, next } = pageOfItems(documents, { ...page, idOf: (one) => `${one.kind}/${one.name}` })
    return c.json({ items: items.map(headingOf), next }, 200)
  })
  register(server, routes.getDocument, async (c, { workspace }) => {
    const document = await requireConfiguration(workspace, c.req.valid('param'))
    c.header('etag', etagOf(document))
    return c.json(toDocument(document), 200)
  })
  register(server, routes.putDocument, async (c, call) => {
    const place = c.req.valid('param')
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = c.req.valid('header')
    const body = c.req.valid('json')
    const { document, isNew } = await call.change(async (workspace) => {
      const known = (await loadConfiguration(workspace, place.kind)).find(({ name }) => name === place.name)
      refuseUnmatched(known, { ifMatch, isToBeNew: ifNoneMatch === '*' })
      const text = JSON.stringify(body)
      const kinds = [SOURCE_KIND]
      const [named] = await applyConfiguration(workspace, { files: [{ name: 'request', text }], kinds, dryRun: true })
      if (named?.kind !== place.kind || named.name !== place.name)
        throw new Refusal(
          'bad-configuration',
          `The document is ${named?.kind} ${named?.name}, not ${place.kind} ${place.name}.`,
          {
            hint: 'Send it to its own place.',
          },
        )
      await applyConfiguration(workspace, { files: [{ name: 'request', text }], kinds })
      return { document: await requireConfiguration(workspace, place), isNew: known === undefined }
    })
    c.header('etag', etagOf(document))
    return c.json(toDocument(document), isNew ? 201 : 200)
  })
  register(server, routes.deleteDocument, async (c, call) => {
    const place = c.req.valid('param')
    const { 'if-match': ifMatch } = c.req.valid('header')
    await call.change(async (workspace) => {
      refuseUnmatched(await requireConfiguration(workspace, place), { ifMatch, isToBeNew: false })
      await deleteConfiguration(workspace, place)
    })
    return c.body(null, 204)
  })
  register(server, routes.applyConfiguration, async (c, call) => {
    const { files, dryRun } = c.req.valid('json')
    const apply = (workspace: Workspace) => applyConfiguration(workspace, { files, kinds: [SOURCE_KIND], dryRun })
    // Whoever types waits for no close.
    const saved = await (dryRun ? call.atOnce(apply) : call.change(apply))
    const documents = saved.map(({ kind, name, version, outcome }) => ({ kind, name, version, outcome }))
    return c.json({ documents }, 200)
  })
  registerCheck(server)
  registerVersions(server)
  const uses = new KeptTexts({ most: USES_KEPT, charactersMax: USES_CHARACTERS_MAX })
  register(server, routes.listDocumentUses, async (c, call) => {
    const place = c.req.valid('param')
    const make = async () => {
      const { users, ...rest } = await call.atOnce((workspace) => documentUses(workspace, place))
      return JSON.stringify({ ...rest, users })
    }
    const text = await uses.text(call.workspace, [place.kind, place.name], make)
    return c.body(text, 200, { 'content-type': 'application/json' })
  })
  register(server, routes.exportConfiguration, async (c, call) => {
    const { kind, name } = c.req.valid('query')
    if (name !== undefined && kind === undefined)
      throw new Refusal('bad-command', 'A name is of a kind.', { hint: 'Send kind with it.' })
    const text =
      kind !== undefined && name !== undefined
        ? await exportDocument(call.workspace, { kind, name })
        : await exportConfiguration(call.workspace, kind)
    await call.audit({ action: 'export', subject: 'configuration', details: { kind, name } })
    return c.body(text, 200, { 'content-type': 'application/yaml; charset=utf-8' })
  })
}

function registerVersions(server: Server): void {
  register(server, routes.listDocumentVersions, async (c, { workspace }) => {
    const { sort, ...page } = c.req.valid('query')
    // Pages compare texts: by as many digits, they are in the order of the numbers.
    const placed = (await documentVersions(workspace, c.req.valid('param'))).map((one) => ({
      ...{ ...one, place: String(one.version).padStart(9, '0') },
    }))
    const order = sort === 'version' ? 'place' : '-place'
    const { items, next } = pageOfItems(placed, { ...page, sort: order, idOf: ({ place }) => place })
    return c.json({ items: items.map(({ place: _, ...one }) => one), next }, 200)
  })
  register(server, routes.getDocumentVersion, async (c, { workspace }) => {
    const { kind, name, version } = c.req.valid('param')
    const { body, ...said } = await documentVersion(workspace, { kind, name, version: Number(version) })
    return c.json({ kind, name, ...said, body: body as Record<string, unknown> }, 200)
  })
}

/** What is wrong is the answer here, and no refusal: whoever types sends what is not finished. */
function registerCheck(server: Server): void {
  register(server, routes.checkConfiguration, async (c, call) => {
    const { files } = c.req.valid('json')
    try {
      const saved = await call.atOnce((workspace) =>
        applyConfiguration(workspace, { files, kinds: [SOURCE_KIND], dryRun: true }),
      )
      const documents = saved.map(({ kind, name, version, outcome }) => ({ kind, name, version, outcome }))
      return c.json({ documents, issues: [] }, 200)
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind !== 'bad-configuration') throw error
      return c.json({ documents: [], issues: issuesIn(error) }, 200)
    }
  })
}
