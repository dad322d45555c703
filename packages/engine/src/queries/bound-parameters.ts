// Which parameters a statement has: the driver refuses those that it has not, and parts of a statement come and go.
import type { Parameters } from '../warehouse/warehouse.ts'

/** Names in texts of the statement are no parameters. */
export function boundParameters(sql: string, parameters: Parameters): Parameters {
  const code = sql.replaceAll(/'(?:[^']|'')*'/g, "''")
  const named = new Set([...code.matchAll(/\$(\w+)/g)].map(([, name]) => name))
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => named.has(name)))
}
