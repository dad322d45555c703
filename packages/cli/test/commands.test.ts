// Every command by its good path, and every way to be told no, with the exit code that a script would see.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { recordingTerminal } from './recording-terminal.ts'
import { companyWithOctober, GOOD_FILES, type SmallCompany, smallCompany } from './small-company.ts'

let company: SmallCompany
afterEach(() => company?.remove())

describe('a workspace that is not there yet', () => {
  beforeEach(async () => {
    company = await smallCompany()
  })

  it('is made by init, once', async () => {
    const first = await company.run(['init', 'w'])
    expect([first.code, first.notes()]).toEqual([0, expect.stringContaining('spillway -C w import')])
    const second = await company.run(['init', 'w'])
    expect([second.code, second.notes()]).toEqual([3, expect.stringContaining('is a workspace already')])
  })

  it('is not made inside a file', async () => {
    const { code, notes } = await company.run(['init', 'charges.csv/w'])
    expect([code, notes()]).toEqual([2, expect.stringContaining('a part of the path is a file')])
  })

  it.each([
    [['report', 'charges', '-p', '2026-10']],
    [['close', '2026-10']],
    [['import', 'charges.csv']],
    [['check']],
    [['-C', 'nowhere', 'publish', '2026-10']],
  ])('makes %j end with 2 and say how to make one', async (args) => {
    const { code, notes } = await company.run(args)
    expect([code, notes()]).toEqual([2, expect.stringContaining('spillway init DIR')])
  })

  it.each([
    [[], 'Usage: spillway'],
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['help', 'share-plans'], "unknown command 'share-plans'\n(Did you mean share-plan?)"],
    [['share-plan', 'lst', '--help'], "unknown command 'lst'\n(Did you mean list?)"],
    [['report', 'charges', '--bogus'], "unknown option '--bogus'"],
    [['export', 'config', '--bogus'], "unknown option '--bogus'"],
    [['close'], "missing required argument 'period'"],
    [['reopen', '2026-10'], "required option '--reason <text>' not specified"],
    [['report', 'charges', '--format', 'xml'], 'Allowed choices are table, csv, json, ndjson'],
    [['report', 'charges', '--view', 'both'], 'Allowed choices are actual, adjusted'],
    [['explain', 'phone-1'], 'Name a service and a period, or an event.'],
    [['explain', 'phone-1', '--event', 'e1'], '`explain` of --event has no service "phone-1".'],
    [['explain', 'phone-1', '-p', '2026-10', '--source', 'core'], '`explain` of a service has no --source.'],
    [['export', 'schema', 'Nothing'], 'There is no kind Nothing.'],
    [['export', 'schema', 'constructor'], 'There is no kind constructor.'],
  ])('is not asked for where the command line %j is wrong: 2', async (args, words) => {
    const { code, notes, written } = await company.run(args)
    expect([code, notes(), written()]).toEqual([2, expect.stringContaining(words), ''])
  })

  it('is not needed for help, the version, the list of formats and schemas', async () => {
    for (const args of [['--help'], ['--version'], ['import', '--list'], ['export', 'schema', 'AllocationPolicy']]) {
      const { code, notes, written } = await company.run(args)
      expect([args, code, notes()]).toEqual([args, 0, ''])
      expect(written()).not.toBe('')
    }
  })
})

