import { describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recording-terminal.ts'
import { drawProgress, withProgress } from './progress.ts'

describe('progress', () => {
  it('says how far, of how many, and how long it may take', () => {
    expect(drawProgress({ stage: 'allocate', done: 1500, total: 2000 }, { leftSeconds: 125, elapsedSeconds: 9 })).toBe(
      'allocate ██████████████████░░░░░░ 75 % 1,500/2,000, 2:05 left',
    )
  })

  it('says rows where the parts are bytes', () => {
    const progress = { stage: 'read usage.csv', done: 500_000, total: 1_000_000, rows: 7200 }
    expect(drawProgress(progress, { leftSeconds: 4, elapsedSeconds: 4 })).toBe(
      'read usage.csv ████████████░░░░░░░░░░░░ 50 % 7,200 rows, 0:04 left',
    )
  })

  it('counts rows where the end is not known, and cuts a long name', () => {
    const stage = 'read Acct & Wireless Charges Detail Summary Usage_202510.txt'
    expect(drawProgress({ stage, done: 120_000, total: 0 }, { leftSeconds: 0, elapsedSeconds: 3.4 })).toBe(
      'read Acct & Wireless Charges Detail…  120,000 rows, 0:03',
    )
  })

  it('says no time where none is known, and never more than all', () => {
    const times = { leftSeconds: Number.NaN, elapsedSeconds: 0 }
    expect(drawProgress({ stage: 'read', done: 3, total: 2 }, times)).toBe('read ████████████████████████ 100 % 3/2')
  })

  it('is drawn for a person and goes away at the end, even where the work fails', async () => {
    const terminal = recordingTerminal({ directory: '/', showsProgress: true })
    const work = withProgress(terminal, async (onProgress) => {
      onProgress({ stage: 'read', done: 0, total: 2 })
      throw new Error('broken')
    })
    await expect(work).rejects.toThrow('broken')
    expect(terminal.drawn()).toContain('read ░')
    const control = String.fromCharCode(27)
    const [shown, hidden] = ['[?25h', '[?25l'].map((cursor) => terminal.drawn().lastIndexOf(`${control}${cursor}`))
    expect(shown).toBeGreaterThan(hidden ?? 0)
    expect(terminal.drawn().lastIndexOf(`${control}[2K`)).toBeGreaterThan(terminal.drawn().lastIndexOf('read'))
  })

  it('is not drawn into a pipe', async () => {
    const terminal = recordingTerminal({ directory: '/' })
    expect(await withProgress(terminal, async (onProgress) => onProgress({ stage: 'read', done: 1, total: 2 }))).toBe(
      undefined,
    )
    expect(terminal.drawn()).toBe('')
  })
})
