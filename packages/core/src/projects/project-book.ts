// The projects of the directory by day: which one is in force, what its hour costs and how its time is rounded.
import { isInForceOn } from '../directory/stint.ts'
import type { Project } from '../facts/fact.ts'
import type { LocalDate } from '../time/local-date.ts'

/** Minutes that billable time is rounded up to where a project says nothing else: a tenth of an hour. */
export const INCREMENT_MINUTES = 6

export class ProjectBook {
  readonly #rows = new Map<string, Project[]>()

  /** Of rows of one project that overlap, the one that began later counts. */
  constructor(projects: Iterable<Project>) {
    for (const project of projects)
      this.#rows.set(project.project, [...(this.#rows.get(project.project) ?? []), project])
    for (const rows of this.#rows.values()) rows.sort((a, b) => ((a.from ?? '') < (b.from ?? '') ? 1 : -1))
  }

  /** The row in force; null where there is no such project on that day. */
  projectOn(id: string, on: LocalDate): Project | null {
    return this.#rows.get(id)?.find((row) => isInForceOn(row, on)) ?? null
  }

  /** Any row of the project, for its name and client: the newest. */
  newest(id: string): Project | null {
    return this.#rows.get(id)?.[0] ?? null
  }

  /** The ids of all projects that a client has or had. */
  ofClient(client: string): string[] {
    return [...this.#rows].flatMap(([id, rows]) => (rows.some((row) => row.client === client) ? [id] : []))
  }
}
