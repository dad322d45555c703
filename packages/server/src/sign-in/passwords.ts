// Passwords as Argon2id. One that was hashed with other parameters than these is hashed anew when it is next used.
type Argon2 = typeof import('@node-rs/argon2')

/** OWASP's first choice: 19 MiB, two passes. `algorithm` 2 is Argon2id. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const CURRENT = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`

/** Loaded when it is needed: it is native, and commands that have no server need none. */
const load = (): Promise<Argon2> => import('@node-rs/argon2')

export async function hashPassword(password: string): Promise<string> {
  return (await load()).hash(password, PARAMETERS)
}

export type PasswordCheck = { readonly isRight: boolean; readonly isOutdated: boolean }

/** `hash` is null for a user who has no password, or whom nobody knows: that takes as long, and tells nobody which. */
export async function checkPassword(password: string, hash: string | null): Promise<PasswordCheck> {
  const { verify } = await load()
  const isRight = await verify(hash ?? (await standIn()), password)
  return { isRight: isRight && hash !== null, isOutdated: hash !== null && !hash.startsWith(CURRENT) }
}

let stored: Promise<string> | undefined
function standIn(): Promise<string> {
  stored ??= hashPassword('nobody has this password')
  return stored
}
