// One writer at a time, readers together, and a workspace that nobody may write, is damaged or is too new: each refusal
// says why, with exit code 3, and changes nothing.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { companyWithOctober, type SmallCompany } from '../small-company.ts'
import { type BundledCommand, bundleCommand } from './bundled-command.ts'
import { runOn } from './company-slice.ts'
import { writing } from './stored-rows.ts'

const REPORT = ['report', 'charges', '--period', '2026-10']
const HOLDER = join(import.meta.dirname, 'hold-workspace.ts')

let company: SmallCompany
let command: BundledCommand
let workspace: string
let holders: ChildProcess[] = []
beforeAll(async () => {
  ;[company, command] = await Promise.all([companyWithOctober({ isClosed: true }), bundleCommand()])
})
afterAll(async () => {
  await command.remove()
  await company.remove()
})
beforeEach(async () => {
  workspace = join(company.directory, 'copy')
  await cp(join(company.directory, 'w'), workspace, { recursive: true })
})
afterEach(async () => {
  for (const holder of holders) {
    const exited = once(holder, 'exit')
    holder.stdin?.end()
    await exited
  }
  holders = []
  await rm(workspace, { recursive: true, force: true })
})

async function hold(access: 'read' | 'write'): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['--import', 'tsx', HOLDER, workspace, access], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  holders.push(holder)
  await once(holder.stdout as NodeJS.ReadableStream, 'data')
  return holder
}

/** The two files that are a workspace at rest. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const name of ['catalog.sqlite', 'warehouse.duckdb'])
    content[name] = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
  return content
}

describe('a workspace that another process holds', () => {
  it('refuses a second writer and a reader, and names who writes', async () => {
    const { pid } = await hold('write')
    for (const args of [['close', '2026-10'], ['check'], REPORT]) {
      const { code, notes } = await runOn(workspace, args)
      expect([args, code]).toEqual([args, 3])
      expect(notes).toContain(`held by \`spillway import big.csv\` (PID ${pid}) since 2026-11-22T08:00:00.000Z`)
      expect(notes).toContain('Wait until it has finished')
    }
  })

  it('lets readers in together, and refuses a writer meanwhile by the process alone', async () => {
    // What a killed writer left says nothing about the reader that holds it now.
    await writeFile(join(workspace, 'holder.json'), '{"pid":1,"holder":"spillway close 2026-09","since":"2026-10-01"}')
    const { pid } = await hold('read')
    expect((await runOn(workspace, REPORT)).code).toBe(0)
    const { code, notes } = await runOn(workspace, ['close', '2026-10'])
    expect(code).toBe(3)
    expect(notes).toContain(`held by another process (PID ${pid})`)
    expect(notes).not.toContain('2026-09')
  })

  it('is free again when its holder was killed', async () => {
    const holder = await hold('write')
    const exited = once(holder, 'exit')
    holder.kill('SIGKILL')
    await exited
    holders = []
    expect((await runOn(workspace, REPORT)).code).toBe(0)
    expect((await runOn(workspace, ['check'])).code).toBe(0)
  })
})

describe('a workspace that may only be read', () => {
  /** Root may write everywhere: then the command runs as a user who may not. */
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

  it('shows its reports and refuses whatever writes', async () => {
    const before = await contentOf(workspace)
    await chmod(company.directory, 0o755)
    for (const name of await readdir(workspace)) await chmod(join(workspace, name), 0o444)
    await chmod(workspace, 0o555)
    const run = async (args: ReadonlyArray<string>) => {
      const child = spawn(process.execPath, [command.bundle, ...args], { cwd: workspace, ...asNobody })
      const texts: string[] = []
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text: Buffer) => texts.push(text.toString()))
      const [code] = (await once(child, 'close')) as [number]
      return { code, text: texts.join('') }
    }
    const expected = await runOn(join(company.directory, 'w'), REPORT)
    expect(await run(REPORT)).toEqual({ code: 0, text: expected.out })
    for (const args of [['close', '2026-10'], ['check'], ['publish', '2026-10']]) {
      const { code, text } = await run(args)
      expect([args, code]).toEqual([args, 3])
      expect(text).toContain('Ask for the right to it, or work on a copy of the folder.')
    }
    await chmod(workspace, 0o755)
    expect(await contentOf(workspace)).toEqual(before)
  })
})

describe('a workspace that cannot be trusted', () => {
  const garbage = 'this is the content of no database, and long enough to be looked at as if it were one. '.repeat(4)
  it.each<[string, (folder: string) => Promise<unknown>, string]>([
    ['a warehouse that is no database', (folder) => writeFile(join(folder, 'warehouse.duckdb'), garbage), 'warehouse'],
    ['a warehouse cut off', (folder) => truncate(join(folder, 'warehouse.duckdb'), 300_000), 'warehouse'],
    ['no warehouse', (folder) => rm(join(folder, 'warehouse.duckdb')), 'warehouse'],
    ['a catalog that is no database', (folder) => writeFile(join(folder, 'catalog.sqlite'), garbage), 'catalog'],
    [
      'a catalog that was never filled',
      async (folder) => {
        await writeFile(join(folder, 'catalog.sqlite'), '')
        // What an earlier process left beside the file belongs to the file that is gone.
        for (const beside of ['-wal', '-shm']) await rm(join(folder, `catalog.sqlite${beside}`), { force: true })
      },
      'not made to its end',
    ],
  ])('is refused to a reader: %s', async (_, damage, says) => {
    await damage(workspace)
    const { code, notes } = await runOn(workspace, REPORT)
    expect([code, notes]).toEqual([3, expect.stringContaining(says)])
  })

  it.each<[string, (folder: string) => Promise<unknown>]>([
    [
      'a warehouse of a newer version',
      (folder) => writing(folder, ({ warehouse }) => warehouse.run('UPDATE schema_version SET version = 99')),
    ],
    [
      'a catalog of a newer version',
      (folder) =>
        writing(folder, ({ catalog }) =>
          catalog
            .insertInto('kysely_migration' as never)
            .values({ name: '9999-later', timestamp: '2030-01-01' } as never)
            .execute(),
        ),
    ],
  ])('is refused to reader and writer, and stays as it is: %s', async (_, make) => {
    await make(workspace)
    const before = await contentOf(workspace)
    for (const args of [REPORT, ['check'], ['close', '2026-10']]) {
      const { code, notes } = await runOn(workspace, args)
      expect([args, code]).toEqual([args, 3])
      expect(notes).toContain('Use the newer spillway that wrote it.')
    }
    expect(await contentOf(workspace)).toEqual(before)
  })
})
