import type { ReadContext, ReadRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { factsOf } from '../../../test/facts.ts'
import { tableOf } from '../../../test/table-of.ts'
import { importerFromSource } from './importer-from-source.ts'

describe('entry codes of a mapped file', () => {
  const source = (keys: object, fields: object = {}) => ({
    kind: 'Source',
    name: 'bridge',
    ...keys,
    emit: [
      {
        fact: 'usage',
        fields: {
          account: 'Acct',
          service: 'Room',
          usage_type: { value: 'conference' },
          started_at: 'At',
          quantity: 'Min',
          unit: { value: 'min' },
          ...fields,
        },
      },
    ],
  })
  const read = async (document: object, header: ReadonlyArray<string>, ...rows: ReadonlyArray<string>[]) => {
    const found: ReadRow[] = []
    const subAccountOf: ReadContext['subAccountOf'] = (account, code) =>
      account === 'R100' && code === '48217390' ? { account, userId: 'joan' } : undefined
    const context = { fileName: 'b.csv', member: '', source: '', subAccountOf }
    for await (const batch of importerFromSource(document).read(tableOf(header, rows), context)) found.push(...batch)
    return found
  }
  const HEADER = ['Acct', 'Room', 'At', 'Min']
  const ROW = ['R100', 'blue', '2026-10-05', '7']

  it('become user ids or go, where the document names their column; a fact can be of that user id', async () => {
    const document = source({ 'entry-codes': ['Kode'] }, { service: 'Kode' })
    const rows = await read(
      document,
      [...HEADER, 'Kode'],
      [...ROW, '48217390'],
      [...ROW, '90482176'],
      [...ROW.slice(0, 3), 'x', 'WORD'],
    )
    expect(factsOf(rows)).toMatchObject([{ service: 'joan' }])
    expect(rows.map(({ raw }) => raw.split('\t').at(-1))).toEqual(['joan', '[removed]', '[removed]'])
    const everything = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    for (const code of ['48217390', '90482176', 'WORD']) expect(everything).not.toContain(code)
  })

  it.each(['Passcode', 'Host PIN', 'participant entry code', 'AccessCode'])(
    'are known by the name %s, unless the document says there are none',
    async (title) => {
      const [row] = await read(source({}), [...HEADER, title], [...ROW, '90482176'])
      expect(row?.facts[0]?.fact.extra).toEqual({ [title]: '[removed]' })
      const [kept] = await read(source({ 'entry-codes': [] }), [...HEADER, title], [...ROW, '90482176'])
      expect(kept?.facts[0]?.fact.extra).toEqual({ [title]: '90482176' })
    },
  )

  it.each(['Product code', 'Call code', 'Opinion', 'Compass'])('are not looked for under %s', async (title) => {
    const [row] = await read(source({}), [...HEADER, title], [...ROW, '90482176'])
    expect(row?.facts[0]?.fact.extra).toEqual({ [title]: '90482176' })
  })

  it('under a name that the file does not have refuse the file', async () => {
    await expect(read(source({ 'entry-codes': ['Kode'] }), HEADER, ROW)).rejects.toMatchObject({
      kind: 'unrecognised-file',
    })
  })
})
