// Which server a command works on instead of a folder, and which commands can. A token is never an argument: the command line
// stands in the list of processes and in the shell's history.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Refusal } from '@spillway/core'
import type { Terminal } from '../terminal.ts'

export type ServerPlace = { readonly url: string; readonly token: string }

const OVER_HTTP = new WeakSet<object>()

/** Says that a command works on a server as it does on a folder. */
export function overHttp<C extends object>(command: C): C {
  OVER_HTTP.add(command)
  return command
}

export const worksOverHttp = (command: object) => OVER_HTTP.has(command)

export type PlaceOptions = {
  readonly directory?: string | undefined
  readonly server?: string | undefined
  readonly tokenFile?: string | undefined
}

/**
 * null for a folder. A folder that is named goes over a server of the environment.
 * @throws Refusal `bad-command` where both are named, without a token, or where the token would go out readable.
 */
export async function serverPlaceOf(
  { directory, server, tokenFile }: PlaceOptions,
  terminal: Terminal,
): Promise<ServerPlace | null> {
  const { environment = {} } = terminal
  if (server === undefined && (directory !== undefined || !environment.SPILLWAY_SERVER)) {
    if (tokenFile === undefined) return null
    throw new Refusal('bad-command', 'A token is for a server.', { hint: 'Name it with --server URL.' })
  }
  if (directory !== undefined)
    throw new Refusal('bad-command', 'Name a folder or a server, not both.', { hint: 'Leave out -C or --server.' })
  const url = urlOf(server ?? environment.SPILLWAY_SERVER ?? '')
  return { url, token: await tokenOf(tokenFile, terminal) }
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new Refusal('bad-command', 'This is no address of a server.', {
      hint: 'Write it as https://spillway.example.',
    })
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw new Refusal('bad-command', `The token would go to ${url.host} readable for everybody on the way.`, {
      hint: 'Use https://.',
    })
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

async function tokenOf(file: string | undefined, { directory, environment = {} }: Terminal): Promise<string> {
  const text = file === undefined ? (environment.SPILLWAY_TOKEN ?? '') : await readTokenFile(resolve(directory, file))
  const token = text.trim()
  if (/^[\w-]{20,200}$/.test(token)) return token
  throw new Refusal('bad-command', file === undefined ? 'There is no token.' : `${file} holds no token.`, {
    hint: 'Make one with POST /v1/tokens, and name its file with --token-file, or set SPILLWAY_TOKEN.',
  })
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Refusal('not-found', `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      hint: 'Check the path.',
    })
  }
}

/** What a command says that needs the folder itself; or one of its options. */
export function refuseServer(command: string, option?: string): Refusal {
  const what = `\`spillway ${command}\`${option === undefined ? '' : ` with ${option}`}`
  return new Refusal('bad-command', `${what} does not work over HTTP.`, {
    hint: 'Run it where the workspace is: leave out --server and SPILLWAY_SERVER, or name the folder with -C.',
  })
}
