// A typed client of the API, from the routes that the server is described by: no second list of them. Runs wherever there is
// `fetch`; keeps no state, tries nothing twice. It takes the places of the routes as an argument: a page need not load their schemas.
import type { z } from 'zod'
import type { ROUTES } from '../contract/routes.ts'
import { ApiProblem, problemOf } from './api-problem.ts'

type Routes = typeof ROUTES
export type Operation = keyof Routes

type Part<R, P extends string, N extends string> = R extends { request: { [K in P]: infer S extends z.ZodType } }
  ? { readonly [K in N]: z.input<S> }
  : unknown
type OptionalPart<R, P extends string, N extends string> = R extends {
  request: { [K in P]: infer S extends z.ZodType }
}
  ? { readonly [K in N]?: z.input<S> }
  : unknown
type Body<R> = R extends {
  request: { body: { content: { 'application/json': { schema: infer S extends z.ZodType } } } }
}
  ? { readonly body: z.input<S> }
  : { readonly body?: undefined }

/** What is asked: path parameters, query and JSON body as the route describes them. */
export type Question<O extends Operation> = Part<Routes[O], 'params', 'params'> &
  OptionalPart<Routes[O], 'query', 'query'> &
  Body<Routes[O]> & {
    /** A body that is no JSON, such as the files of a form. */
    readonly content?: FormData | Blob
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal | undefined
  }

type JsonOf<T> = T extends { content: { 'application/json': { schema: infer S extends z.ZodType } } }
  ? z.output<S>
  : never
/** What comes back with 200, 201 or 202 as JSON. */
export type AnswerOf<O extends Operation> = Routes[O] extends { responses: infer A }
  ? { [K in keyof A]: K extends 200 | 201 | 202 ? JsonOf<A[K]> : never }[keyof A]
  : never

/** Method and path of every operation: ROUTES, or a table made from it. */
export type RoutePlaces = Readonly<Record<Operation, { readonly method: string; readonly path: string }>>

export type ClientOptions = {
  /** Of the server, without /v1. */
  readonly url: string
  readonly routes: RoutePlaces
  /** undefined in a browser, which sends its cookie. */
  readonly token?: string | undefined
  readonly fetch?: typeof fetch
}

export class Client {
  readonly #url: string
  readonly #routes: RoutePlaces
  readonly #token: string | undefined
  readonly #fetch: typeof fetch

  constructor({ url, routes, token, fetch: fetchAs = (...call) => fetch(...call) }: ClientOptions) {
    this.#url = url.replace(/\/+$/, '')
    this.#routes = routes
    this.#token = token
    this.#fetch = fetchAs
  }

  /** The JSON answer. @throws ApiProblem where it is none; what `fetch` throws where nobody answers. */
  async ask<O extends Operation>(operation: O, question: Question<O>): Promise<AnswerOf<O>> {
    const response = await this.send(operation, question)
    return (response.status === 204 ? undefined : await response.json()) as AnswerOf<O>
  }

  /** An answer that is text, whole. @throws as `ask`. */
  async text<O extends Operation>(operation: O, question: Question<O>): Promise<string> {
    return (await this.send(operation, question)).text()
  }

  /** An answer of any size, piece by piece as it comes. @throws as `ask`, and where it breaks off. */
  async *download<O extends Operation>(operation: O, question: Question<O>): AsyncGenerator<Uint8Array> {
    const { body } = await this.send(operation, question)
    if (body) yield* body as unknown as AsyncIterable<Uint8Array>
  }

  /** The answer itself, for whoever needs its headers. @throws as `ask`. */
  async send<O extends Operation>(operation: O, question: Question<O>): Promise<Response> {
    const { method, path } = this.#routes[operation]
    const asked: Asked = question
    const headers = new Headers(asked.headers)
    if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`)
    const isJson = asked.body !== undefined && asked.content === undefined
    if (isJson) headers.set('content-type', 'application/json')
    const content = isJson ? JSON.stringify(asked.body) : asked.content
    const response = await this.#fetch(`${this.#url}${pathOf(path, asked.params)}${searchOf(asked.query)}`, {
      method: method.toUpperCase(),
      headers,
      redirect: 'error',
      ...(content === undefined ? {} : { body: content }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    })
    if (!response.ok) throw await problemOf(response)
    return response
  }
}

/** A question without its types. */
type Asked = {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly content?: FormData | Blob
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** @throws ApiProblem for a part that a path cannot have: `.` and `..` would lead elsewhere. */
function pathOf(path: string, params: Asked['params'] = {}): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const part = String(params[name])
    if (part !== '' && part !== '.' && part !== '..') return encodeURIComponent(part)
    throw new ApiProblem({
      ...{ status: 404, code: 'not-found', requestId: '', hint: 'Check what is named.' },
      detail: `There is nothing named "${part}".`,
    })
  })
}

/** A parameter with several values stands there once for each. */
function searchOf(query: Asked['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]],
  )
  const text = new URLSearchParams(given as string[][]).toString()
  return text === '' ? '' : `?${text}`
}
