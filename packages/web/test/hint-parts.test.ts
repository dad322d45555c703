import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hintParts } from '../src/components/hint-parts.ts'

const said = (hint: string) =>
  hintParts(hint)
    .map((part) => {
      if (part.kind === 'text') return part.text
      if (part.kind === 'command') return `(${part.command})`
      const { press, label, to, search, command } = part
      const address = `${to} ${JSON.stringify(search)}`
      return `${press === undefined ? '' : `“${press}” under `}[${label}: ${address}] (${command})`
    })
    .join('')

describe('a hint', () => {
  it.each([
    [
      'Run `spillway close 2026-10` first.',
      'Press “Close” under [Runs: /runs {"chosen":"2026-10"}] (spillway close 2026-10) first.',
    ],
    [
      'Close it again with `spillway close 2026-10`, then publish it.',
      'Close it again by “Close” under [Runs: /runs {"chosen":"2026-10"}] (spillway close 2026-10), then publish it.',
    ],
    [
      'List them with `spillway report imports`.',
      'List them under [Imports: /bills/imports {}] (spillway report imports).',
    ],
    [
      'See `spillway report problems --period 2026-10`, mend it.',
      'See under [Runs: /runs {"chosen":"2026-10"}] (spillway report problems --period 2026-10), mend it.',
    ],
    [
      '`spillway report charges --period 2026-10 --by service` lists the services.',
      '[Explore: /explore {"period":"2026-10","by":"service"}] (spillway report charges --period 2026-10 --by service) lists the services.',
    ],
    ['Make one with `spillway init DIR`.', 'Make one with (spillway init DIR).'],
    [
      'Give all another: `spillway sub-account rotate --all --new-key`.',
      'Give all another: (spillway sub-account rotate --all --new-key).',
    ],
    ['Import it with projects.csv.', 'Import it with projects.csv.'],
    ['', ''],
  ])('%j is %j', (hint, words) => {
    expect(said(hint)).toBe(words)
  })

  it('of a command that no screen has is known to be one: a new command in a hint is decided upon here or in the list', () => {
    const without = new Set<string>()
    for (const command of commandsNamed())
      if (hintParts(`\`spillway ${command}\``)[0]?.kind === 'command') without.add(command.split(' ')[0] as string)
    expect([...without].sort()).toEqual([
      ...['apply', 'backup', 'check', 'demo', 'explain', 'export', 'import', 'init', 'restore', 'serve', 'sub-account'],
    ])
  })
})

/** Every `spillway ...` in a text of the code whose problems and refusals come to a screen. */
function commandsNamed(): ReadonlySet<string> {
  const found = new Set<string>()
  for (const name of ['core', 'engine', 'formats', 'server']) {
    const folder = join(import.meta.dirname, '../..', name, 'src')
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
      for (const [, command = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/\\?`spillway ([^`\\]+)\\?`/g))
        found.add(command.replaceAll(/\$\{[^}]*\}/g, '2026-10'))
    }
  }
  return found
}
