// Documents of configuration: each has a kind, a name and versions; a change names the version that it changes.
import { z } from '@hono/zod-openapi'
import { listQuery, pageOf } from './paging.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

const heading = {
  kind: z.string(),
  name: z.string(),
  version: z.int(),
  etag: z.string().describe('of this version, for If-Match'),
  label: z.string().describe("what the document calls itself, where its `name` is not what it is saved under; else ''"),
}
export const documentHeading = z.object(heading).openapi('DocumentHeading')
export const configurationDocument = z
  .object({ ...heading, body: z.record(z.string(), z.unknown()).describe('as `spillway export config` writes it') })
  .openapi('ConfigurationDocument')

export const configurationFile = z
  .strictObject({
    name: z.string().min(1).max(200).describe('by which what is wrong with it is named'),
    text: z.string().describe('YAML, one document or more'),
  })
  .openapi('ConfigurationFile')

const params = z.object({
  kind: z.string().openapi({ param: { name: 'kind', in: 'path' }, example: 'Pool' }),
  name: z.string().openapi({ param: { name: 'name', in: 'path' }, example: 'P-100' }),
})
const ifMatch = z.object({
  'if-match': z.string().optional().describe('the ETag of the version that is changed'),
})
const putHeaders = idempotencyKey
  .extend(ifMatch.shape)
  .extend({ 'if-none-match': z.literal('*').optional().describe('where there must be no such document yet') })
export const savedDocument = z
  .object({
    kind: z.string(),
    name: z.string(),
    version: z.int(),
    outcome: z.enum(['created', 'changed', 'unchanged']),
  })
  .openapi('SavedDocument')
export const documentUses = z
  .object({
    canDelete: z.boolean(),
    users: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        path: z.string().describe('where it names the document, such as participating[0].product'),
        isHolding: z.boolean().describe('a deletion is refused because of it'),
      }),
    ),
    services: z.int().describe('of the inventory, that have the product, service type or account'),
  })
  .openapi('DocumentUses')

const versionHeading = {
  version: z.int(),
  savedAt: instant,
  savedBy: z.string(),
  isDeleted: z.boolean().describe('with this version it went out of force; its body is the one of before'),
}
export const documentVersion = z.object({ ...versionHeading, isInForce: z.boolean() }).openapi('DocumentVersion')
export const versionText = z
  .object({
    ...{ kind: z.string(), name: z.string() },
    ...versionHeading,
    body: z.record(z.string(), z.unknown()),
    text: z.string().describe('as YAML'),
  })
  .openapi('DocumentVersionText')

const tags = ['configuration']

