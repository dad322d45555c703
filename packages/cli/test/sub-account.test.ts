// The commands of `sub-account` by their good path, and every way to be told no.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { recordingTerminal } from './recording-terminal.ts'

let home: string
async function run(args: ReadonlyArray<string>, { input = '', isInteractive = false } = {}) {
  const terminal = { ...recordingTerminal({ directory: home, isInteractive }), input: Readable.from([input]) }
  const code = await runCli(['-C', 'w', ...args], terminal)
  return { code, out: terminal.written(), notes: terminal.notes() }
}
const sub = (...args: ReadonlyArray<string>) => ['sub-account', ...args]
const write = (name: string, text: string) => writeFile(join(home, name), text)

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'spillway-sub-'))
  await write('account.yaml', 'kind: Account\nid: R100\ncurrency: USD\n')
  await write('subs.csv', 'account,user_id,minutes\nR100,one,60\nR100,two,\n')
  await write('codes-in.csv', 'account,user_id,passcode\nR100,three,482173\n')
  await write('strange.csv', 'account,user_id,minuets\nR100,three,60\n')
  await write('wrong.csv', 'account,user_id,minutes\nR100,three,many\nR999,four,\n')
  await write('taken.csv', 'something\n')
  expect((await run(['init', 'w'])).code).toBe(0)
  expect((await run(['apply', '-f', 'account.yaml'])).code).toBe(0)
  expect((await run(sub('import', 'subs.csv', '-o', 'codes.csv'))).code).toBe(0)
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe('sub-account', () => {
  it('shows a passcode once: for a person with blanks, into a pipe as it is dialled, to a file for its owner alone', async () => {
    const person = await run(sub('rotate', 'R100', 'one'), { isInteractive: true })
    expect(person.out).toMatch(/R100 +one +\d{4} \d{4}\n/)
    const piped = JSON.parse((await run(sub('rotate', 'R100', 'one', '--length', '6'))).out)
    expect(piped).toEqual({ account: 'R100', user_id: 'one', passcode: expect.stringMatching(/^\d{6}$/) })
    expect((await stat(join(home, 'codes.csv'))).mode & 0o777).toBe(0o600)
    const file = await readFile(join(home, 'codes.csv'), 'utf8')
    expect(file).toMatch(/^account,user_id,passcode\nR100,one,\d{8}\nR100,two,\d{8}\n$/)
  })

  it('takes a chosen passcode from standard input and verifies it, with blanks or without', async () => {
    const chosen = await run(sub('rotate', 'R100', 'two', '--chosen'), { input: '9048 2176\n' })
    expect([chosen.code, chosen.out, chosen.notes]).toEqual([0, '', 'The passcode is changed.'])
    const right = await run(sub('verify', '--account', 'R100'), { input: '90482176' })
    expect([right.code, JSON.parse(right.out)]).toEqual([
      0,
      { outcome: 'accepted', account: 'R100', user_id: 'two', limits: [] },
    ])
    const wrong = await run(sub('verify', '--account', 'R100'), { input: '90482177', isInteractive: true })
    expect([wrong.code, wrong.out]).toEqual([3, 'refused\n'])
  })

  it('is asked for, and answered', async () => {
    const asked = await run(sub('request', 'R100', 'new', '--person', 'E1', '--because', 'a trial'))
    expect(asked.notes).toBe('requested SubAccount R100 new (request 1)')
    expect((await run(sub('refuse', '1', '--reason', 'share one'))).notes).toBe('refused   request 1')
    expect((await run(sub('requests', '--format', 'csv'))).out).toContain('R100,new,a trial,')
  })

  it.each<[args: ReadonlyArray<string>, code: number, words: string]>([
    [sub('rotate'), 2, 'It is not clear whose passcode is meant.'],
    [sub('rotate', 'R100', 'one', '--all'), 2, 'It is not clear whose passcode is meant.'],
    [sub('rotate', 'R100', 'nobody'), 2, 'There is no SubAccount R100 nobody.'],
    [sub('rotate', '--all', 'R100', '--new-key'), 2, 'Another key ends every passcode'],
    [sub('rotate', 'R100', 'one', '--length', '5'), 2, 'A passcode cannot have 5 digits.'],
    [sub('rotate', '--all', '-o', 'taken.csv'), 2, 'taken.csv is there already.'],
    [sub('rotate', '--missing'), 0, 'No sub-account is without a passcode.'],
    [sub('add', 'R100', 'one'), 3, 'There is a sub-account R100 one already.'],
    [sub('add', 'R999', 'one'), 2, 'R999 one: account: there is no account R999'],
    [sub('add', 'R100', 'x', '--chosen'), 2, 'There is no passcode on standard input.'],
    [sub('add', 'R100', 'x', '--person', 'E1', '--client', 'Acme'), 2, 'owner: must name one of'],
    [sub('add', 'R100', 'x', '482173'), 2, 'too many arguments'],
    [sub('import', 'codes-in.csv'), 2, 'codes-in.csv has a column of passcodes.'],
    [sub('import', 'strange.csv'), 2, 'has columns that no sub-account has: minuets.'],
    [sub('import', 'wrong.csv'), 2, 'wrong.csv, line 2: limits.minutes: must be a whole number'],
    [sub('approve', 'one'), 2, '"one" is no number of a request.'],
    [sub('approve', '99'), 2, 'There is no request 99.'],
    [sub('verify'), 2, 'Name either the account or the bridge.'],
    [sub('disable', 'R100', 'nobody'), 2, 'There is no SubAccount R100 nobody.'],
    [['apply', '-f', 'codes-in.csv'], 2, 'Nothing was applied.'],
  ])('%j ends with %i: %s', async (args, code, words) => {
    const done = await run(args)
    expect([done.code, done.notes]).toEqual([code, expect.stringContaining(words)])
    expect(done.out).toBe('')
    expect(done.notes).not.toContain('482173')
  })

  it('keeps the passcodes of before where those of now could not be written', async () => {
    await run(sub('rotate', 'R100', 'one', '--chosen'), { input: '70482196' })
    expect((await run(sub('rotate', '--all', '-o', 'taken.csv'))).code).toBe(2)
    expect((await run(sub('verify', '--account', 'R100'), { input: '70482196' })).code).toBe(0)
  })
})
