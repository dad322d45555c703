import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomCompany } from '../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER, TEST_ACTOR } from '../../test/workspace-builder.ts'
import { EventJournal } from '../intake/event-journal.ts'
import { checkWorkspace } from '../stages/check/check-workspace.ts'
import { closePeriod } from '../stages/close.ts'
import { sweepWarehouse, withoutSweeping } from '../warehouse/sweep.ts'
import { initWorkspace, intakeOf } from '../workspace/workspace.ts'
import { backupWorkspace } from './backup-workspace.ts'
import { restoreWorkspace } from './restore-workspace.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-backup-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const opening = { actor: TEST_ACTOR, holder: 'test' }

async function companyIn(directory: string, seed: number) {
  const built = await buildWorkspace(directory)
  const company = randomCompany(seed)
  for (const document of company.configuration) await built.apply(document)
  await built.add(company.tables)
  return built
}

describe('a backup', () => {
  it('taken again and again while facts arrive and a month closes restores to workspaces that prove their figures', async () => {
    const { workspace, add } = await companyIn(join(folder, 'live'), 3)
    await closePeriod(workspace, { period: OCTOBER })
    let isBusy = true
    const writing = async () => {
      for (let round = 0; round < 2; round += 1) {
        await add(randomCompany(100 + round).tables)
        await closePeriod(workspace, { period: OCTOBER })
        // As the next import would: the rows of the run before go.
        await sweepWarehouse(workspace)
      }
      isBusy = false
    }
    const backups: string[] = []
    const copying = async () => {
      while (isBusy && backups.length < 4) {
        const to = join(folder, `backup-${backups.length}`)
        await backupWorkspace(workspace, { to })
        backups.push(to)
      }
    }
    await Promise.all([writing(), copying()])
    await workspace.close()
    expect(backups.length).toBeGreaterThan(1)
    for (const [index, from] of backups.entries()) {
      const { workspace: restored } = await restoreWorkspace(join(folder, `restored-${index}`), { from, ...opening })
      const { proved, failures } = await checkWorkspace(restored)
      expect({ failures, proved: proved.length }).toEqual({ failures: [], proved: 1 })
      await restored.close()
    }
  }, 120_000)

  it('keeps the rows that its catalog names, though a later close takes their place while it is taken', async () => {
    const { workspace, add } = await companyIn(join(folder, 'live'), 3)
    const { run } = await closePeriod(workspace, { period: OCTOBER })
    const rows = async () => {
      const sql = 'SELECT count(*)::INTEGER AS rows FROM allocation WHERE tenant = $tenant AND run = $run'
      return (await workspace.warehouse.row<{ rows: number }>(sql, { tenant: workspace.tenant, run })).rows
    }
    const before = await rows()
    expect(before).toBeGreaterThan(0)
    await withoutSweeping(workspace.warehouse, async () => {
      await add(randomCompany(4).tables)
      await closePeriod(workspace, { period: OCTOBER })
      // As a server's import would, on a connection of its own.
      await workspace.warehouse.withConnection((warehouse) => sweepWarehouse({ ...workspace, warehouse }))
      expect(await rows()).toBe(before)
    })
    await sweepWarehouse(workspace)
    expect(await rows()).toBe(0)
    await workspace.close()
  })

  it('has the events that were acknowledged and not imported yet', async () => {
    const live = join(folder, 'live')
    const workspace = await initWorkspace(live, opening)
    const journal = await EventJournal.open({ directory: intakeOf(live) })
    await journal.append(['first'])
    await journal.seal()
    await journal.append(['second'])
    await backupWorkspace(workspace, { to: join(folder, 'backup') })
    await journal.close()
    await workspace.close()
    const restored = join(folder, 'restored')
    const { workspace: again } = await restoreWorkspace(restored, { from: join(folder, 'backup'), ...opening })
    await again.close()
    const reopened = await EventJournal.open({ directory: intakeOf(restored) })
    const texts = await Promise.all((await reopened.seal()).map((path) => readFile(path, 'utf8')))
    expect(texts).toEqual(['first\n', 'second\n'])
    await reopened.close()
  })

  it('ends where a file that waits cannot be copied, and leaves nothing', async () => {
    const live = join(folder, 'live')
    const workspace = await initWorkspace(live, opening)
    await mkdir(join(intakeOf(live), 'events-0000000001.ndjson'), { recursive: true })
    await expect(backupWorkspace(workspace, { to: join(folder, 'b') })).rejects.toThrow(/EISDIR|EACCES|EPERM|ENOTSUP/)
    expect(await readdir(folder)).toEqual(['live'])
    await workspace.close()
  })

  it('is refused where something is in its place, and leaves it as it was', async () => {
    const workspace = await initWorkspace(join(folder, 'live'), opening)
    const to = join(folder, 'photos')
    await mkdir(to)
    await writeFile(join(to, 'cat.jpg'), 'cat')
    await expect(backupWorkspace(workspace, { to })).rejects.toMatchObject({ kind: 'bad-command' })
    expect(await readFile(join(to, 'cat.jpg'), 'utf8')).toBe('cat')
    await workspace.close()
  })

  it('that is cancelled leaves nothing', async () => {
    const workspace = await initWorkspace(join(folder, 'live'), opening)
    const cancelled = new AbortController()
    const onProgress = ({ stage }: { stage: string }) => stage === 'warehouse' && cancelled.abort()
    const backup = backupWorkspace(workspace, { to: join(folder, 'b'), signal: cancelled.signal, onProgress })
    await expect(backup).rejects.toMatchObject({ kind: 'cancelled' })
    expect(await readdir(folder)).toEqual(['live'])
    await workspace.close()
  })
})

describe('a restore', () => {
  const damages: ReadonlyArray<[string, string, (from: string) => Promise<void>]> = [
    ['a byte more', 'workspace-damaged', (from) => appendFile(join(from, 'warehouse.duckdb'), 'x')],
    ['no catalog', 'workspace-damaged', (from) => rm(join(from, 'catalog.sqlite'))],
    ['a manifest cut short', 'workspace-damaged', (from) => writeFile(join(from, 'backup.json'), '{"version":1')],
    ['a later version', 'workspace-too-new', (from) => writeFile(join(from, 'backup.json'), '{"version":2}')],
    [
      'a name that leads out',
      'workspace-damaged',
      async (from) => {
        const text = await readFile(join(from, 'backup.json'), 'utf8')
        await writeFile(join(from, 'backup.json'), text.replace('catalog.sqlite', '../catalog.sqlite'))
      },
    ],
    ['no manifest', 'workspace-missing', (from) => rm(join(from, 'backup.json'))],
  ]
  it.each(damages)('of a backup with %s is refused as %s and makes nothing', async (_, kind, damage) => {
    const workspace = await initWorkspace(join(folder, 'live'), opening)
    const from = join(folder, 'backup')
    await backupWorkspace(workspace, { to: from })
    await workspace.close()
    await damage(from)
    await expect(restoreWorkspace(join(folder, 'new'), { from, ...opening })).rejects.toMatchObject({ kind })
    expect((await readdir(folder)).sort()).toEqual(['backup', 'live'])
  })

  it('never writes over a workspace', async () => {
    const workspace = await initWorkspace(join(folder, 'live'), opening)
    const from = join(folder, 'backup')
    await backupWorkspace(workspace, { to: from })
    await workspace.close()
    const over = restoreWorkspace(join(folder, 'live'), { from, ...opening })
    await expect(over).rejects.toMatchObject({ kind: 'workspace-exists' })
  })
})
