// Interchanges around the body of a set, for tests, read as a user's would be.
import type { ReadRow } from '@spillway/core'
import { expect } from 'vitest'
import { IMPORTERS } from '../src/import/index.ts'
import { x12ConsolidatedInvoice } from '../src/import/x12-811/x12-811.ts'
import { openFile, recogniseImporter, sampleTable } from '../src/index.ts'
import { factsOf, isCharge } from './facts.ts'
import { readWith, withFile } from './read-file.ts'

export const ISA =
  'ISA*00*          *00*          *ZZ*SENDER         *ZZ*ACME           *260401*0930*U*00401*000000001*0*P*:'
/** Segments 4 to 7. */
export const HEADING = ['BIG*20260401*INV-1', 'REF*9V*ACC-1', 'DTM*150*20260301', 'DTM*151*20260331']

export function interchangeOf(body: ReadonlyArray<string>, { gs = 'CI', set = '811' } = {}): string {
  const segments = [ISA, `GS*${gs}*SENDER*ACME*20260401*0930*1*X*004010`, `ST*${set}*0001`, ...body]
  return [...segments, `SE*${body.length + 2}*0001`, 'GE*1*1', 'IEA*1*000000001'].map((text) => `${text}~`).join('\n')
}

export function readInterchange(text: string | Buffer): Promise<ReadonlyArray<ReadRow>> {
  return withFile('bill.edi', text, async (path) => {
    const [part] = await openFile(path)
    if (!part) throw new Error('no part')
    expect(recogniseImporter(await sampleTable(part), IMPORTERS)).toBe(x12ConsolidatedInvoice)
    return readWith(x12ConsolidatedInvoice, path)
  })
}
export const readBody = (...body: string[]) => readInterchange(interchangeOf(body))
export const chargesOf = async (...body: string[]) => factsOf(await readBody(...HEADING, ...body)).filter(isCharge)
