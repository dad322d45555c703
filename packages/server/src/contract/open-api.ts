// The OpenAPI 3.1 document, made from the routes that the server registers.
import { OpenAPIHono } from '@hono/zod-openapi'
import { ROUTES } from './routes.ts'

const DESCRIPTION = `Divides what is shared: usage plans drawn on by many services, and the bills for them.

Amounts are decimal texts, never rounded on the way. An error is a problem document (RFC 9457); \`/v1/problems\` lists the
kinds. A list comes in pages: ask again with the \`next\` of a page as \`cursor\`.`

export function openApiDocument() {
  const app = new OpenAPIHono()
  for (const route of Object.values(ROUTES)) app.openAPIRegistry.registerPath(route)
  const { registerComponent } = app.openAPIRegistry
  const component = registerComponent.bind(app.openAPIRegistry)
  component('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: '__Host-spillway' })
  component('securitySchemes', 'token', { type: 'http', scheme: 'bearer', description: 'an API token' })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Spillway',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
  })
}