describe('a month from its files to its publication', () => {
  beforeEach(async () => {
    company = await companyWithOctober()
  })

  it('is closed, shown, published, proved, reopened and closed again', async () => {
    const closed = await company.inW(['close', '2026-10'])
    expect([closed.code, closed.notes()]).toEqual([0, expect.stringContaining('Closed as 2026-10.1: 1 pool divided.')])
    expect(closed.notes()).toContain('USD  actual 101.50  adjusted 101.50')

    const again = await company.inW(['close', '2026-10'])
    expect([again.code, again.notes()]).toEqual([0, expect.stringContaining('with the same results as before')])

    const published = await company.inW(['publish', '2026-10'])
    expect([published.code, published.notes()]).toEqual([0, 'Published 2026-10 as 2026-10.2.'])

    const refused = await company.inW(['close', '2026-10'])
    expect([refused.code, refused.notes()]).toEqual([3, expect.stringContaining('2026-10 is published.')])

    const checked = await company.inW(['check'])
    expect([checked.code, checked.notes()]).toEqual([0, expect.stringContaining('proved 2026-10.2 (published)')])

    expect((await company.inW(['reopen', '2026-10', '--reason', ' '])).code).toBe(2)
    const reopened = await company.inW(['reopen', '2026-10', '--reason', 'a late credit'])
    expect([reopened.code, reopened.notes()]).toEqual([0, expect.stringContaining('2026-10.2 stays readable')])
    expect((await company.inW(['reopen', '2026-10', '--reason', 'twice'])).code).toBe(3)
    expect((await company.inW(['close', '2026-10'])).code).toBe(0)

    const runs = await company.inW(['report', 'runs', '--format', 'csv'])
    expect(runs.written().split('\n').slice(1, 3)).toEqual([
      '2026-10,2026-10.2,reopened,2026-11-22T09:00:00.000Z,tester,2026-11-22T09:00:00.000Z,a late credit,101.50 USD',
      '2026-10,2026-10.3,closed,2026-11-22T09:00:00.000Z,tester,,,101.50 USD',
    ])
  })

  it('cannot be shown, published, explained or simulated before it is closed: 3', async () => {
    for (const args of [
      ['report', 'charges', '-p', '2026-10'],
      ['report', 'allocation', '-p', '2026-10'],
      ['report', 'usage', '-p', '2026-10'],
      ['publish', '2026-10'],
      ['explain', 'phone-2', '-p', '2026-10'],
      ['simulate', '-f', 'policy.yaml', '-p', '2026-10'],
    ]) {
      const { code, notes, written } = await company.inW(args)
      expect([args, code, written()]).toEqual([args, 3, ''])
      expect(notes()).toContain('spillway close 2026-10')
    }
  })

  it('cannot be published while an invoice does not foot, until somebody accepts the difference', async () => {
    const wrong = await company.inW(['import', 'invoices-wrong.csv'])
    expect(wrong.notes()).toContain('does not foot so far INV-1: total 100.00, lines 101.50, difference 1.50 USD')
    const closed = await company.inW(['close', '2026-10'])
    expect([closed.code, closed.notes()]).toEqual([1, expect.stringContaining('invoice-does-not-foot')])
    expect((await company.inW(['publish', '2026-10'])).code).toBe(3)
    expect((await company.inW(['accept', 'INV-9', '--reason', 'none such'])).code).toBe(2)
    expect((await company.inW(['accept', 'INV-1', '--reason', ''])).code).toBe(2)
    const accepted = await company.inW(['accept', 'INV-1', '--reason', 'the carrier corrects it'])
    expect([accepted.code, accepted.notes()]).toEqual([0, 'Accepted the difference of 1.50 USD on INV-1.'])
    const published = await company.inW(['publish', '2026-10'])
    expect([published.code, published.notes()]).toEqual([0, expect.stringContaining('the carrier corrects it')])
  })

  it('is explained and simulated once it is closed, and neither changes it', async () => {
    await company.inW(['close', '2026-10'])
    const before = await company.inW(['report', 'charges', '-p', '2026-10', '--by', 'service', '--format', 'csv'])
    expect(before.written()).toBe(
      'key,name,currency,actual,adjusted,difference\n' +
        ',no service,USD,1.50,1.50,0.00\n' +
        'phone-1,Ada Moss,USD,95.00,5.00,-90.00\n' +
        'phone-2,Ben Rye,USD,5.00,65.00,60.00\n' +
        'phone-3,Ben Rye,USD,0.00,30.00,30.00\n',
    )
    const explained = await company.inW(['explain', 'phone-2', '-p', '2026-10'], { isInteractive: true })
    expect([explained.code, explained.written()]).toEqual([0, expect.stringContaining('charges.csv:2')])
    expect(explained.written()).toContain('phone-2 carries 65.00 USD of 2026-10')
    const unknown = await company.inW(['explain', 'phone-9', '-p', '2026-10'])
    expect([unknown.code, unknown.notes()]).toEqual([2, expect.stringContaining('phone-9')])
    const simulated = await company.inW(['simulate', '-f', 'policy.yaml', '-p', '2026-10', '--format', 'csv'])
    expect([simulated.code, simulated.written()]).toEqual([0, expect.stringContaining('phone-1')])
    const after = await company.inW(['report', 'charges', '-p', '2026-10', '--by', 'service', '--format', 'csv'])
    expect(after.written()).toBe(before.written())
  })
})

