// Appends events to a journal without end and writes each to stdout once it is acknowledged; its parent kills it.
import { writeSync } from 'node:fs'
import { EventJournal } from '../src/intake/event-journal.ts'

const journal = await EventJournal.open({ directory: process.argv[2] as string })
async function send(sender: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const line = JSON.stringify({ id: `${sender}-${number}`, data: 'x'.repeat(500) })
    await journal.append([line])
    writeSync(1, `${line}\n`)
  }
}
await Promise.all(Array.from({ length: 8 }, (_, sender) => send(sender)))
