// What services are assigned to on their last day as a participant, for the policies that weigh by it.
import type { MeasuredParticipant } from '@spillway/core'
import { readTimelines, type ServiceHistory } from '../roll-up/read-timelines.ts'
import type { PlannedSegment } from './match-components.ts'
import type { PeriodScope } from './period-scope.ts'

export type WeightedLookup = (
  segmentNo: number,
  serviceNo: number,
) => Pick<MeasuredParticipant, 'costCentres' | 'serviceType'>

const NOT_WEIGHTED = { costCentres: [], serviceType: '' }

/** For the segments whose policy weighs by cost centre or service type; empty for all others. */
export async function weightedServices(
  scope: PeriodScope,
  planned: ReadonlyArray<PlannedSegment>,
): Promise<WeightedLookup> {
  const wanted = planned.filter(({ policy, hasCharges }) => {
    return hasCharges && policy.components.some(({ weights }) => weights !== null && weights.by !== 'services')
  })
  if (wanted.length === 0) return () => NOT_WEIGHTED
  const { scratch, warehouse } = scope
  const of = `FROM ${scratch}.participant AS p JOIN ${scratch}.service_key AS k USING (service_no)
    WHERE p.segment_no IN (${wanted.map(({ segmentNo }) => segmentNo).join(', ')})`
  const { histories } = await readTimelines(scope, `SELECT k.service ${of}`)
  const lastDays = new Map<string, { readonly service: string; readonly lastOn: string }>()
  for await (const rows of warehouse.stream<{
    segment_no: number
    service_no: number
    service: string
    last_on: string
  }>(`SELECT p.segment_no, p.service_no, k.service, p.until_on - 1 AS last_on ${of}`))
    for (const { segment_no, service_no, service, last_on } of rows)
      lastDays.set(`${segment_no} ${service_no}`, { service, lastOn: last_on })
  return (segmentNo, serviceNo) => {
    const last = lastDays.get(`${segmentNo} ${serviceNo}`)
    const history = last && histories.get(last.service)
    return last === undefined || history === undefined ? NOT_WEIGHTED : assignedOn(history, last.lastOn)
  }
}

function assignedOn({ rows, timeline }: ServiceHistory, on: string) {
  const span = timeline.spans.find(({ start, end }) => start <= on && on < end)
  const row = rows.find(({ from, to }) => (from === null || from <= on) && (to === null || on < to))
  return { costCentres: span?.pieces.map(({ costCentre }) => costCentre) ?? [], serviceType: row?.serviceType ?? '' }
}
