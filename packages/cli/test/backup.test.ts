import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, type SmallCompany } from './small-company.ts'

let company: SmallCompany
beforeAll(async () => {
  company = await companyWithOctober()
  expect((await company.inW(['close', '2026-10'])).notes()).toContain('Closed as')
  expect((await company.inW(['publish', '2026-10'])).code).toBe(0)
})
afterAll(() => company.remove())

describe('backup and restore', () => {
  it('bring back a workspace with the same reports, whose figures can be proved', async () => {
    const report = ['report', 'allocation', '-p', '2026-10', '--format', 'csv']
    const before = (await company.inW(report)).written()
    expect((await company.inW(['backup', 'kept'])).notes()).toContain('backed up')
    expect(await readFile(join(company.directory, 'kept', 'backup.json'), 'utf8')).toContain('audit-heads.ndjson')
    const restored = await company.run(['-C', 'again', 'restore', 'kept'])
    expect([restored.code, restored.notes()]).toEqual([0, expect.stringContaining('restored')])
    expect((await company.run(['-C', 'again', ...report])).written()).toBe(before)
    expect((await company.run(['-C', 'again', 'check'])).notes()).toContain('proved 2026-10')
  })

  it('refuse to write over a backup or a workspace, and a backup that was changed', async () => {
    expect((await company.inW(['backup', 'kept'])).code).toBe(2)
    expect((await company.inW(['restore', 'kept'])).code).toBe(3)
    await appendFile(join(company.directory, 'kept', 'catalog.sqlite'), 'x')
    const changed = await company.run(['-C', 'third', 'restore', 'kept'])
    expect([changed.code, changed.notes()]).toEqual([3, expect.stringContaining('not as it was backed up')])
  })
})

describe('doctor', () => {
  it('finds nothing bad in a workspace that works, and ends with 1 where there is none', async () => {
    const well = await company.inW(['doctor'])
    expect([well.code, well.written()]).toEqual([0, expect.stringMatching(/good +catalog +The file is whole/)])
    expect(well.written()).not.toMatch(/^(bad|warning) +(catalog|warehouse|workspace)/m)
    const none = await company.run(['-C', 'nowhere', 'doctor'])
    expect([none.code, none.written()]).toEqual([1, expect.stringMatching(/bad +workspace/)])
  })
})
