// What the parts of an explanation share: the plan of the period in scratch, the service, and the way from a stored row
// to the place in the file that it was read from.
import { relative } from 'node:path'
import { formatPlace, invariant } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import type { PeriodPlan } from '../../stages/compute-period.ts'
import type { LiveDocument } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { Citation } from './explanation.ts'

/** What a part needs that asks for nothing of the plan. */
export type CiteScope = {
  readonly period: PeriodScope
  readonly run: RunTable
  readonly service: string
  /** Lines per list; counts and sums are over all. */
  readonly linesMax: number
  /** The folder from which places are named; '' names files alone. */
  readonly namedFrom: string
  readonly documents: ReadonlyMap<number, LiveDocument>
  /** What is kept of runs, where anybody keeps it. */
  readonly sums: Workspace['sums']
}

export type ExplainScope = CiteScope & { readonly plan: PeriodPlan }

export function citeRow(
  { documents, namedFrom }: Pick<CiteScope, 'documents' | 'namedFrom'>,
  { doc, line }: { readonly doc: number; readonly line: number },
): Citation {
  const document = documents.get(doc)
  invariant(document, 'a row belongs to a pinned document', { doc, line })
  const { file, filePath, member, sheet } = document
  return {
    place: formatPlace({ file: namedFrom === '' ? file : pathFrom(namedFrom, filePath), member, sheet, line }),
    file,
    filePath,
    member,
    sheet,
    line,
  }
}

/** A line of a bill of ours: `report bills --number` lists the bill, and no file has it. */
export function citeBill(number: string): Citation {
  return { place: `bill ${number}`, file: '', filePath: '', member: '', sheet: '', line: 0 }
}

/** The document of a sub-account; several accounts may have the user id. */
export function citeSubAccount(account: string, userId: string): Citation {
  const place = `sub-account ${account === '' ? userId : `${account} ${userId}`}`
  return { place, file: '', filePath: '', member: '', sheet: '', line: 0 }
}

/** Every month has a charges.csv: the shorter of the two paths tells them apart. */
function pathFrom(folder: string, filePath: string): string {
  const path = relative(folder, filePath)
  return path.length < filePath.length ? path : filePath
}

/** `LIMIT 50`, or nothing where all lines are wanted. One at least, because sums stand beside each: {@link shown} has no more than are wanted. */
export function limitSql({ linesMax }: Pick<CiteScope, 'linesMax'>): string {
  return Number.isFinite(linesMax) ? `LIMIT ${Math.max(1, Math.trunc(linesMax))}` : ''
}

/** The lines that are wanted of those that were read. */
export function shown<Line>({ linesMax }: Pick<CiteScope, 'linesMax'>, lines: ReadonlyArray<Line>): Line[] {
  return lines.slice(0, Math.max(0, linesMax))
}
