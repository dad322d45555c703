import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeImporter } from '../../../test/importer-contract.ts'
import { withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { openFile, recogniseImporter, sampleTable } from '../../index.ts'
import { chargesImporter } from './bills.ts'
import { CANONICAL_IMPORTERS } from './canonical-importers.ts'

const FOLDER = join(import.meta.dirname, 'samples')
const FILES = CANONICAL_IMPORTERS.map(({ name }) => `${name.replaceAll('-', '_')}.csv`)

CANONICAL_IMPORTERS.forEach((importer, index) => {
  const file = FILES[index] as string
  describeImporter({
    importer,
    samples: [{ path: join(FOLDER, file), expectedPath: join(FOLDER, file.replace('.csv', '.expected.ndjson')) }],
    foreignPaths: FILES.filter((other) => other !== file).map((other) => join(FOLDER, other)),
  })
})

async function recognise(text: string): Promise<string> {
  return withFile('file.csv', text, async (path) => {
    const [part] = await openFile(path)
    return recogniseImporter(await sampleTable(part!), CANONICAL_IMPORTERS).name
  })
}

describe('canonical files with columns of the customer', () => {
  it.each([
    [
      'vendor,account,invoice,period_start,period_end,currency,line,category,amount,total,model,usage_type,pool',
      'charges',
    ],
    ['vendor,account,invoice,period_start,period_end,currency,total,client,project', 'invoices'],
    ['source,id,service,usage_type,started_at,quantity,unit,pool,model,person', 'usage'],
    ['pool,model,usage_type,name', 'pools'],
    ['Pool,Service', 'pool-members'],
    ['service,person,pool,name', 'services'],
    ['SERVICE;Cost Center', 'services'],
    ['Employee\tName\tcost-centre\tmodel', 'people'],
    ['employee,service,person,cost_centre', 'people'],
    ['cost_center,parent', 'cost-centres'],
    ['project,name,account', 'projects'],
    ['account,parent,name,client', 'accounts'],
  ])('%s is %s', async (header, name) => {
    expect(await recognise(`${header}\n`)).toBe(name)
  })

  it.each(['a,b,c', 'cost_centre,person', 'service,vendor', 'pool', 'employee,name'])(
    '%s is refused, with what is known',
    async (header) => {
      await expect(recognise(`${header}\n1,2,3\n`)).rejects.toMatchObject({
        kind: 'unrecognised-file',
        facts: { candidates: CANONICAL_IMPORTERS.map(({ name, describes }) => ({ name, describes })) },
      })
    },
  )

  it('are refused with both candidates where two could be meant', async () => {
    await expect(recognise('account,parent,name,project\n')).rejects.toMatchObject({
      kind: 'unrecognised-file',
      facts: { candidates: [{ name: 'projects' }, { name: 'accounts' }] },
    })
  })
})

describe('a charge that cannot be used', () => {
  const HEADER = 'vendor,account,invoice,period_start,period_end,currency,line,category,amount'.split(',')
  const rowOf = (changed: Readonly<Record<string, string>>) => {
    const good = ['acme', 'A-1', 'I-1', '2026-10-01', '2026-11-01', 'USD', '1', 'access', '12.50']
    return HEADER.map((column, index) => changed[column] ?? (good[index] as string))
  }

  it.each<[Record<string, string>, string]>([
    [{ category: 'rent' }, '1250 USD'],
    [{ line: '', currency: 'jpy', amount: '-300' }, '-300 JPY'],
    [{ period_end: 'soon' }, '1250 USD'],
    [{ amount: '12,50' }, ''],
    [{ amount: '1.234' }, ''],
    [{ currency: 'XX' }, ''],
    [{ category: 'Payment', line: '' }, ''],
  ])('with %j says what it comes to where that can be read: %s', async (changed, amount) => {
    const [row] = await readAll(chargesImporter, tableOf(HEADER, [rowOf(changed)]))
    expect(row?.facts).toEqual([])
    expect(row?.amount ? `${row.amount.minor} ${row.amount.currency}` : '').toBe(amount)
  })
})
