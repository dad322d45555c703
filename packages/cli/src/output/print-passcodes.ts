// Hands out new passcodes, once: to the terminal, or to a file that only its owner can read and that was not there before.
import { open, rm } from 'node:fs/promises'
import { Refusal, type Report, spacedPasscode } from '@spillway/core'
import type { NewPasscode } from '@spillway/engine'
import { REPORT_ENCODERS } from '@spillway/formats'
import type { Terminal } from '../terminal.ts'
import { counted } from './counted.ts'
import { printReport } from './print-report.ts'
import { refusalOf } from './write-output.ts'

/** A table for a person, with blanks to read it out by; into a pipe NDJSON, digits alone. */
export async function printPasscodes(passcodes: ReadonlyArray<NewPasscode>, terminal: Terminal): Promise<void> {
  const write = terminal.isInteractive ? spacedPasscode : (code: string) => code
  await printReport(reportOf(passcodes, write), {}, terminal)
  terminal.note('Shown this once: nobody can look a passcode up again.')
}

function reportOf(passcodes: ReadonlyArray<NewPasscode>, write: (code: string) => string): Report {
  const text = (key: string, title: string) => ({ key, title, kind: 'text' as const })
  return {
    name: 'passcodes',
    title: 'Passcodes',
    columns: [text('account', 'Account'), text('user_id', 'User id'), text('passcode', 'Passcode')],
    rows: (async function* () {
      yield passcodes.map(({ account, userId, passcode }) => [account, userId, write(passcode)])
    })(),
  }
}

/** A file to which codes go before they are in force. */
export type PasscodeFile = {
  readonly deliver: (passcodes: ReadonlyArray<NewPasscode>) => Promise<void>
  /** Takes the file back where the codes did not come into force. */
  readonly undo: () => Promise<void>
}

export function passcodeFile(path: string, terminal: Terminal): PasscodeFile {
  let isWritten = false
  return {
    deliver: async (passcodes) => {
      await writeSecret(path, REPORT_ENCODERS.csv(reportOf(passcodes, (code) => code)))
      isWritten = true
      terminal.note(
        `${counted(passcodes.length, 'passcode')} written to ${path}, for its owner alone to read; hand them out and delete it.`,
      )
    },
    undo: async () => {
      if (isWritten) await rm(path, { force: true })
    },
  }
}

/** @throws Refusal `bad-command` where there is a file of this name, or none can be written. */
async function writeSecret(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Refusal('bad-command', `${path} is there already.`, {
        hint: 'Passcodes go to a file of their own: name another.',
      })
    throw refusalOf(error, `${path} cannot be written`)
  }
}