export const configurationRoutes = {
  listDocuments: describeRoute({
    method: 'get',
    path: '/v1/configuration',
    operationId: 'listDocuments',
    summary: 'the documents in force',
    tags,
    'x-access': 'configuration:read',
    request: {
      query: listQuery(['name', 'kind']).extend({
        kind: z.string().optional(),
        text: z.string().max(200).optional().describe('in the name or the label, whatever the case'),
      }),
    },
    responses: { 200: jsonOf(pageOf(documentHeading, 'DocumentPage'), 'A page of documents') },
  }),
  getDocument: describeRoute({
    method: 'get',
    path: '/v1/configuration/{kind}/{name}',
    operationId: 'getDocument',
    summary: 'one document, with its ETag',
    tags,
    'x-access': 'configuration:read',
    request: { params },
    responses: { 200: jsonOf(configurationDocument, 'The document') },
  }),
  putDocument: describeRoute({
    method: 'put',
    path: '/v1/configuration/{kind}/{name}',
    operationId: 'putDocument',
    summary: 'save a document as its next version: If-Match for one there is, If-None-Match: * for a new one',
    tags,
    'x-access': 'configuration:change',
    request: {
      params,
      headers: putHeaders,
      body: { required: true, content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } } },
    },
    responses: {
      200: jsonOf(configurationDocument, 'Changed, or the same as before'),
      201: jsonOf(configurationDocument, 'Created'),
    },
  }),
  deleteDocument: describeRoute({
    method: 'delete',
    path: '/v1/configuration/{kind}/{name}',
    operationId: 'deleteDocument',
    summary: 'take a document out of force; refused while another one names it',
    tags,
    'x-access': 'configuration:change',
    request: { params, headers: idempotencyKey.extend(ifMatch.shape) },
    responses: { 204: noContent },
  }),
  listDocumentUses: describeRoute({
    method: 'get',
    path: '/v1/configuration/{kind}/{name}/uses',
    operationId: 'listDocumentUses',
    summary: 'which documents name it and where, and whether it can be deleted',
    tags,
    'x-access': 'configuration:read',
    request: { params },
    responses: { 200: jsonOf(documentUses, 'Its uses') },
  }),
  listDocumentVersions: describeRoute({
    method: 'get',
    path: '/v1/configuration/{kind}/{name}/versions',
    operationId: 'listDocumentVersions',
    summary: 'every version that it ever had, the newest first: who saved it, and when',
    tags,
    'x-access': 'configuration:read',
    request: {
      params,
      query: listQuery(['version']).extend({ sort: z.enum(['version', '-version']).default('-version') }),
    },
    responses: { 200: jsonOf(pageOf(documentVersion, 'DocumentVersionPage'), 'A page of versions') },
  }),
  getDocumentVersion: describeRoute({
    method: 'get',
    path: '/v1/configuration/{kind}/{name}/versions/{version}',
    operationId: 'getDocumentVersion',
    summary: 'what one version said',
    tags,
    'x-access': 'configuration:read',
    request: {
      params: params.extend({
        version: z
          .string()
          .regex(/^[1-9]\d{0,8}$/, 'a whole number')
          .openapi({ param: { name: 'version', in: 'path' }, example: '3' }),
      }),
    },
    responses: { 200: jsonOf(versionText, 'The version') },
  }),
  applyConfiguration: describeRoute({
    method: 'post',
    path: '/v1/configuration',
    operationId: 'applyConfiguration',
    summary: 'save the documents of files, all of them or none; the same again changes nothing',
    tags,
    'x-access': 'configuration:change',
    request: {
      headers: idempotencyKey,
      ...bodyOf(
        z.strictObject({
          files: z.array(configurationFile).min(1).max(100),
          dryRun: z
            .boolean()
            .default(false)
            .describe('checks alone, at once, whatever is being changed; each issue has the `path` that it is about'),
        }),
      ),
    },
    responses: {
      200: jsonOf(z.object({ documents: z.array(savedDocument) }).openapi('AppliedConfiguration'), 'What came of each'),
    },
  }),
  checkConfiguration: describeRoute({
    method: 'post',
    path: '/v1/configuration/check',
    operationId: 'checkConfiguration',
    summary: 'what would come of saving documents, or all that is wrong with them; changes nothing, for whoever types',
    tags,
    'x-access': 'configuration:read',
    request: bodyOf(z.strictObject({ files: z.array(configurationFile).min(1).max(100) })),
    responses: {
      200: jsonOf(
        z
          .object({
            documents: z.array(savedDocument).describe('none where something is wrong'),
            issues: z.array(
              z.object({
                file: z.string(),
                document: z.string(),
                path: z.string().describe("`buckets[0].tiers`; '' for the document as a whole"),
                message: z.string(),
              }),
            ),
          })
          .openapi('CheckedConfiguration'),
        'What would come of each, or what is wrong',
      ),
    },
  }),
  exportConfiguration: describeRoute({
    method: 'get',
    path: '/v1/exports/configuration',
    operationId: 'exportConfiguration',
    summary: 'documents in force as YAML; applying it again changes nothing',
    tags,
    'x-access': 'configuration:read',
    request: {
      query: z.object({
        kind: z.string().max(100).optional(),
        name: z.string().max(500).optional().describe('with `kind`: one document alone'),
      }),
    },
    responses: { 200: { description: 'YAML', content: { 'application/yaml': { schema: z.string() } } } },
  }),
}
