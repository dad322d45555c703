// What to try after the demo: commands that can be copied and run from the folder in which the demo was run.
import { isAbsolute, join, relative, sep } from 'node:path'
import type { Terminal } from '../terminal.ts'
import type { DemoCompany } from './company.ts'

/** A line to copy, and what it shows, for each; `workspace` is the demo's folder. */
export function nextSteps(
  workspace: string,
  { company, terminal }: { readonly company: DemoCompany; readonly terminal: Terminal },
): string {
  const { bold, cyan, dim } = terminal.colours
  const from = (path: string) => shellWord(shortestPath(terminal.directory, path))
  const spillway = `${launcher(company, terminal)} -C ${from(workspace)}`
  const { lastPeriod } = company
  const steps: (readonly [string, string])[] = [
    ...company.explain
      .slice(0, 1)
      .map(
        ({ service, period }) =>
          [
            `explain ${shellWord(service)} -p ${period}`,
            'why one line carries what it carries, down to file and line',
          ] as const,
      ),
    ...company.simulate
      .slice(0, 1)
      .map(
        ({ file, period }) =>
          [
            `simulate -p ${period} -f ${from(join(company.folder, file))}`,
            'who gains and who loses under another policy',
          ] as const,
      ),
    [`report charges --by person -p ${lastPeriod}`, 'what each person costs'],
    [`report pools -p ${lastPeriod}`, 'allowance, use and cost of every pool'],
    ['check', 'compute every published figure again and compare'],
  ]
  const lines = steps.map(
    ([command, what]) => `  ${dim(`# ${what}`)}\n  ${cyan(continued(`${spillway} ${command}`, terminal.width - 2))}\n`,
  )
  return `\n${bold('Try next')}\n\n${lines.join('\n')}`
}

/** On two lines where one is too long: a shell reads on after the backslash. */
function continued(command: string, width: number): string {
  const at = command.lastIndexOf(' -')
  return command.length <= width || at === -1 ? command : `${command.slice(0, at)} \\\n    ${command.slice(at + 1)}`
}

/** `npx spillway` works inside the repository; elsewhere npx has to be told where that is. */
function launcher({ folder }: DemoCompany, { directory }: Terminal): string {
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
