// Numbers for who owns a service: person, cost centre and project as one integer, so that carried rows are grouped without
// texts. Of one service, equal owners have equal numbers; owners of two services are never compared.
import type { PeriodScope } from '../allocate/period-scope.ts'

export type Owner = { readonly person: string; readonly costCentre: string; readonly project: string }

/** Nobody: person, cost centre and project are empty. */
export const NOBODY = 0

/**
 * `run_owner` has one row per number. Owners that SQL found are numbered in the order of their names; every other one gets
 * a negative number here, in the order in which they are asked for.
 */
export class OwnerNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #added: [number: number, owner: Owner][] = []

  /** Learns the owners that SQL numbered, of the services that the query (one column, `service_no`) names. */
  async learn({ warehouse, scratch }: PeriodScope, query: string): Promise<void> {
    const rows = warehouse.stream<{
      service_no: number
      owner_no: number
      person: string
      cost_centre: string
      project: string
    }>(
      `SELECT o.service_no, n.owner_no, n.person, n.cost_centre, n.project FROM ${scratch}.owner AS o
       JOIN ${scratch}.run_owner AS n USING (owner_no) WHERE o.owner_no > ${NOBODY} AND o.service_no IN (${query})`,
    )
    for await (const batch of rows)
      for (const { service_no, owner_no, person, cost_centre, project } of batch)
        this.#numbers.set(keyOf(service_no, { person, costCentre: cost_centre, project }), owner_no)
  }

  numberOf(serviceNo: number, owner: Owner): number {
    if (owner.person === '' && owner.costCentre === '' && owner.project === '') return NOBODY
    const key = keyOf(serviceNo, owner)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = -1 - this.#added.length
      this.#numbers.set(key, number)
      this.#added.push([number, owner])
    }
    return number
  }

  /** Adds what was numbered here to `run_owner`; once, at the end. */
  async store({ warehouse, scratch }: PeriodScope): Promise<void> {
    const writer = await warehouse.writer('run_owner', ['owner_no', 'person', 'cost_centre', 'project'], scratch)
    for (const [number, { person, costCentre, project }] of this.#added)
      writer.append([number, person, costCentre, project])
    writer.close()
  }
}

function keyOf(serviceNo: number, { person, costCentre, project }: Owner): string {
  return JSON.stringify([serviceNo, person, costCentre, project])
}
