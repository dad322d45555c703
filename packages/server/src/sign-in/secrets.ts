// Opaque secrets: 32 random bytes that the holder keeps; here stands their SHA-256. They cannot be guessed, so a fast hash will do.
import { createHash, randomBytes } from 'node:crypto'

/** `prefix` lets a secret scanner know what it has found. */
export function makeSecret(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** `usr_` and 16 random characters: an id that says what it is of. */
export function makeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('base64url')}`
}
