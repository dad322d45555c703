// The reference of the API as a page, from files that this server holds itself: nothing is loaded from elsewhere.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { openApiDocument } from '../contract/open-api.ts'
import type { Server } from './environment.ts'
import { PAGE_POLICY } from './security-headers.ts'

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spillway API</title>
<link rel="stylesheet" href="/v1/docs/swagger-ui.css">
</head>
<body>
<main id="reference"></main>
<noscript>This page needs scripts; the document itself is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</noscript>
<script src="/v1/docs/swagger-ui-bundle.js"></script>
<script src="/v1/docs/start.js"></script>
</body>
</html>
`
const START =
  "SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null })\n"

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

export function registerDocs({ app }: Pick<Server, 'app'>): void {
  const document = JSON.stringify(openApiDocument())
  const answer = (text: string, type: string) =>
    new Response(text, {
      headers: {
        'content-type': type,
        'content-security-policy': PAGE_POLICY,
        'cache-control': 'public, max-age=3600',
      },
    })
  app.get('/v1/openapi.json', () => answer(document, 'application/json'))
  app.get('/v1/docs', () => answer(PAGE, 'text/html; charset=utf-8'))
  app.get('/v1/docs/start.js', () => answer(START, 'text/javascript; charset=utf-8'))
  for (const [name, type] of Object.entries(FILES))
    app.get(`/v1/docs/${name}`, async () => answer(await readFile(join(folder(), name), 'utf8'), type))
}

/** Where the package is installed, found when it is asked for: a bundle has not its files. */
function folder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
}
