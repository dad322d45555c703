import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EventJournal } from './event-journal.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-journal-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function sealedLines(journal: EventJournal): Promise<string[]> {
  const texts = await Promise.all((await journal.seal()).map((path) => readFile(path, 'utf8')))
  return texts.join('').split('\n').slice(0, -1)
}

describe('an event journal', () => {
  it('keeps what was appended, in order, through seals and a reopening', async () => {
    const first = await EventJournal.open({ directory })
    await Promise.all([first.append(['a', 'b']), first.append([]), first.append(['c'])])
    await first.seal()
    await first.append(['d'])
    await first.close()
    const second = await EventJournal.open({ directory })
    await second.append(['e'])
    expect(await sealedLines(second)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await readdir(directory)).toHaveLength(3)
    await second.close()
  })

  it('writes many appends at once with few writes, each append whole', async () => {
    const journal = await EventJournal.open({ directory })
    const batches = Array.from({ length: 500 }, (_, index) => [`${index} first`, `${index} second`])
    await Promise.all(batches.map((lines) => journal.append(lines)))
    expect(await sealedLines(journal)).toEqual(batches.flat())
    await journal.close()
  })

  it('says when it is full, and no longer once the disk has it', async () => {
    const journal = await EventJournal.open({ directory, waitingBytesMax: 10 })
    expect(journal.isFull).toBe(false)
    const appended = journal.append(['0123456789'])
    expect(journal.isFull).toBe(true)
    await appended
    expect(journal.isFull).toBe(false)
    await journal.close()
  })

  it('cuts off a last line that was not written to its end', async () => {
    const journal = await EventJournal.open({ directory })
    await journal.append(['whole'])
    const [name = ''] = await readdir(directory)
    await appendFile(join(directory, name), '{"torn":')
    const next = await EventJournal.open({ directory })
    expect(await sealedLines(next)).toEqual(['whole'])
    await next.close()
  })

  it('refuses an event of two lines', async () => {
    const journal = await EventJournal.open({ directory })
    expect(() => journal.append(['one\ntwo'])).toThrow('an event is one line')
    await journal.close()
  })

  it('has every event that a killed process had acknowledged', async () => {
    for (const delayMs of [20, 60, 150]) {
      const acknowledged = await appendUntilKilled(delayMs)
      const journal = await EventJournal.open({ directory })
      const lines = await sealedLines(journal)
      expect(acknowledged.length).toBeGreaterThan(0)
      expect(new Set(lines).size).toBe(lines.length)
      expect(acknowledged.filter((line) => !lines.includes(line))).toEqual([])
      await journal.close()
      for (const name of await readdir(directory)) await rm(join(directory, name))
    }
  })
})

const CHILD = new URL('../../test/journal-child.ts', import.meta.url).pathname

/** What a process said was on the disk before it was killed, so long after the first. */
function appendUntilKilled(delayMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    let isCounting = false
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString()
      if (!isCounting) setTimeout(() => child.kill('SIGKILL'), delayMs)
      isCounting = true
    })
    child.on('error', reject)
    child.on('close', () => resolve(text.split('\n').slice(0, -1)))
  })
}
