// Asks a server without a socket, and holds each answer against the schema that its route is described with.
import { expect } from 'vitest'
import type { z } from 'zod'
import { ROUTES } from '../src/contract/routes.ts'
import type { Server } from '../src/index.ts'
import { type PersonName, sessionOf, tokenOf } from './served-company.ts'

export const ORIGIN = 'https://spillway.example'

export type Question = {
  readonly method?: string
  /** With its query. */
  readonly path: string
  /** By session. */
  readonly as?: PersonName
  /** By token. */
  readonly byTokenOf?: PersonName
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Uint8Array
  readonly json: Record<string, unknown>
}

export async function ask(
  { app }: Server,
  { method = 'GET', path, as, byTokenOf, body, headers = {} }: Question,
): Promise<Answer> {
  const sent = new Headers({ origin: ORIGIN, ...headers })
  if (as) sent.set('cookie', `__Host-spillway=${sessionOf(as)}`)
  if (byTokenOf) sent.set('authorization', `Bearer ${tokenOf(byTokenOf)}`)
  if (body !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json')
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await app.request(`${ORIGIN}${path}`, {
    method,
    headers: sent,
    ...(text === undefined ? {} : { body: text }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const answer = new TextDecoder().decode(bytes)
  const isJson = /[/+]json$/.test((response.headers.get('content-type') ?? '').split(';')[0] ?? '')
  const json = (isJson && answer !== '' ? JSON.parse(answer) : {}) as Record<string, unknown>
  checkAnswer({ method, path, status: response.status, type: response.headers.get('content-type') ?? '', json })
  return { status: response.status, headers: response.headers, text: answer, bytes, json }
}

type Response = { readonly content?: Readonly<Record<string, { readonly schema: unknown }>> }
type Told = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly json: unknown
}

/** Every answer of a described route is of a status and a shape that the document has; nothing stands in it besides. */
function checkAnswer({ method, path, status, type, json }: Told): void {
  const [place = ''] = path.split('?')
  const route = Object.values(ROUTES).find(
    (one) =>
      one.method === method.toLowerCase() && new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(place),
  )
  if (!route) return
  const responses = route.responses as unknown as Readonly<Record<string, Response>>
  expect(status, `${method} ${path} ${JSON.stringify(json)}`).not.toBe(500)
  const response = responses[status] ?? responses.default
  const media = response?.content?.[(type.split(';')[0] ?? '').trim()]
  if (responses[status] && !response?.content) return
  expect(media, `${method} ${path} answers ${status} as ${type}`).toBeDefined()
  if (!/[/+]json$/.test(type.split(';')[0] ?? '')) return
  const schema = media?.schema as z.ZodType | undefined
  expect(schema?.parse(json)).toEqual(json)
}
