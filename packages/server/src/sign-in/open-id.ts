// Single sign-on by OpenID Connect: the code flow with PKCE, state and nonce. Whom the provider names is known by issuer and
// subject alone, never by an e-mail address that somebody else may have signed up with. Groups say what they are granted.
import { invariant, Refusal } from '@spillway/core'
import type { Configuration } from 'openid-client'
import type { OpenIdSettings } from '../settings.ts'
import { makeSecret } from './secrets.ts'

type Client = typeof import('openid-client')

export type OpenIdPerson = {
  readonly issuer: string
  readonly subject: string
  readonly email: string
  readonly name: string
  readonly groups: ReadonlyArray<string>
}

type Flow = { readonly verifier: string; readonly state: string; readonly nonce: string; readonly startedAt: number }

const FLOW_MS = 10 * 60_000
/** Flows that nobody finishes must not fill the memory. */
const FLOWS_MAX = 10_000

export class OpenId {
  readonly settings: OpenIdSettings
  readonly #callback: string
  readonly #now: () => Date
  readonly #flows = new Map<string, Flow>()
  #configuration: Promise<Configuration> | undefined

  constructor(settings: OpenIdSettings, { origin, now }: { readonly origin: string; readonly now: () => Date }) {
    this.settings = settings
    this.#callback = `${origin}/v1/sign-in/openid/callback`
    this.#now = now
  }

  /** Where to send the browser, and the id of the flow for its cookie. */
  async start(): Promise<{ readonly url: string; readonly flow: string }> {
    const client = await import('openid-client')
    const configuration = await this.#discover(client)
    const flow = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() }
    const id = makeSecret('')
    this.#keep(id, flow)
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#callback,
      scope: this.settings.scope,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    })
    return { url: url.href, flow: id }
  }

  /** Who came back. `query` is that of the callback. @throws Refusal `not-signed-in`. */
  async finish({
    flow: id,
    query,
  }: {
    readonly flow: string | undefined
    readonly query: string
  }): Promise<OpenIdPerson> {
    const flow = id === undefined ? undefined : this.#flows.get(id)
    if (id !== undefined) this.#flows.delete(id)
    if (!flow || this.#now().getTime() - flow.startedAt > FLOW_MS) throw refused()
    const client = await import('openid-client')
    const configuration = await this.#discover(client)
    try {
      const tokens = await client.authorizationCodeGrant(configuration, new URL(`${this.#callback}${query}`), {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      invariant(claims, 'an ID token was asked for')
      const asked = this.#hasAll(claims)
        ? {}
        : await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
      return this.#personOf({ ...asked, ...claims })
    } catch (error) {
      if (isOfProvider(error)) throw refused(error)
      throw error
    }
  }

  #hasAll(claims: Readonly<Record<string, unknown>>): boolean {
    return 'email' in claims && this.settings['groups-claim'] in claims
  }

  #personOf(claims: Readonly<Record<string, unknown>>): OpenIdPerson {
    const text = (name: string) => (typeof claims[name] === 'string' ? (claims[name] as string) : '')
    const groups = claims[this.settings['groups-claim']]
    const email = text('email').toLowerCase()
    if (email === '')
      throw new Refusal('not-signed-in', 'The provider of identities says no e-mail address.', {
        hint: 'Let it give the claim `email` to this client.',
      })
    return {
      issuer: text('iss'),
      subject: text('sub'),
      email,
      name: text('name') || email,
      groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
    }
  }

  /** Asked for at the first sign-in, and again after a failure: the provider may be down while this starts. */
  #discover(client: Client): Promise<Configuration> {
    const { issuer, 'client-id': id, 'client-secret': secret, 'allow-http': allowsHttp } = this.settings
    const execute = allowsHttp ? { execute: [client.allowInsecureRequests] } : {}
    this.#configuration ??= client
      .discovery(new URL(issuer), id, secret, undefined, execute)
      .catch((error: unknown) => {
        this.#configuration = undefined
        throw refused(error)
      })
    return this.#configuration
  }

  #keep(id: string, flow: Omit<Flow, 'startedAt'>): void {
    const startedAt = this.#now().getTime()
    for (const [old, { startedAt: since }] of this.#flows)
      if (startedAt - since > FLOW_MS || this.#flows.size >= FLOWS_MAX) this.#flows.delete(old)
    this.#flows.set(id, { ...flow, startedAt })
  }
}

/** What the library throws says what the provider answered; the caller is told no more than that it failed. */
function isOfProvider(error: unknown): boolean {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
}

function refused(cause?: unknown): Refusal {
  const refusal = new Refusal('not-signed-in', 'Signing in at the provider of identities did not work.', {
    hint: 'Start again.',
  })
  refusal.cause = cause
  return refusal
}
