// Sends one request to one checked address, and reads no more of the answer than its status. Follows no redirect.
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { checkedAddress } from './checked-address.ts'

const TIMEOUT_MS = 10_000

export type PostRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly allowsPrivate: boolean
  readonly signal: AbortSignal
}

/** The status of the answer. @throws what kept it from coming. */
export async function postTo({ url, headers, body, allowsPrivate, signal }: PostRequest): Promise<number> {
  const { hostname, protocol } = new URL(url)
  const { address, family } = await checkedAddress(hostname, { allowsPrivate })
  const begin = protocol === 'https:' ? requestSecure : requestPlain
  return new Promise((resolve, reject) => {
    const sent = begin(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        agent: false,
        signal,
        lookup: (_, options, done) => {
          if (options.all === true) done(null, [{ address, family }])
          else done(null, address, family)
        },
      },
      (answer) => {
        resolve(answer.statusCode ?? 0)
        answer.destroy()
      },
    )
    sent.setTimeout(TIMEOUT_MS, () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
