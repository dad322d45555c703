// The screens: files that the web app was built into, held in memory. Whatever is no file and no part of the API is the app's own
// address, and gets its one page. Styles that the app makes as it runs carry a nonce of that page alone.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Context, MiddlewareHandler } from 'hono'
import type { Server, ServerEnv } from './environment.ts'
import { asDataBlock, firstAnswers } from './first-answers.ts'
import { linksOf, type ScreenFiles } from './screen-files.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

type WebFile = {
  readonly type: string
  /** By content coding; '' is the file as it is. */
  readonly codings: ReadonlyMap<'' | 'br' | 'gzip', Uint8Array<ArrayBuffer>>
}

/** Nothing else may run or be loaded; attributes of style are set by scripts, which needs no exception. */
const policyOf = (nonce: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`

/** Pages of the folder, if the app was built there; the API works without. */
export async function readWebFiles(folder: string): Promise<WebFiles | null> {
  if (!existsSync(join(folder, 'index.html'))) return null
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, WebFile>()
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const codings = new Map<'' | 'br' | 'gzip', Uint8Array<ArrayBuffer>>([['', new Uint8Array(await readFile(path))]])
    if (existsSync(`${path}.br`)) codings.set('br', new Uint8Array(await readFile(`${path}.br`)))
    if (existsSync(`${path}.gz`)) codings.set('gzip', new Uint8Array(await readFile(`${path}.gz`)))
    files.set(`/${path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')}`, { type, codings })
  }
  return files
}

export type WebFiles = ReadonlyMap<string, WebFile>

/** What the pages are made of: the one page, and which files each screen has. */
const OF_PAGES: ReadonlySet<string> = new Set(['/index.html', '/screens.json'])

const isOfApi = (path: string) => path === '/v1' || path.startsWith('/v1/')

/** Answers what the app was built into, which is the same for everybody, before anybody is looked up. */
export function webFiles(files: WebFiles): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const { path, method } = c.req
    // The page says who asks: it comes after.
    const file = (method === 'GET' || method === 'HEAD') && !OF_PAGES.has(path) ? files.get(path) : undefined
    return file === undefined || isOfApi(path) ? next() : answerFile(c, { path, file })
  }
}

/** Register it last: it answers what nothing else does. */
export function registerWeb({ app }: Pick<Server, 'app'>, files: WebFiles): void {
  const textOf = (path: string) => new TextDecoder().decode(files.get(path)?.codings.get(''))
  const page = textOf('/index.html')
  const screens = JSON.parse(textOf('/screens.json') || '[]') as ReadonlyArray<ScreenFiles>
  app.get('*', async (c, next) => {
    const { path } = c.req
    if (isOfApi(path)) return next()
    // A file of an earlier build that a page still asks for is no page.
    if (extname(path) !== '' && path.startsWith('/assets/')) return next()
    const nonce = randomBytes(16).toString('base64')
    // Told with the page: asking for it first would be a refusal that every visitor's browser reports.
    const isSignedIn = c.get('caller') !== null
    const written = page.replace('%NONCE%', nonce).replace('%SIGNED_IN%', isSignedIn ? 'yes' : 'no')
    const body = isSignedIn ? inPieces(written, linksOf(screens, path), () => firstAnswers(app, c)) : written
    return c.body(body, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOf(nonce),
      'cache-control': 'no-store',
    })
  })
}

/** The head at once, so that its files are on their way while the answers are made; what they need goes before the end. */
function inPieces(
  page: string,
  links: string,
  answers: () => ReturnType<typeof firstAnswers>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const cut = (at: string) => (page.includes(at) ? page.indexOf(at) : page.length)
  const [headEnd, bodyEnd] = [cut('</head>'), cut('</body>')]
  return new ReadableStream({
    start: async (controller) => {
      controller.enqueue(encoder.encode(`${page.slice(0, headEnd)}${links}${page.slice(headEnd, bodyEnd)}`))
      // What cannot be answered here is asked for by the app, which says what went wrong.
      const block = await answers().then(asDataBlock, () => '')
      controller.enqueue(encoder.encode(`${block}${page.slice(bodyEnd)}`))
      controller.close()
    },
  })
}

function answerFile(c: Context<ServerEnv>, { path, file }: { path: string; file: WebFile }): Response {
  const accepted = new Set((c.req.header('accept-encoding') ?? '').split(',').map((one) => one.split(';')[0]?.trim()))
  const coding = (['br', 'gzip'] as const).find((one) => accepted.has(one) && file.codings.has(one)) ?? ''
  const body = file.codings.get(coding)
  if (!body) return c.notFound() as Response
  return c.body(body, 200, {
    'content-type': file.type,
    vary: 'accept-encoding',
    // The name of an asset has a digest of what it holds.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    ...(coding === '' ? {} : { 'content-encoding': coding }),
  })
}
