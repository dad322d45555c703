// A company of three phones as canonical files in a temporary folder, small enough to work every figure out by hand.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runCli } from '../src/index.ts'
import { type RecordingOptions, type RecordingTerminal, recordingTerminal } from './recording-terminal.ts'

const BILL = 'acme,A-1,INV-1,2026-10-31,2026-10-01,2026-11-01,USD'
const CHARGES_HEAD =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'
const USAGE_HEAD =
  'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone,time_band,network,account_code,peer,app,pool,participants'
const USED = '2026-10-01T00:00:00Z,2026-11-01T00:00:00Z'

/** P-1 is one lump of 90.00 on phone-1; phone-2 used 2 GB and phone-3 used 1 GB of it: they carry 60.00 and 30.00. */
export const FILES: Readonly<Record<string, string>> = {
  'charges.csv': `${CHARGES_HEAD}
${BILL},1,phone-1,P-1,bulk,data,,Shared data,90.00,,
${BILL},2,phone-1,,subscription,,,Line,5.00,,
${BILL},3,phone-2,,subscription,,,Line,5.00,,
${BILL},4,,,tax,,,Tax,1.50,,
`,
  'invoices.csv': `vendor,account,invoice,issued_on,period_start,period_end,currency,total\n${BILL},101.50\n`,
  'invoices-wrong.csv': `vendor,account,invoice,issued_on,period_start,period_end,currency,total\n${BILL},100.00\n`,
  'usage.csv': `${USAGE_HEAD}
acme,1,A-1,phone-2,data,${USED},2,GB,domestic,,,,,,,,
acme,2,A-1,phone-3,data,${USED},1,GB,domestic,,,,,,,,
`,
  'usage-bad.csv': `${USAGE_HEAD}
acme,3,A-1,phone-2,data,${USED},2,Gb,domestic,,,,,,,,
acme,4,A-1,phone-3,messaging,${USED},7,count,domestic,,,,,,,,
`,
  'pools.csv': 'pool,vendor,account,model,usage_type,allowance,unit,max_members\nP-1,acme,A-1,bulk,data,10,GB,\n',
  'pool_members.csv': 'pool,service,contribution,unit,from,to\nP-1,phone-1,,,,\nP-1,phone-2,,,,\nP-1,phone-3,,,,\n',
  'cost_centres.csv': 'cost_centre,parent,name,gl_code,budget\nC-1,,Sales,6100,\nC-2,,Stock,6200,\n',
  'people.csv':
    'employee,name,email,aliases,cost_centre,manager,from,to\nE-1,Ada Moss,,,C-1,,2020-01-01,\nE-2,Ben Rye,,,C-2,,2020-01-01,\n',
  'services.csv': `service,vendor,account,product,service_type,person,cost_centre,project,from,to,share
phone-1,acme,A-1,,mobile,E-1,,,2020-01-01,,
phone-2,acme,A-1,,mobile,E-2,,,2020-01-01,,
phone-3,acme,A-1,,mobile,E-2,,,2020-01-01,,
`,
  'shopping.csv': 'aisle,item\n3,apples\n',
  'policy.yaml': `kind: AllocationPolicy
name: even-data
applies-to: { pools: [P-1] }
components:
  - name: lump
    charges: [{ category: bulk }]
    method: even
`,
  'broken.yaml': 'kind: AllocationPolicy\nname: broken\nmethod: magic\n',
}

export const GOOD_FILES = [
  'cost_centres.csv',
  'people.csv',
  'services.csv',
  'pools.csv',
  'pool_members.csv',
  'charges.csv',
  'invoices.csv',
  'usage.csv',
]

export type SmallCompany = {
  /** Where the files are, and the workspace `w` once `spillway init w` ran. */
  readonly directory: string
  /** Runs one command line from there; the terminal says what it wrote. */
  run(args: ReadonlyArray<string>, options?: Partial<RecordingOptions>): Promise<RecordingTerminal & { code: number }>
  /** Runs on the workspace `w`. */
  inW(args: ReadonlyArray<string>, options?: Partial<RecordingOptions>): Promise<RecordingTerminal & { code: number }>
  remove(): Promise<void>
}

export async function smallCompany(): Promise<SmallCompany> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-cli-'))
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), text)
  }
  const run: SmallCompany['run'] = async (args, options = {}) => {
    const terminal = recordingTerminal({ directory, ...options })
    return { ...terminal, code: await runCli(args, terminal) }
  }
  return {
    directory,
    run,
    inW: (args, options) => run(['-C', 'w', ...args], options),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}

/** The same with a workspace `w` that has October imported and, where asked, closed. */
export async function companyWithOctober({ isClosed = false } = {}): Promise<SmallCompany> {
  const company = await smallCompany()
  for (const args of [
    ['init', 'w'],
    ['-C', 'w', 'import', ...GOOD_FILES],
    ...(isClosed ? [['-C', 'w', 'close', '2026-10']] : []),
  ]) {
    const done = await company.run(args)
    if (done.code !== 0) throw new Error(`${args.join(' ')} ends with ${done.code}: ${done.notes()}`)
  }
  return company
}
