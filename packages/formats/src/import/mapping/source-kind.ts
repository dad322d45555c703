// How a Source document is validated when it is saved as configuration.
import { checkSource } from './check-source.ts'

/** Sentences that begin with where in the document it is; none where it is right. */
export const SOURCE_KIND = {
  kind: 'Source',
  issuesOf: (document: unknown): ReadonlyArray<string> => {
    const check = checkSource(document)
    return check.ok ? [] : check.issues.map(({ path, message }) => `${path}: ${message}`)
  },
}