describe('import', () => {
  beforeEach(async () => {
    company = await companyWithOctober()
  })

  it('says what it took, and the second time that nothing changed', async () => {
    const again = await company.inW(['import', ...GOOD_FILES])
    expect(again.code).toBe(0)
    expect(again.notes().match(/^unchanged/gm)).toHaveLength(GOOD_FILES.length)
  })

  it.each([
    ['shopping.csv', 'shopping.csv', ['charges', 'verizon-detail']],
    ['missing.csv', 'missing.csv', []],
  ])('refuses %s with 2 and lists what it could have been', async (file, words, candidates) => {
    const { code, notes } = await company.inW(['import', file])
    expect([code, notes()]).toEqual([2, expect.stringContaining(words)])
    for (const candidate of candidates) expect(notes()).toContain(candidate)
  })

  it('refuses one file and takes the others', async () => {
    const { code, notes } = await company.inW(['import', 'shopping.csv', 'usage-bad.csv'])
    expect(code).toBe(2)
    expect(notes()).toMatch(/^refused +shopping\.csv No format has the columns/m)
    expect(notes()).toMatch(/^imported +usage-bad\.csv/m)
  })

  it('puts what it cannot read into quarantine, ends with 1 and shows the row on demand', async () => {
    const { code, notes } = await company.inW(['import', 'usage-bad.csv'])
    expect([code, notes()]).toEqual([1, expect.stringContaining('2 rows, 1 accepted, 1 in quarantine')])
    expect(notes()).toContain('unit-unknown')
    const quarantine = await company.inW(['report', 'quarantine', '--format', 'csv'])
    expect(quarantine.written()).toMatch(/^usage-bad\.csv,2,unit,Gb,unit-unknown,/m)
  })

  it('changes nothing on a dry run and says the same', async () => {
    const dry = await company.inW(['import', '--dry-run', 'usage-bad.csv'])
    expect([dry.code, dry.notes()]).toEqual([1, expect.stringContaining('Dry run: nothing was changed.')])
    expect((await company.inW(['report', 'quarantine', '--format', 'csv'])).written().split('\n')).toHaveLength(2)
    expect((await company.inW(['import', 'usage-bad.csv'])).notes()).toMatch(/^imported/m)
  })

  it.each([
    [['import'], 'No file was named.'],
    [['import', 'people.csv', '--as-of', '2026-02-30'], '"2026-02-30" is no date.'],
    [['import', 'charges.csv', '--source', 'none-such'], 'There is no format or source none-such'],
  ])('refuses %j with 2', async (args, words) => {
    const { code, notes } = await company.inW(args)
    expect([code, notes()]).toEqual([2, expect.stringContaining(words)])
  })
})

describe('apply and export config', () => {
  beforeEach(async () => {
    company = await companyWithOctober()
  })

  it('save a policy once, and give it back so that applying it again changes nothing', async () => {
    expect((await company.inW(['export', 'config'])).written()).toBe('')
    const dry = await company.inW(['apply', '--dry-run', '-f', 'policy.yaml'])
    expect([dry.code, dry.notes()]).toEqual([0, expect.stringContaining('nothing was changed')])
    const applied = await company.inW(['apply', '-f', 'policy.yaml'])
    expect([applied.code, applied.notes()]).toEqual([0, expect.stringMatching(/^created .*even-data \(version 1\)$/)])
    expect((await company.inW(['export', 'config', '-o', 'config.yaml'])).code).toBe(0)
    const again = await company.inW(['apply', '-f', 'config.yaml'])
    expect([again.code, again.notes()]).toEqual([0, expect.stringMatching(/^unchanged .*\(version 1\)$/)])
  })

  it('refuse a document that is wrong, and a file that is not there', async () => {
    const broken = await company.inW(['apply', '-f', 'policy.yaml', 'broken.yaml'])
    expect([broken.code, broken.notes()]).toEqual([2, expect.stringContaining('broken.yaml')])
    expect((await company.inW(['export', 'config'])).written()).toBe('')
    expect((await company.inW(['apply', '-f', 'none.yaml'])).code).toBe(2)
    expect((await company.inW(['export', 'config', '--kind', 'Nothing'])).code).toBe(2)
  })
})

