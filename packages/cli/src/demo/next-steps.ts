// What to try after the demo: commands that can be copied and run from the folder in which the demo was run.
import { isAbsolute, join, relative, sep } from 'node:path'
import type { Terminal } from '../terminal.ts'
import type { DemoCompany } from './company.ts'
import type { DemoFirm } from './firm.ts'
import type { DemoProvider } from './provider.ts'

/** A command without `spillway`, and what it shows. */
type Step = { readonly command: string; readonly shows: string }

/** A line to copy, and what it shows, for each; `workspace` is the demo's folder. */
export function nextSteps(
  workspace: string,
  { company, terminal }: { readonly company: DemoCompany; readonly terminal: Terminal },
): string {
  const { lastPeriod, folder } = company
  const steps = [
    ...company.explain.slice(0, 1).map(({ service, period }) => ({
      command: `explain ${shellWord(service)} -p ${period}`,
      shows: 'why one line carries what it carries, down to file and line',
    })),
    ...company.simulate.slice(0, 1).map(({ file, period }) => ({
      command: `simulate -p ${period} -f ${wordFrom(terminal, join(folder, file))}`,
      shows: 'who gains and who loses under another policy',
    })),
    { command: `report charges --by person -p ${lastPeriod}`, shows: 'what each person costs' },
    { command: `report pools -p ${lastPeriod}`, shows: 'allowance, use and cost of every pool' },
    { command: 'check', shows: 'compute every published figure again and compare' },
  ]
  return drawSteps(steps, { workspace, folder, terminal })
}

/** The same for the provider's demo. */
export function providerSteps(
  workspace: string,
  { provider, terminal }: { readonly provider: DemoProvider; readonly terminal: Terminal },
): string {
  const { lastPeriod, folder } = provider
  const steps = [
    ...provider.explain.slice(0, 1).map(({ service, period }) => ({
      command: `explain ${shellWord(service)} -p ${period}`,
      shows: 'which bucket, tier or rate took each event of one service',
    })),
    { command: `report bills --number ${shellWord(provider.bill)}`, shows: 'one bill, line by line' },
    { command: `report buckets -p ${lastPeriod}`, shows: 'every bucket: held, drawn, left, when it ran out' },
    { command: `report alerts -p ${lastPeriod}`, shows: 'who reached 80, 90 and 100 %' },
    { command: 'share-plan show store-pool', shows: 'a share plan, to edit and apply again' },
    { command: 'check', shows: 'rate every published month again and compare' },
  ]
  return drawSteps(steps, { workspace, folder, terminal })
}

/** The same for the law firm's demo. */
export function firmSteps(
  workspace: string,
  { firm, terminal }: { readonly firm: DemoFirm; readonly terminal: Terminal },
): string {
  const { lastPeriod, folder, lawsuit, bill } = firm
  const steps = [
    { command: `report conflicts -p ${lastPeriod}`, shows: 'who collided with whom, and when' },
    {
      command: `export bill ${shellWord(bill)} --without-calls --sections cost-centre --format csv`,
      shows: 'the same bill by cost centre; json, csv, xlsx or pdf',
    },
    {
      command: `report billable-time --project ${shellWord(lawsuit.project)} -p ${lastPeriod} --format csv`,
      shows: 'every call of the lawsuit with all its columns',
    },
    { command: `report uncoded -p ${lastPeriod}`, shows: 'calls to ask somebody about' },
    { command: 'sub-account list', shows: 'every user id, whose it is, and its limits' },
    { command: 'check', shows: 'rate every published month again and compare' },
  ]
  return drawSteps(steps, { workspace, folder, terminal })
}

type StepsOf = { readonly workspace: string; readonly folder: string; readonly terminal: Terminal }

function drawSteps(steps: ReadonlyArray<Step>, { workspace, folder, terminal }: StepsOf): string {
  const { bold, cyan, dim } = terminal.colours
  const spillway = `${launcher(folder, terminal)} -C ${wordFrom(terminal, workspace)}`
  const lines = steps.map(
    ({ command, shows }) =>
      `  ${dim(`# ${shows}`)}\n  ${cyan(continued(`${spillway} ${command}`, terminal.width - 2))}\n`,
  )
  return `\n${bold('Try next')}\n\n${lines.join('\n')}`
}

function wordFrom({ directory }: Terminal, path: string): string {
  return shellWord(shortestPath(directory, path))
}

/** On two lines where one is too long: a shell reads on after the backslash. Breaks before an option of the command. */
function continued(command: string, width: number): string {
  if (command.length <= width) return command
  const fitting = command.slice(0, width - 1).lastIndexOf(' -')
  const at = fitting > command.indexOf(' -C ') ? fitting : command.lastIndexOf(' -')
  return at === -1 ? command : `${command.slice(0, at)} \\\n    ${command.slice(at + 1)}`
}

/** `npx spillway` works inside the repository; elsewhere npx has to be told where that is. */
function launcher(folder: string, { directory }: Terminal): string {
  const repository = join(folder, '..', '..')
  const inside = relative(repository, directory)
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))
    ? 'npx spillway'
    : `npx --prefix ${shellWord(repository)} spillway`
}

/** From here where that does not climb, else absolute. */
function shortestPath(from: string, path: string): string {
  const near = relative(from, path)
  return near === '' ? '.' : near === '..' || near.startsWith(`..${sep}`) ? path : near
}

/** One word of a shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
