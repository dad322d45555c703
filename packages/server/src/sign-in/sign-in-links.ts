// Links that sign somebody in once, for the demo on one's own machine. Held in memory and gone with the process; whoever starts
// the server is the only one who sees one.
import { timingSafeEqual } from 'node:crypto'
import { digestOf, makeSecret } from './secrets.ts'

export class SignInLinks {
  #offered: { readonly digest: string; readonly user: string } | null = null

  /** The token of a new link; the one before it works no more. */
  offer(user: string): string {
    const token = makeSecret('spillway_link_')
    this.#offered = { digest: digestOf(token), user }
    return token
  }

  /** Whom it signs in, once; null for a token that was not offered, or was used. */
  redeem(token: string): string | null {
    const offered = this.#offered
    if (offered === null || !timingSafeEqual(Buffer.from(offered.digest), Buffer.from(digestOf(token)))) return null
    this.#offered = null
    return offered.user
  }
}
