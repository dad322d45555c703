// Numbers for who owns a service: person, cost centre and project as one integer, so that carried rows are grouped without
// texts. Of one service, equal owners have equal numbers; owners of two services are never compared.
import type { PeriodScope } from '../allocate/period-scope.ts'

export type Owner = { readonly person: string; readonly costCentre: string; readonly project: string }

/** Nobody: person, cost centre and project are empty. */
export const NOBODY = 0

/**
 * `owner_name` has one row per number. A service whose owner SQL found has its own number as its owner's; every other
 * owner gets a negative number here.
 */
export class OwnerNumbers {
  readonly #scope: PeriodScope
  readonly #numbers = new Map<string, number>()
  readonly #added: [number: number, owner: Owner][] = []

  constructor(scope: PeriodScope) {
    this.#scope = scope
  }

  /** Learns the owners that SQL numbered, of the services that the query (one column, `service_no`) names. */
  async learn(query: string): Promise<void> {
    const rows = this.#scope.warehouse.stream<{
      service_no: number
      person: string
      cost_centre: string
      project: string
    }>(
      `SELECT n.owner_no AS service_no, n.person, n.cost_centre, n.project FROM ${this.#scope.scratch}.owner_name AS n
       WHERE n.owner_no IN (${query})`,
    )
    for await (const batch of rows)
      for (const { service_no, person, cost_centre, project } of batch)
        this.#numbers.set(keyOf(service_no, { person, costCentre: cost_centre, project }), service_no)
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

  /** Adds what was numbered here to `owner_name`; once, at the end. */
  async store(): Promise<void> {
    const { warehouse, scratch } = this.#scope
    const writer = await warehouse.writer('owner_name', ['owner_no', 'person', 'cost_centre', 'project'], scratch)
    for (const [number, { person, costCentre, project }] of this.#added)
      writer.append([number, person, costCentre, project])
    writer.close()
  }
}

function keyOf(serviceNo: number, { person, costCentre, project }: Owner): string {
  return JSON.stringify([serviceNo, person, costCentre, project])
}