describe('report', () => {
  let closed: SmallCompany
  beforeAll(async () => {
    closed = await companyWithOctober({ isClosed: true })
  })
  afterAll(() => closed.remove())

  it.each([
    [['report', 'chargs', '-p', '2026-10'], 'There is no report "chargs".'],
    [['report', 'charges'], '`report charges` needs a period.'],
    [['report', 'charges', '-p', '2026-13'], '"2026-13" is no period.'],
    [['report', 'charges', '-p', '2026-10', '--by', 'colour'], 'There is no --by colour.'],
    [['report', 'charges', '-p', '2026-10', '--by', 'user-id'], 'sub-accounts'],
    [['report', 'usage', '-p', '2026-10', '--by', 'category'], 'There is no --by category.'],
    [['report', 'pools', '-p', '2026-10', '--by', 'person'], '`report pools` has no --by.'],
    [['report', 'usage', '-p', '2026-10', '--view', 'actual'], '`report usage` has no --view.'],
    [['report', 'charges', '-p', '2026-10', '--months', '3'], '`report charges` has no --months.'],
    [['report', 'movers', '-p', '2026-10', '--key', 'phone-1'], '`report movers` has no --key.'],
    [['report', 'unused', '-p', '2026-10', '--count', '3'], '`report unused` has no --count.'],
    [['report', 'runs', '--of', 'usage'], '`report runs` has no --of.'],
    [['report', 'trend', '-p', '2026-10', '--of', 'usage', '--view', 'actual'], '--of usage` has no --view.'],
    [['report', 'trend', '-p', '2026-10', '--of', 'usage', '--by', 'category'], 'There is no --by category.'],
    [['report', 'trend', '-p', '2026-10', '--months', '0'], '"0" is no number for --months.'],
    [['report', 'movers', '-p', '2026-10', '--count', '1.5'], '"1.5" is no number for --count.'],
    [['report', 'charges', '-p', '2026-10', '-o', 'x.docx'], '"docx" is no format.'],
    [['report', 'charges', '-p', '2026-10', '-o', 'nowhere/x.csv'], 'there is no such folder'],
    [['report', 'charges', '-p', '2026-10', '--format', 'csv', '-o', '.'], 'it is a folder'],
  ])('refuses %j with 2', async (args, words) => {
    const { code, notes, written } = await closed.inW(args)
    expect([code, notes(), written()]).toEqual([2, expect.stringContaining(words), ''])
  })

  it('takes -C before the name of the command and after it', async () => {
    const args = ['report', 'charges', '-p', '2026-10', '--by', 'vendor']
    const before = await closed.run(['-C', 'w', ...args])
    const after = await closed.run([...args, '-C', 'w'])
    const inside = await closed.run(args, { directory: join(closed.directory, 'w') })
    expect([before.code, after.code, inside.code]).toEqual([0, 0, 0])
    expect(new Set([before.written(), after.written(), inside.written()]).size).toBe(1)
  })

  it('writes a file whole or not at all', async () => {
    const path = join(closed.directory, 'out.csv')
    const { code, notes, written } = await closed.inW(['report', 'charges', '-p', '2026-10', '-o', 'out.csv'])
    expect([code, written(), notes()]).toEqual([0, '', expect.stringContaining('out.csv')])
    const first = await readFile(path, 'utf8')
    expect(first).toMatch(/^key,name,currency,actual,adjusted,difference\n/)
    expect((await closed.inW(['report', 'charges', '-p', '2026-09', '-o', 'out.csv'])).code).toBe(3)
    expect([await readFile(path, 'utf8'), existsSync(`${path}.part`)]).toEqual([first, false])
  })

  it('has one view alone where that is asked', async () => {
    const { written } = await closed.inW([
      'report',
      'charges',
      '-p',
      '2026-10',
      '--by',
      'vendor',
      '--view',
      'adjusted',
      '--format',
      'csv',
    ])
    expect(written()).toBe('key,name,currency,adjusted\nacme,,USD,101.50\n')
  })
})

describe('a bug', () => {
  it('ends with 70, says so, and leaves the workspace as it was', async () => {
    company = await companyWithOctober({ isClosed: true })
    const broken = async (): Promise<void> => {
      throw new TypeError('the screen is on fire')
    }
    const args = ['-C', 'w', 'report', 'charges', '-p', '2026-10', '--format', 'csv']
    const terminal = recordingTerminal({ directory: company.directory })
    expect(await runCli(args, { ...terminal, out: broken })).toBe(70)
    expect(terminal.notes()).toContain('This is a bug in spillway')
    expect(terminal.notes()).toContain('the screen is on fire')
    expect(await runCli(['--help'], { ...terminal, out: broken })).toBe(70)
    expect((await company.run(args)).code).toBe(0)
    expect((await company.inW(['check'])).code).toBe(0)
  })
})
