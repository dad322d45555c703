// A document that nobody saved, as YAML that can be applied.
import { stringify } from 'yaml'

export function documentText(body: Readonly<Record<string, unknown>>): string {
  return stringify(body, { version: '1.2', lineWidth: 120 })
}
