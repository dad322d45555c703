// The command as a process of its own: exit codes, pipes that close, signals, and a workspace that another one holds.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

const TSX = ['--import', 'tsx']
const MAIN = join(import.meta.dirname, '../src/main.ts')

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

function start(script: string, args: ReadonlyArray<string>, env: Record<string, string> = {}): ChildProcess {
  // The loader is found from here, whatever folder the command runs in.
  return spawn(process.execPath, [...TSX, script, ...args], {
    cwd: import.meta.dirname,
    env: { ...process.env, FORCE_COLOR: '', ...env },
  })
}

async function ended(child: ChildProcess): Promise<Ended> {
  const texts = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => {
    texts.out += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    texts.err += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...texts }
}

async function saying(child: ChildProcess, words: string): Promise<void> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes(words)) return
  }
  throw new Error(`it ended without saying ${words}: ${text}`)
}

let company: SmallCompany
let workspace = ''
beforeAll(async () => {
  company = await companyWithOctober({ isClosed: true })
  workspace = join(company.directory, 'w')
})
afterAll(() => company.remove())

describe('the process', () => {
  it('ends with the exit code and keeps data and notes apart', async () => {
    const args = ['-C', workspace, 'report', 'charges', '-p', '2026-10', '--by', 'vendor', '--format', 'csv']
    const good = await ended(start(MAIN, args))
    expect(good).toEqual({
      code: 0,
      out: 'key,name,currency,actual,adjusted,difference\nacme,,USD,101.50,101.50,0.00\n',
      err: '',
    })
    const bad = await ended(start(MAIN, ['-C', workspace, 'report', 'charges', '-p', 'May']))
    expect(bad).toEqual({ code: 2, out: '', err: expect.stringContaining('error "May" is no period.') })
  })

  it('ends quietly where the reader of its pipe has enough', async () => {
    const child = start(MAIN, ['-C', workspace, 'report', 'charges', '-p', '2026-10'])
    child.stdout?.destroy()
    expect(await ended(child)).toEqual({ code: 0, out: '', err: '' })
  })

  it('has no colours in a pipe', async () => {
    const { out, err } = await ended(start(MAIN, ['-C', workspace, 'close', '2026-10']))
    expect(`${out}${err}`).toContain('Closed as')
    expect(`${out}${err}`).not.toContain(String.fromCharCode(27))
  })

  it('is told by whom a workspace is held, ends with 3, and works once that one is gone', async () => {
    const holder = start(join(import.meta.dirname, 'robustness', 'hold-workspace.ts'), [workspace, 'write'])
    await saying(holder, 'held')
    for (const args of [
      ['close', '2026-10'],
      ['report', 'charges', '-p', '2026-10'],
      ['import', 'x.csv'],
    ]) {
      const { code, err } = await ended(start(MAIN, ['-C', workspace, ...args]))
      expect([args, code]).toEqual([args, 3])
      expect(err).toContain(`held by \`spillway import big.csv\` (PID ${holder.pid}) since 2026-11-22T08:00:00.000Z`)
    }
    holder.kill('SIGKILL')
    await once(holder, 'close')
    const after = await company.inW(['check'])
    expect([after.code, after.notes()]).toEqual([0, expect.stringContaining('proved')])
  })
})

describe('Ctrl-C', () => {
  it('during an import ends with 1 and leaves nothing of the file', async () => {
    const [head, row] = (FILES['usage.csv'] ?? '').split('\n')
    const many = Array.from({ length: 300_000 }, (_, index) => (row ?? '').replace(',1,', `,many-${index},`))
    await writeFile(join(company.directory, 'many.csv'), `${head}\n${many.join('\n')}\n`)
    const child = start(MAIN, ['-C', workspace, 'import', join(company.directory, 'many.csv')])
    const end = ended(child)
    await heldBy(child, workspace)
    child.kill('SIGINT')
    expect(await end).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('cancelled; nothing of this file was kept'),
    })
    const after = await company.inW(['check'])
    expect(after.code).toBe(0)
    const again = await company.inW(['import', '--dry-run', 'many.csv'])
    expect(again.notes()).toMatch(/^imported/m)
  })
})

/** Waits until the child says in the workspace that it holds it. */
async function heldBy(child: ChildProcess, directory: string): Promise<void> {
  for (let round = 0; round < 600; round += 1) {
    const text = await readFile(join(directory, 'holder.json'), 'utf8').catch(() => '')
    if (text.includes(`"pid":${child.pid}`)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('the command never took the workspace')
}
