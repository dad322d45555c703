// Reads a passcode from standard input, not echoed where a person types it. A passcode is never an argument: the command line
// stands in the list of processes, in the shell's history and in the workspace's note of who holds it.
import type { Readable } from 'node:stream'
import { Refusal } from '@spillway/core'
import type { Terminal } from './terminal.ts'

type Keyboard = Readable & { readonly isTTY: true; setRawMode(isRaw: boolean): unknown }

/** Digits without the blanks and hyphens that people write between them. @throws Refusal `bad-command`, `cancelled`. */
export async function readPasscode(terminal: Terminal): Promise<string> {
  const { input } = terminal
  const line = isKeyboard(input) ? await readHidden(input, terminal) : await readFirstLine(input)
  const passcode = line.replace(/[\s-]/g, '')
  if (passcode !== '') return passcode
  throw new Refusal('bad-command', 'There is no passcode on standard input.', {
    hint: 'Type it when asked, or hand it over: `spillway … < FILE`.',
  })
}

function isKeyboard(input: Readable): input is Keyboard {
  return 'isTTY' in input && input.isTTY === true
}

async function readFirstLine(input: Readable): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += String(chunk)
    if (text.includes('\n') || text.length > LENGTH_MAX) break
  }
  return (text.split(/\r?\n/)[0] as string).slice(0, LENGTH_MAX)
}

/** Nobody's passcode is longer, whatever is written between the digits. */
const LENGTH_MAX = 200

async function readHidden(input: Keyboard, { draw, signal }: Terminal): Promise<string> {
  draw('Passcode: ')
  input.setRawMode(true)
  let text = ''
  try {
    for await (const chunk of input)
      for (const key of String(chunk)) {
        if (key === '\r' || key === '\n') return text
        if (key === INTERRUPT || signal.aborted) throw new Refusal('cancelled', 'Nothing was done.')
        text = key === BACKSPACE || key === '\b' ? text.slice(0, -1) : `${text}${key}`.slice(0, LENGTH_MAX)
      }
    return text
  } finally {
    input.setRawMode(false)
    draw('\n')
  }
}

const INTERRUPT = '\u0003'
const BACKSPACE = '\u007f'
