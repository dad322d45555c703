// A file name for each statement. Keys come from outside and may be anything: only plain letters, digits, `-`, `_` and single
// dots reach the disk, behind the word of the kind, so that no key leaves the folder or is a device of some system.
import { createHash } from 'node:crypto'
import type { StatementKind } from '@spillway/core'

const LENGTH_MAX = 60

/**
 * One name per key, no two the same on a disk that ignores case. A key that is not its own plain name, or that only case tells
 * from another, gets the beginning of its hash. The names are those of all keys of a period: ask for all of them, in any
 * order, and a key's file is called the same on every export.
 */
export function statementFileNames(kind: StatementKind, keys: ReadonlyArray<string>): ReadonlyMap<string, string> {
  return fileNames(keys, { prefix: kind, extension: 'pdf' })
}

/** The same for files of any kind. */
export function fileNames(
  keys: ReadonlyArray<string>,
  { prefix, extension }: { readonly prefix: string; readonly extension: string },
): ReadonlyMap<string, string> {
  const plain = new Map(keys.map((key) => [key, plainNameOf(key)]))
  const claims = new Map<string, number>()
  for (const name of plain.values()) {
    const claimed = name.toLowerCase()
    claims.set(claimed, (claims.get(claimed) ?? 0) + 1)
  }
  const isOwnName = (key: string, name: string) =>
    (name === key || key === '') && claims.get(name.toLowerCase()) === 1 && !/-[0-9a-f]{16}$/.test(name)
  return new Map(
    [...plain].map(([key, name]) => [
      key,
      `${prefix}-${isOwnName(key, name) ? name : `${name}-${hashOf(key)}`}.${extension}`,
    ]),
  )
}

function plainNameOf(key: string): string {
  if (key === '') return 'unassigned'
  return key
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/\.{2,}/g, '_')
    .slice(0, LENGTH_MAX)
    .replace(/^\.|\.$/g, '_')
}

/** Sixteen digits: two keys of a company never share them, and a key that ends like one is hashed itself. */
function hashOf(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 16)
}
